import type { Candle } from "../../src/core/domain/candle.ts";
import { add, maximum, minimum, notionalOf, ZERO_NOTIONAL, ZERO_QUANTITY } from "../../src/core/domain/money.ts";
import type { PublicTrade } from "../../src/core/domain/public-trade.ts";

const MINUTE_MS = 60_000;

/** The minute candles that trades make, by this test's own reckoning. Volumes are exact sums of the trades. */
export function candlesOfTrades(trades: readonly PublicTrade[]): readonly Candle[] {
  const candles = new Map<number, Candle>();
  for (const trade of trades) {
    const openTime = trade.at - (trade.at % MINUTE_MS);
    candles.set(openTime, extend(candles.get(openTime) ?? beginning(trade, openTime), trade));
  }
  return [...candles.values()];
}

function beginning({ symbol, price }: PublicTrade, openTime: number): Candle {
  const rates = { open: price, high: price, low: price, close: price };
  return { symbol, interval: "1m", openTime, ...rates, baseVolume: ZERO_QUANTITY, quoteVolume: ZERO_NOTIONAL };
}

function extend(candle: Candle, { price, quantity }: PublicTrade): Candle {
  return {
    ...candle,
    high: maximum(candle.high, price),
    low: minimum(candle.low, price),
    close: price,
    baseVolume: add(candle.baseVolume, quantity),
    quoteVolume: add(candle.quoteVolume, notionalOf(price, quantity, "half-even")),
  };
}
