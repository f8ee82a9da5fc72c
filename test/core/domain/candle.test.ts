import { expect, it } from "vitest";
import { applyTradeToCandle, candleOpenTime, intervalLengthMs } from "../../../src/core/domain/candle.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";

it("starts intervals on their boundary", () => {
  expect(candleOpenTime(119_999, 60_000)).toBe(60_000);
  expect(candleOpenTime(120_000, 60_000)).toBe(120_000);
  expect(intervalLengthMs("1h")).toBe(3_600_000);
  expect(intervalLengthMs("1M")).toBeUndefined();
});

it("builds open, high, low, close and exact volumes from trades", () => {
  const trade = (at: string, amount: string) => ({
    symbol: marketSymbol("BTCUSDT"),
    price: price(at),
    quantity: quantity(amount),
    side: "buy" as const,
    at: 60_000,
  });
  const first = applyTradeToCandle(undefined, trade("10", "0.1"), "1m", 60_000);
  const high = applyTradeToCandle(first, trade("12", "0.2"), "1m", 60_000);
  const last = applyTradeToCandle(high, trade("9", "0.3"), "1m", 60_000);
  expect(last).toMatchObject({
    open: price("10"),
    high: price("12"),
    low: price("9"),
    close: price("9"),
    baseVolume: quantity("0.6"),
    quoteVolume: notional("6.1"),
  });
  expect(applyTradeToCandle(last, trade("8", "1"), "1m", 120_000)).toMatchObject({
    open: price("8"),
    openTime: 120_000,
  });
});
