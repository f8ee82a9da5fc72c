import type { CandleInterval } from "../../core/domain/candle.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { MarketEvent, MarketFeed, MarketTopic, Subscription } from "../../core/ports/market-feed.ts";
import type { AppStore } from "../store/create-store.ts";
import { CANDLES_KEPT, candlesLoaded, marketSelected, TAPE_LENGTH, tapeLoaded } from "../store/market-slice.ts";

export interface MarketSelection {
  select(symbol: MarketSymbol, interval: CandleInterval): void;
  close(): void;
}

export interface MarketSelectionParts {
  readonly store: AppStore;
  readonly feed: MarketFeed;
  readonly data: MarketData;
  readonly clock: Clock;
  readonly accept: (event: MarketEvent) => void;
  /** Runs background work; its failure is told to the trader. */
  readonly inBackground: (what: string, work: (signal: AbortSignal) => Promise<void>) => void;
}

/** Keeps book, tape and candles of the store on the market the trader looks at, and lets go of the one before. */
export function createMarketSelection(parts: MarketSelectionParts): MarketSelection {
  const { store, feed, data, clock } = parts;
  let selected: { readonly symbol: MarketSymbol; readonly interval: CandleInterval } | undefined;
  /** Book and trades; they go on when only the interval changes. */
  let ofSymbol: readonly Subscription[] = [];
  let ofInterval: Subscription | undefined;

  function close(): void {
    for (const subscription of ofSymbol) subscription.close();
    ofInterval?.close();
    ofSymbol = [];
    ofInterval = undefined;
    selected = undefined;
  }

  function select(symbol: MarketSymbol, interval: CandleInterval): void {
    const isSameSymbol = selected?.symbol === symbol;
    if (isSameSymbol && selected?.interval === interval) return;
    if (isSameSymbol) ofInterval?.close();
    else close();
    selected = { symbol, interval };
    store.dispatch(marketSelected({ symbol, interval }));
    if (!isSameSymbol) {
      const topics: readonly MarketTopic[] = [
        { kind: "trades", symbol },
        { kind: "book", symbol },
      ];
      ofSymbol = topics.map((topic) => feed.subscribe(topic, parts.accept));
    }
    ofInterval = feed.subscribe({ kind: "candles", symbol, interval }, parts.accept);
    parts.inBackground(`loading candles of ${symbol}`, async (signal) => {
      const candles = await data.fetchCandles({ symbol, interval, limit: CANDLES_KEPT }, signal);
      store.dispatch(candlesLoaded({ candles, at: clock.now() }));
    });
    if (isSameSymbol) return;
    parts.inBackground(`loading trades of ${symbol}`, async (signal) => {
      const trades = await data.fetchTrades(symbol, TAPE_LENGTH, signal);
      store.dispatch(tapeLoaded({ trades, at: clock.now() }));
    });
  }

  return { select, close };
}
