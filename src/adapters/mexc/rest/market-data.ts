import { z } from "zod";
import type { CandleInterval } from "../../../core/domain/candle.ts";
import { intervalLengthMs } from "../../../core/domain/candle.ts";
import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { MarketData } from "../../../core/ports/market-data.ts";
import { instrumentSchema, toInstrument } from "../to-domain/instrument.ts";
import {
  bookTopSchema,
  candleSchema,
  depthSchema,
  tickerSchema,
  toBookTop,
  toCandle,
  toLevel,
  toPublicTrade,
  toTicker,
  tradeSchema,
} from "../to-domain/market.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";
import { faultOf } from "./error-table.ts";
import type { Lane } from "./request-cost.ts";
import { readRows } from "../to-domain/unreadable.ts";
import type { Params } from "./sign.ts";
import { fetchTradingLists } from "./trading-lists.ts";

const INTERVALS: Readonly<Record<CandleInterval, string>> = {
  "1m": "1m",
  "5m": "5m",
  "15m": "15m",
  "30m": "30m",
  "1h": "60m",
  "4h": "4h",
  "1d": "1d",
  "1w": "1W",
  "1M": "1M",
};

export interface MarketDataParts {
  readonly client: RestClient;
  readonly now: () => number;
  /** A row of a list that cannot be read; the other rows stand. */
  readonly onPoison: (what: string) => void;
  /** The lane of every question here; that of market data when absent. */
  readonly lane?: Lane;
}

export function createMarketData({ client, now, onPoison, lane }: MarketDataParts): MarketData {
  const get = <T extends z.ZodType>(path: string, params: Params, schema: T, what: string, signal: AbortSignal) => {
    const call = { method: "GET", path: `/api/v3/${path}`, params, signed: false, signal } as const;
    return ask(client, lane === undefined ? call : { ...call, lane }, schema, what);
  };

  return {
    async fetchClockOffset(signal) {
      const measured = await client.measureClockOffset(signal);
      if (measured.kind !== "ok") throw faultOf(measured, "asking the exchange's time");
      return measured.offsetMs ?? 0;
    },
    async fetchInstruments(symbols, signal) {
      const params =
        symbols === undefined ? {} : symbols.length === 1 ? { symbol: symbols[0] } : { symbols: symbols.join(",") };
      const schema = z.object({ symbols: z.array(z.unknown()) });
      const [{ symbols: rows }, lists] = await Promise.all([
        get("exchangeInfo", params, schema, "asking the markets' rules", signal),
        fetchTradingLists({ client, now, onPoison }, signal),
      ]);
      if (symbols !== undefined && rows.length === 0) throw symbolUnknown(symbols);
      // Of all two thousand one may be odd; one that was asked for by name may not.
      const skip = symbols === undefined ? onPoison : undefined;
      return readRows(rows, (row) => toInstrument(instrumentSchema.parse(row), lists), skip);
    },
    async fetchBook(symbol, limit, signal) {
      const depth = await get("depth", { symbol, limit }, depthSchema, `asking the book of ${symbol}`, signal);
      return {
        symbol,
        bids: depth.bids.map(toLevel),
        asks: depth.asks.map(toLevel),
        state: "live",
        at: depth.timestamp ?? now(),
      };
    },
    async fetchBookTop(symbol, signal) {
      const top = await get("ticker/bookTicker", { symbol }, bookTopSchema, `asking the top of ${symbol}`, signal);
      return toBookTop(top, now());
    },
    async fetchBookTops(signal) {
      const rows = await get("ticker/bookTicker", {}, z.array(z.unknown()), "asking the tops of all markets", signal);
      return readRows(rows, (row) => toBookTop(bookTopSchema.parse(row), now()), onPoison);
    },
    async fetchTrades(symbol, limit, signal) {
      const rows = await get(
        "trades",
        { symbol, limit },
        z.array(z.unknown()),
        `asking the trades of ${symbol}`,
        signal,
      );
      return readRows(rows, (row) => toPublicTrade(symbol, tradeSchema.parse(row)), onPoison);
    },
    async fetchCandles({ symbol, interval, limit, until }, signal) {
      const span = (intervalLengthMs(interval) ?? 31 * 86_400_000) * limit;
      // The exchange ignores a start without an end.
      const window = until === undefined ? {} : { startTime: until - span, endTime: until };
      const params = { symbol, interval: INTERVALS[interval], limit, ...window };
      const rows = await get("klines", params, z.array(z.unknown()), `asking the candles of ${symbol}`, signal);
      return readRows(rows, (row) => toCandle(symbol, interval, candleSchema.parse(row)), onPoison);
    },
    async fetchTickers(symbol, signal) {
      const params = symbol === undefined ? {} : { symbol };
      const answer = await get("ticker/24hr", params, z.unknown(), "asking the tickers", signal);
      const rows: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
      const skip = symbol === undefined ? onPoison : undefined;
      return readRows(rows, (row) => toTicker(tickerSchema.parse(row), now()), skip);
    },
  };
}

function symbolUnknown(symbols: readonly MarketSymbol[]): AppError {
  return new AppError({
    code: "SYMBOL_UNKNOWN",
    message: `The exchange lists no ${safeText(symbols.join(", "), 80)}.`,
    notDone: "Nothing was sent.",
    hint: "See `tapedeck market ls`.",
    exitCode: EXIT_CODES.usage,
  });
}
