import { describe, expect, it } from "vitest";
import { INTERVALS } from "../../../src/simulator/engine/intervals.ts";
import type { Interval } from "../../../src/simulator/engine/intervals.ts";
import { CATALOGUE } from "../../../src/simulator/market/catalogue.ts";
import { createHistory } from "../../../src/simulator/market/history.ts";
import { createInstrument, openingPriceOf } from "../../../src/simulator/market/instruments.ts";
import { Random } from "../../../src/simulator/random.ts";
import { runSimulation } from "../simulation-run.ts";
import { START } from "../small-exchange.ts";

const MINUTES = INTERVALS[0] as Interval;
const DAY = 86_400_000;

describe("an exchange as wide as the venue", () => {
  it("has 2,000 distinct markets with sensible steps, mostly against USDT", () => {
    const symbols = new Set(CATALOGUE.map(({ base, quote }) => base + quote));
    expect(symbols.size).toBe(2_000);
    const share = CATALOGUE.filter(({ quote }) => quote === "USDT").length / CATALOGUE.length;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.85);
    for (const { base, price, priceDecimals, quantityDecimals } of CATALOGUE) {
      // At least a hundred ticks to a price, and nothing finer than money can hold.
      expect(price * 10 ** priceDecimals, base).toBeGreaterThanOrEqual(100);
      expect(priceDecimals + quantityDecimals, base).toBeLessThanOrEqual(17);
    }
  });

  it("opens all of them with two-sided books that do not cross", () => {
    const { exchange } = runSimulation({ symbolCount: 2_000 });
    expect(exchange.markets.size).toBe(2_000);
    for (const { symbol, book } of exchange.markets.values()) {
      const [bid, ask] = [book.best("BUY"), book.best("SELL")];
      expect(bid, symbol).toBeDefined();
      expect(ask, symbol).toBeDefined();
      expect((bid?.price ?? 0n) < (ask?.price ?? 0n), symbol).toBe(true);
    }
  });

  it.each(["BTCUSDT", "PEPEUSDT", "龙虾USDT"])("tells of %s's day what its minutes add up to", (symbol) => {
    const row = CATALOGUE.find(({ base, quote }) => base + quote === symbol);
    if (row === undefined) throw new Error(`the catalogue has no ${symbol}`);
    const instrument = createInstrument(row, START);
    const history = createHistory({
      instrument,
      row,
      closingPrice: openingPriceOf(row, new Random(1)),
      endTime: START,
      random: new Random(2),
    });
    for (const from of [START - DAY, START - DAY + 60_000, START - 90_000]) {
      const minutes = history.rows(MINUTES).filter(({ openTime }) => openTime >= from && openTime < START);
      const day = history.minutes(from, START);
      expect(day?.open).toBe(minutes[0]?.open);
      expect(day?.high).toBe(minutes.reduce((most, { high }) => (high > most ? high : most), 0n));
      expect(day?.low).toBe(minutes.reduce((least, { low }) => (low < least ? low : least), minutes[0]?.low ?? 0n));
      expect(day?.volume).toBe(minutes.reduce((sum, { volume }) => sum + volume, 0n));
      expect(day?.quoteVolume).toBe(minutes.reduce((sum, { quoteVolume }) => sum + quoteVolume, 0n));
    }
    expect(history.minutes(START, START + DAY)).toBeUndefined();
  });
});
