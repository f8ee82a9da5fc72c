import type { CandleInterval } from "../../core/domain/candle.ts";
import { intervalLengthMs } from "../../core/domain/candle.ts";
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
  /** When the newest candle that was streamed opened. */
  let lastOpenTime: number | undefined;
  /** Candles are missing that the stream will not tell any more. */
  let hasHole = false;
  let wasLost = false;
  const states = feed.onConnection((state) => {
    wasLost ||= state.kind === "waiting";
    if (state.kind !== "connected" || !wasLost) return;
    wasLost = false;
    if (selected !== undefined) loadCandles(selected.symbol, selected.interval);
  });

  function loadCandles(symbol: MarketSymbol, interval: CandleInterval): void {
    hasHole = false;
    parts.inBackground(`loading candles of ${symbol}`, async (signal) => {
      try {
        const candles = await data.fetchCandles({ symbol, interval, limit: CANDLES_KEPT }, signal);
        store.dispatch(candlesLoaded({ candles, at: clock.now() }));
      } catch (cause) {
        if (selected?.symbol === symbol && selected.interval === interval) hasHole = true;
        throw cause;
      }
    });
  }

  function acceptCandle(event: MarketEvent, symbol: MarketSymbol, interval: CandleInterval): void {
    if (event.type === "candle") {
      const { openTime } = event.candle;
      const stepMs = lastOpenTime === undefined ? 0 : openTime - lastOpenTime;
      const lengthMs = intervalLengthMs(interval) ?? Number.POSITIVE_INFINITY;
      if (stepMs > lengthMs || (stepMs > 0 && hasHole)) loadCandles(symbol, interval);
      lastOpenTime = Math.max(openTime, lastOpenTime ?? 0);
    }
    parts.accept(event);
  }

  function letGo(): void {
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
    else letGo();
    selected = { symbol, interval };
    store.dispatch(marketSelected({ symbol, interval }));
    if (!isSameSymbol) {
      const topics: readonly MarketTopic[] = [
        { kind: "trades", symbol },
        { kind: "book", symbol },
      ];
      ofSymbol = topics.map((topic) => feed.subscribe(topic, parts.accept));
    }
    lastOpenTime = undefined;
    ofInterval = feed.subscribe({ kind: "candles", symbol, interval }, (event) => {
      acceptCandle(event, symbol, interval);
    });
    loadCandles(symbol, interval);
    if (isSameSymbol) return;
    parts.inBackground(`loading trades of ${symbol}`, async (signal) => {
      const trades = await data.fetchTrades(symbol, TAPE_LENGTH, signal);
      store.dispatch(tapeLoaded({ trades, at: clock.now() }));
    });
  }

  return {
    select,
    close() {
      letGo();
      states.close();
    },
  };
}
