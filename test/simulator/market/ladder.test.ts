import { describe, expect, it } from "vitest";
import { toDrawingNumber } from "../../../src/core/domain/money.ts";
import type { Market } from "../../../src/simulator/engine/market.ts";
import { Ladder } from "../../../src/simulator/market/ladder.ts";
import { Random } from "../../../src/simulator/random.ts";
import { runSimulation } from "../simulation-run.ts";

const SEED = 11;

/** Makers of a market that wanders for as many acts as makers have in some hours. */
function wander(priceTicks: number, acts: number, afterEach: (market: Market, tops: readonly number[]) => void): void {
  const { exchange } = runSimulation({ symbolCount: 1 });
  const market = exchange.market("BTCUSDT");
  for (const side of ["BUY", "SELL"] as const) {
    for (const level of market.book.top(side, 1_000)) for (const order of [...level.queue]) market.book.remove(order);
  }
  const random = new Random(SEED);
  const shape = { priceTicks, gapTicks: Math.max(1, priceTicks * 0.000_004), usualQuantity: 1 };
  const ladder = new Ladder(exchange, market, random, shape);
  let fair = priceTicks;
  ladder.rebuild(Math.floor(fair), Math.floor(fair) + 2);
  for (let act = 0; act < acts; act += 1) {
    fair = Math.max(2, fair * (1 + random.gaussian() * 0.000_02));
    const bid = Math.floor(fair);
    ladder.follow(bid, bid + 2);
    afterEach(market, [bid, bid + 2]);
  }
}

describe.each([6_500_000, 450])("the makers of a market worth %i ticks", (priceTicks) => {
  it("stay within sight of the price however long it wanders", () => {
    let widest = 0;
    let fewest = Number.POSITIVE_INFINITY;
    wander(priceTicks, 60_000, ({ book, instrument }) => {
      for (const side of ["BUY", "SELL"] as const) {
        const levels = book.top(side, 1_000);
        const [best, worst] = [levels[0], levels[levels.length - 1]];
        fewest = Math.min(fewest, levels.length);
        const span = best === undefined || worst === undefined ? 0n : best.price - worst.price;
        widest = Math.max(widest, Math.abs(toDrawingNumber(span as never) / toDrawingNumber(instrument.tickSize)));
      }
    });
    expect(widest, `seed ${String(SEED)}`).toBeLessThan(Math.max(priceTicks * 0.1, 150));
    expect(fewest, `seed ${String(SEED)}`).toBeGreaterThan(10);
  });
});
