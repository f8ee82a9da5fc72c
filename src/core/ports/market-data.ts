import type { Book } from "../domain/book.ts";
import type { Candle, CandleInterval } from "../domain/candle.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { PublicTrade } from "../domain/public-trade.ts";
import type { BookTop, Ticker } from "../domain/ticker.ts";

/** Public questions. Each throws AppError: SYMBOL_UNKNOWN for a symbol the exchange does not list, else unavailable. */
export interface MarketData {
  /** The exchange's clock minus ours, in ms. */
  fetchClockOffset(signal: AbortSignal): Promise<number>;
  /**
   * The rules of markets, with whether they take orders as far as the exchange tells: by its own flags, by its lists of
   * markets for the API and of markets that end, and by the list of our key where there is one.
   */
  fetchInstruments(symbols: readonly MarketSymbol[] | undefined, signal: AbortSignal): Promise<readonly Instrument[]>;
  /** @param limit levels a side; the exchange caps it at 2,000. */
  fetchBook(symbol: MarketSymbol, limit: number, signal: AbortSignal): Promise<Book>;
  fetchBookTop(symbol: MarketSymbol, signal: AbortSignal): Promise<BookTop>;
  /** Of every market there is; for the exchange it weighs as much as the top of one. */
  fetchBookTops(signal: AbortSignal): Promise<readonly BookTop[]>;
  /** Newest first, at most 1,000. */
  fetchTrades(symbol: MarketSymbol, limit: number, signal: AbortSignal): Promise<readonly PublicTrade[]>;
  /** Oldest first, at most 500 however many are asked for. */
  fetchCandles(
    query: {
      readonly symbol: MarketSymbol;
      readonly interval: CandleInterval;
      readonly limit: number;
      readonly until?: Timestamp;
    },
    signal: AbortSignal,
  ): Promise<readonly Candle[]>;
  fetchTickers(symbol: MarketSymbol | undefined, signal: AbortSignal): Promise<readonly Ticker[]>;
}
