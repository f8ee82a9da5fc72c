import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import type { WatchedMarket, WatchState } from "../../../core/domain/guard-lease.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Subscription } from "../../../core/ports/market-feed.ts";
import type { SeenTrades } from "./seen-trades.ts";
import { createSeenTrades } from "./seen-trades.ts";
import type { Silence } from "./silence.ts";
import { createSilence } from "./silence.ts";

/** One market under watch, as far as it is seen. */
export interface Watched {
  readonly symbol: MarketSymbol;
  readonly trades: SeenTrades;
  /** Since the channel last told anything; before that, since it was asked to. */
  readonly silence: { readonly trades: Silence; readonly top: Silence };
  subscriptions: readonly Subscription[];
  state: WatchState;
  /** The stream of best prices has told since it was last lost. */
  hasTop: boolean;
  /** Until when every trade was seen, by the exchange's clock. */
  seenUntil: ExchangeTime | undefined;
  /** Since when something may be missing that is still being asked for. */
  hiddenSince: ExchangeTime | undefined;
  /** Whether this holder has watched it before: then a short break is no gap. */
  wasWatched: boolean;
  /** This process stood still; what passed meanwhile is not looked into yet. */
  hasSlept: boolean;
  quote: Observation | undefined;
  /** What the stream tells while what was before is asked for. */
  waiting: Heard[];
}

/** An observation, and the trade it comes from where it does. */
export interface Heard {
  readonly observation: Observation;
  readonly trade?: PublicTrade;
}

/** @param seenUntil until when whoever guarded before has seen it */
export function createWatched(symbol: MarketSymbol, seenUntil: ExchangeTime | undefined, clock: Clock): Watched {
  return {
    ...{ symbol, trades: createSeenTrades() },
    silence: { trades: createSilence(clock), top: createSilence(clock) },
    ...{ subscriptions: [], state: "waiting", hasTop: false, seenUntil, hiddenSince: undefined },
    ...{ wasWatched: false, hasSlept: false, quote: undefined, waiting: [] },
  };
}

/** As others may know it. */
export function viewOf({ state, hiddenSince, seenUntil: until, quote }: Watched): WatchedMarket {
  const seenUntil = hiddenSince ?? until;
  const lastPrice = quote?.last ?? quote?.bid;
  return {
    state,
    ...(seenUntil === undefined ? {} : { seenUntil }),
    ...(lastPrice === undefined ? {} : { lastPrice }),
  };
}

type Prices = Partial<Pick<Observation, "last" | "bid" | "ask">>;

export function notePrices(market: Watched, { last, bid, ask }: Prices, clock: Clock): void {
  const prices = {
    ...(last === undefined ? {} : { last }),
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
  };
  market.quote = { ...market.quote, ...prices, at: clock.now() };
}
