import type { Candle } from "../../../src/core/domain/candle.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";

/** A candle of BTCUSDT that opened at a minute. */
export function candleAt(minute: number, over: Partial<Candle> = {}): Candle {
  return {
    symbol: marketSymbol("BTCUSDT"),
    interval: "1m",
    openTime: minute * 60_000,
    open: price("1"),
    high: price("1"),
    low: price("1"),
    close: price("1"),
    baseVolume: quantity("1"),
    quoteVolume: notional("1"),
    ...over,
  };
}
