import type { Book } from "../../core/domain/book.ts";
import type { Candle } from "../../core/domain/candle.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { PublicTrade } from "../../core/domain/public-trade.ts";
import type { BookTop, Ticker } from "../../core/domain/ticker.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { MarketEvent } from "../../core/ports/market-feed.ts";
import type { AppStore } from "../store/create-store.ts";
import type { MarketFrame } from "../store/market-slice.ts";
import { marketFrameArrived, TAPE_LENGTH } from "../store/market-slice.ts";

/** Levels a side copied into a frame: more than any terminal has rows. */
const LEVELS_IN_FRAME = 60;

/**
 * Collapses the stream to frames: newest ticker a symbol, newest book, a bounded tape; at most one dispatch a frame
 * however much arrives. Only market data may be conflated like this.
 */
export interface MarketFrames {
  accept(event: MarketEvent): void;
  /** Sends what has gathered now. */
  flush(): void;
  close(): void;
}

export interface MarketFramesParts {
  readonly store: AppStore;
  readonly clock: Clock;
  readonly frameMs: number;
  /** Calls back once after the wait; returns its cancel. */
  readonly schedule: (run: () => void, waitMs: number) => () => void;
}

export function createMarketFrames({ store, clock, frameMs, schedule }: MarketFramesParts): MarketFrames {
  const tickers = new Map<MarketSymbol, Ticker>();
  let candles = new Map<string, Candle>();
  let trades: PublicTrade[] = [];
  let book: Book | undefined;
  let top: BookTop | undefined;
  let cancelTimer: (() => void) | undefined;

  function accept(event: MarketEvent): void {
    switch (event.type) {
      case "tickers":
        for (const ticker of event.tickers) tickers.set(ticker.symbol, ticker);
        break;
      case "trades":
        trades.push(...event.trades);
        if (trades.length > TAPE_LENGTH * 2) trades = trades.slice(-TAPE_LENGTH);
        break;
      case "book":
        // The ladder goes on changing under us, so the levels are copied at once.
        book = {
          symbol: event.symbol,
          bids: event.ladder.top("buy", LEVELS_IN_FRAME),
          asks: event.ladder.top("sell", LEVELS_IN_FRAME),
          state: event.state,
          at: event.at,
        };
        break;
      case "book-top":
        top = event.top;
        break;
      case "candle":
        candles.set(`${event.candle.symbol} ${event.candle.interval} ${event.candle.openTime}`, event.candle);
        break;
      case "refused":
        // Nothing to draw; the session tells the trader.
        return;
    }
    cancelTimer ??= schedule(flush, frameMs);
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const frame: MarketFrame = {
      at: clock.now(),
      ...(tickers.size === 0 ? {} : { tickers: [...tickers.values()] }),
      ...(book === undefined ? {} : { book }),
      ...(top === undefined ? {} : { top }),
      ...(trades.length === 0 ? {} : { trades }),
      ...(candles.size === 0 ? {} : { candles: [...candles.values()] }),
    };
    if (Object.keys(frame).length === 1) return;
    tickers.clear();
    candles = new Map();
    trades = [];
    book = undefined;
    top = undefined;
    store.dispatch(marketFrameArrived(frame));
  }

  return {
    accept,
    flush,
    close: () => {
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
