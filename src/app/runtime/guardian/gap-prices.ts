import type { CandleInterval } from "../../../core/domain/candle.ts";
import { CANDLE_INTERVALS, intervalLengthMs } from "../../../core/domain/candle.ts";
import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import { elapsedMs, exchangeTime } from "../../../core/domain/exchange-time.ts";
import type { PriceSpan } from "../../../core/domain/guarding/gap.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { MarketData } from "../../../core/ports/market-data.ts";

const MOST_TRADES = 1_000;
const MOST_CANDLES = 500;

/**
 * Every price that was traded since, as finely as the exchange still tells: its latest trades where they reach back that
 * far, else candles, of which the first may begin before. @throws AppError when the exchange does not answer.
 */
export async function fetchGapPrices(
  data: MarketData,
  symbol: MarketSymbol,
  gap: { readonly since: ExchangeTime; readonly until: ExchangeTime },
  signal: AbortSignal,
): Promise<readonly PriceSpan[]> {
  const trades = await data.fetchTrades(symbol, MOST_TRADES, signal);
  const oldest = trades.at(-1);
  const after = trades.filter(({ at }) => exchangeTime(at) > gap.since).reverse();
  const prints = after.map(({ price, at }): PriceSpan => ({ low: price, high: price, at: exchangeTime(at) }));
  if (oldest !== undefined && exchangeTime(oldest.at) <= gap.since) return prints;

  const interval = intervalFor(elapsedMs(gap.since, gap.until));
  const lengthMs = intervalLengthMs(interval) ?? 0;
  const candles = await data.fetchCandles({ symbol, interval, limit: MOST_CANDLES }, signal);
  const spans = candles
    .filter(({ openTime }) => exchangeTime(openTime + lengthMs) > gap.since)
    .map(({ low, high, openTime }): PriceSpan => ({ low, high, at: exchangeTime(openTime + lengthMs) }));
  // The candle under way may lag behind the newest prints.
  return [...spans, ...prints];
}

/** The finest of which as many as are told reach back that far. */
function intervalFor(durationMs: number): CandleInterval {
  const fine = CANDLE_INTERVALS.find(
    (interval) => (intervalLengthMs(interval) ?? 0) * (MOST_CANDLES - 1) >= durationMs,
  );
  return fine ?? "1d";
}
