import { describe, expect, it } from "vitest";
import { price, quantity, toDrawingNumber } from "../../src/core/domain/money.ts";
import { INTERVALS, closeTimeOf, openTimeOf } from "../../src/simulator/engine/intervals.ts";
import { CATALOGUE } from "../../src/simulator/market/catalogue.ts";
import { runSimulation } from "./simulation-run.ts";
import { START } from "./small-exchange.ts";

describe("the seeded market", () => {
  it("has a catalogue of at least sixty distinct symbols with the odd ones in it", () => {
    const { exchange } = runSimulation({ symbolCount: 60 });
    const instruments = [...exchange.markets.values()].map((market) => market.instrument);
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(60);
    expect(exchange.markets.size).toBe(60);
    expect(instruments.some((one) => one.symbol === "龙虾USDT")).toBe(true);
    expect(instruments.filter((one) => !one.spotTradingAllowed)).toHaveLength(1);
    expect(instruments.filter((one) => one.specialTreatment)).toHaveLength(1);
    expect(new Set(instruments.map((one) => one.quoteAsset))).toEqual(new Set(["USDT", "BTC", "USDC", "ETH"]));
    for (const market of exchange.markets.values()) {
      for (const side of ["BUY", "SELL"] as const) expect(market.book.top(side, 100).length).toBeGreaterThan(40);
    }
  });

  it("does the same for the same seed, and something else for another", () => {
    const played = (seed: number): unknown => {
      const run = runSimulation({ seed });
      run.pass(10_000);
      return run.tape.map(({ symbol, trade }) => [symbol, trade.time, trade.price, trade.quantity, trade.takerSide]);
    };
    const first = played(7);
    expect(played(7)).toEqual(first);
    expect(played(8)).not.toEqual(first);
  });

  it("is lively at the top, never crossed, and tape, last price and candles agree", () => {
    const run = runSimulation();
    const market = run.exchange.market("BTCUSDT");
    const versionBefore = market.book.version;
    for (let second = 0; second < 60; second += 1) {
      run.pass(1_000);
      for (const { book } of run.exchange.markets.values()) {
        expect((book.best("BUY")?.price ?? 0n) < (book.best("SELL")?.price ?? 0n)).toBe(true);
      }
    }
    const trades = run.tape.filter(({ symbol }) => symbol === "BTCUSDT").map(({ trade }) => trade);
    expect(trades.length).toBeGreaterThan(120);
    expect(market.book.version - versionBefore).toBeGreaterThan(600);
    expect(market.lastPrice).toBe(trades[trades.length - 1]?.price);
    const live = market.candles.rows(INTERVALS[0]!).filter((row) => row.openTime >= openTimeOf(INTERVALS[0]!, START));
    const volume = trades.reduce((sum, trade) => sum + trade.quantity, 0n);
    expect(live.reduce((sum, row) => sum + row.volume, 0n)).toBe(volume);
    expect(toDrawingNumber(market.lastPrice)).toBeGreaterThan(63_000);
    expect(toDrawingNumber(market.lastPrice)).toBeLessThan(67_000);
  });

  it("moves through the book when told to, and fills who stands in the way", () => {
    const run = runSimulation();
    const { exchange } = run;
    exchange.deposit("me", "BTC", quantity("1"));
    const market = exchange.market("BTCUSDT");
    const order = exchange.place("me", {
      symbol: "BTCUSDT",
      side: "SELL",
      type: "LIMIT",
      quantity: quantity("0.1"),
      price: price("66500"),
      quoteOrderQty: undefined,
      clientOrderId: undefined,
    });
    run.simulation.move("BTCUSDT", price("67000.01"));
    expect(order.status).toBe("FILLED");
    expect(market.lastPrice).toBe(price("67000.01"));
    run.pass(1_000);
    expect(Math.abs(toDrawingNumber(market.lastPrice) - 67_000)).toBeLessThan(100);
    run.simulation.move("BTCUSDT", price("61000"));
    expect(market.lastPrice).toBe(price("61000"));
    expect((market.book.best("BUY")?.price ?? 0n) < (market.book.best("SELL")?.price ?? 0n)).toBe(true);
  });
});

describe("invented history", () => {
  const run = runSimulation();
  const { candles, lastPrice } = run.exchange.market("ETHUSDT");

  it.each(INTERVALS)("of $rest is contiguous and sound", (interval) => {
    const rows = candles.rows(interval);
    expect(rows.length).toBeGreaterThanOrEqual(interval.lengthMs === undefined ? 12 : 60);
    for (const [at, row] of rows.entries()) {
      expect(openTimeOf(interval, row.openTime)).toBe(row.openTime);
      expect(row.low <= row.open && row.low <= row.close && row.high >= row.open && row.high >= row.close).toBe(true);
      const next = rows[at + 1];
      if (next !== undefined) {
        expect(next.openTime).toBe(closeTimeOf(interval, row.openTime));
        expect(next.open).toBe(row.close);
      }
    }
    expect(rows[rows.length - 1]?.close).toBe(lastPrice);
  });

  it("has 500 rows or more of every length up to an hour", () => {
    for (const interval of INTERVALS.slice(0, 5)) expect(candles.rows(interval).length).toBeGreaterThanOrEqual(500);
  });

  it("adds up: a day's row is the sum of its minutes", () => {
    const hour = INTERVALS[4]!;
    const last = candles.rows(hour).at(-2)!;
    const minutes = candles
      .rows(INTERVALS[0]!)
      .filter((row) => row.openTime >= last.openTime && row.openTime < last.openTime + 3_600_000);
    expect(minutes).toHaveLength(60);
    expect(minutes.reduce((sum, row) => sum + row.volume, 0n)).toBe(last.volume);
  });
});
