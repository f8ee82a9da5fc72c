import type { UnknownAction } from "@reduxjs/toolkit";
import { createAction } from "@reduxjs/toolkit";
import type { Book } from "../../core/domain/book.ts";
import type { Candle, CandleInterval } from "../../core/domain/candle.ts";
import type { MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import type { PublicTrade } from "../../core/domain/public-trade.ts";
import type { BookTop, Ticker } from "../../core/domain/ticker.ts";
import type { TickerTable } from "./ticker-table.ts";
import { createTickerTable, withTickers } from "./ticker-table.ts";

/** Prints kept for the tape, and candles kept for the chart. */
export const TAPE_LENGTH = 200;
export const CANDLES_KEPT = 500;

export interface MarketState {
  readonly tickers: TickerTable;
  /** When any ticker last arrived, by our clock. */
  readonly tickersAt: Timestamp | undefined;
  /** The market the panels follow. */
  readonly selected: MarketSymbol | undefined;
  readonly interval: CandleInterval;
  readonly book: Book | undefined;
  /** When the book was last proven live, by our clock: what has stopped goes on ageing, whatever its state becomes. */
  readonly bookAt: Timestamp | undefined;
  readonly top: BookTop | undefined;
  /** When the top was true, by our clock. */
  readonly topAt: Timestamp | undefined;
  /** Newest first. */
  readonly tape: readonly PublicTrade[];
  readonly tapeAt: Timestamp | undefined;
  /** Oldest first, the one under way last; undefined until fetched. */
  readonly candles: readonly Candle[] | undefined;
  readonly candlesAt: Timestamp | undefined;
}

/** All that arrived since the last frame, already conflated. One of these a frame, at most. */
export interface MarketFrame {
  readonly at: Timestamp;
  readonly tickers?: readonly Ticker[];
  readonly book?: Book;
  readonly top?: BookTop;
  /** In the exchange's order, oldest first. */
  readonly trades?: readonly PublicTrade[];
  readonly candles?: readonly Candle[];
}

export const marketFrameArrived = createAction<MarketFrame>("market/frameArrived");
export const marketSelected = createAction<{ readonly symbol: MarketSymbol; readonly interval: CandleInterval }>(
  "market/selected",
);
/** History from REST, put together with whatever the stream brought. */
export const candlesLoaded = createAction<{ readonly candles: readonly Candle[]; readonly at: Timestamp }>(
  "market/candlesLoaded",
);
export const tapeLoaded = createAction<{ readonly trades: readonly PublicTrade[]; readonly at: Timestamp }>(
  "market/tapeLoaded",
);

const INITIAL: Omit<MarketState, "tickers"> = {
  tickersAt: undefined,
  selected: undefined,
  interval: "1m",
  book: undefined,
  bookAt: undefined,
  top: undefined,
  topAt: undefined,
  tape: [],
  tapeAt: undefined,
  candles: undefined,
  candlesAt: undefined,
};

/** Written by hand instead of through Immer: this runs every frame, over thousands of rows. */
export function marketReducer(
  state: MarketState = { ...INITIAL, tickers: createTickerTable() },
  action: UnknownAction,
): MarketState {
  if (marketFrameArrived.match(action)) return applyFrame(state, action.payload);
  if (marketSelected.match(action)) {
    const { symbol, interval } = action.payload;
    const sameSymbol = symbol === state.selected;
    return {
      ...state,
      selected: symbol,
      interval,
      candles: undefined,
      candlesAt: undefined,
      ...(sameSymbol
        ? {}
        : {
            book: undefined,
            bookAt: undefined,
            top: undefined,
            topAt: undefined,
            tape: [],
            tapeAt: undefined,
          }),
    };
  }
  if (candlesLoaded.match(action)) return applyCandleHistory(state, action.payload.candles, action.payload.at);
  if (tapeLoaded.match(action)) return applyTapeHistory(state, action.payload.trades, action.payload.at);
  return state;
}

function applyFrame(state: MarketState, frame: MarketFrame): MarketState {
  const next: { -readonly [K in keyof MarketState]: MarketState[K] } = { ...state };
  if (frame.tickers !== undefined) {
    next.tickers = withTickers(state.tickers, frame.tickers);
    next.tickersAt = frame.at;
  }
  if (frame.book !== undefined && frame.book.symbol === state.selected) {
    next.book = frame.book;
    if (frame.book.state === "live") next.bookAt = frame.at;
  }
  if (frame.top !== undefined && frame.top.symbol === state.selected) {
    next.top = frame.top;
    next.topAt = frame.at;
  }
  const trades = frame.trades?.filter((trade) => trade.symbol === state.selected) ?? [];
  if (trades.length > 0) {
    next.tape = [...trades.slice(-TAPE_LENGTH).reverse(), ...state.tape].slice(0, TAPE_LENGTH);
    next.tapeAt = frame.at;
  }
  for (const candle of frame.candles ?? []) {
    if (candle.symbol !== state.selected || candle.interval !== state.interval) continue;
    next.candles = withCandle(next.candles ?? [], candle);
    next.candlesAt = frame.at;
  }
  return next;
}

function withCandle(candles: readonly Candle[], candle: Candle): readonly Candle[] {
  const last = candles.at(-1);
  if (last === undefined || candle.openTime > last.openTime) return [...candles, candle].slice(-CANDLES_KEPT);
  if (candle.openTime === last.openTime) return [...candles.slice(0, -1), candle];
  return candles.map((held) => (held.openTime === candle.openTime ? candle : held));
}

/** Both may have what the other lacks. Of two views of one candle the later is the one with more volume. */
function applyCandleHistory(state: MarketState, history: readonly Candle[], at: Timestamp): MarketState {
  const own = history.filter((candle) => candle.symbol === state.selected && candle.interval === state.interval);
  const byOpenTime = new Map(own.map((candle) => [candle.openTime, candle]));
  for (const held of state.candles ?? []) {
    const read = byOpenTime.get(held.openTime);
    if (read === undefined || held.baseVolume >= read.baseVolume) byOpenTime.set(held.openTime, held);
  }
  const candles = [...byOpenTime.values()].sort((left, right) => left.openTime - right.openTime).slice(-CANDLES_KEPT);
  return { ...state, candles, candlesAt: state.candlesAt ?? at };
}

/** Not every print has an id, so each streamed one stands for one that looks the same among those that were read. */
function applyTapeHistory(state: MarketState, trades: readonly PublicTrade[], at: Timestamp): MarketState {
  const streamed = new Map<string, number>();
  for (const trade of state.tape) streamed.set(likenessOf(trade), (streamed.get(likenessOf(trade)) ?? 0) + 1);
  const missing = trades.filter((trade) => {
    if (trade.symbol !== state.selected) return false;
    const left = streamed.get(likenessOf(trade)) ?? 0;
    streamed.set(likenessOf(trade), left - 1);
    return left <= 0;
  });
  if (missing.length === 0) return state;
  const tape = [...state.tape, ...missing].sort((left, right) => right.at - left.at).slice(0, TAPE_LENGTH);
  return { ...state, tape, tapeAt: state.tapeAt ?? at };
}

function likenessOf({ at, price, quantity, side }: PublicTrade): string {
  return `${at} ${price} ${quantity} ${side}`;
}
