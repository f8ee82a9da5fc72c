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
  let subscriptions: readonly Subscription[] = [];
  let current = "";

  function select(symbol: MarketSymbol, interval: CandleInterval): void {
    if (current === `${symbol} ${interval}`) return;
    current = `${symbol} ${interval}`;
    for (const subscription of subscriptions) subscription.close();
    store.dispatch(marketSelected({ symbol, interval }));
    const topics: readonly MarketTopic[] = [
      { kind: "trades", symbol },
      { kind: "book", symbol },
      { kind: "candles", symbol, interval },
    ];
    subscriptions = topics.map((topic) => feed.subscribe(topic, parts.accept));
    parts.inBackground(`loading candles of ${symbol}`, async (signal) => {
      const candles = await data.fetchCandles({ symbol, interval, limit: CANDLES_KEPT }, signal);
      store.dispatch(candlesLoaded({ candles, at: clock.now() }));
    });
    parts.inBackground(`loading trades of ${symbol}`, async (signal) => {
      const trades = await data.fetchTrades(symbol, TAPE_LENGTH, signal);
      store.dispatch(tapeLoaded({ trades, at: clock.now() }));
    });
  }

  return {
    select,
    close() {
      for (const subscription of subscriptions) subscription.close();
      subscriptions = [];
      current = "";
    },
  };
}
