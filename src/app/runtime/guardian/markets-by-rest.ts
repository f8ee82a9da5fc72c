import type { Candle } from "../../../core/domain/candle.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import type { BookTop } from "../../../core/domain/ticker.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { MarketData } from "../../../core/ports/market-data.ts";

/** REST tells no more trades at once. */
export const MOST_TOLD = 1_000;
/** After an answer that did not come, ms. */
export const RETRY_MS = 1_000;

/** Each rejects when the exchange does not answer. */
export interface MarketsByRest {
  /** How much was traded in this minute and the last: a fifth of what the trades themselves cost. */
  minutes(symbol: MarketSymbol, signal: AbortSignal): Promise<readonly Candle[]>;
  /** The latest trades, oldest first, as far back as the exchange tells. */
  trades(symbol: MarketSymbol, signal: AbortSignal): Promise<readonly PublicTrade[]>;
  /** The best prices of every market there is; they cost no more than those of one. */
  tops(signal: AbortSignal): Promise<readonly BookTop[]>;
}

export function createMarketsByRest(data: MarketData): MarketsByRest {
  return {
    minutes: (symbol, signal) => data.fetchCandles({ symbol, interval: "1m", limit: 2 }, signal),
    trades: async (symbol, signal) => (await data.fetchTrades(symbol, MOST_TOLD, signal)).toReversed(),
    tops: (signal) => data.fetchBookTops(signal),
  };
}

/** Asks for the trades again and again. @returns undefined when the exchange did not tell before it was stopped */
export async function untilTold(
  rest: MarketsByRest,
  clock: Clock,
  symbol: MarketSymbol,
  signal: AbortSignal,
): Promise<readonly PublicTrade[] | undefined> {
  while (!signal.aborted) {
    try {
      return await rest.trades(symbol, signal);
    } catch {
      await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
  return undefined;
}
