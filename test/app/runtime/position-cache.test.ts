import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPositionCache } from "../../../src/app/runtime/position-cache.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { marketSymbol, tradeId } from "../../../src/core/domain/identifiers.ts";
import { LOT_METHODS } from "../../../src/core/domain/lots.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { ETHUSDT } from "../../commands/fake-app.ts";
import { BTCUSDT, fill, NOW } from "../../core/domain/samples.ts";
import { createMemoryPortfolio } from "./memory-portfolio.ts";

const GONE = marketSymbol("GONEUSDT");
let minted = 0;
const trade = (side: Fill["side"], amount: string, at: number, symbol = BTCUSDT.symbol): Fill =>
  fill({ tradeId: tradeId(`t-${(minted += 1)}`), symbol, side, quantity: quantity(amount), price: price("100"), at });

function stand() {
  const written: Fill[] = [];
  const known = new Map([BTCUSDT, ETHUSDT].map((market) => [market.symbol, { assets: market, rules: market }]));
  const { executions } = createMemoryPortfolio(() => written);
  let reads = 0;
  const log: typeof executions = {
    ...executions,
    visit(filter, visitor) {
      reads += 1;
      executions.visit(filter, visitor);
    },
  };
  const open = () => createPositionCache({ log, marketOf: (symbol) => known.get(symbol) });
  return { written, known, open, reads: () => reads };
}

describe("the cache of positions", () => {
  it("reads a market once, and then only what was written since", () => {
    const { written, open, reads } = stand();
    written.push(trade("buy", "1", NOW));
    const cache = open();
    expect(cache.of(BTCUSDT.symbol, "fifo")?.quantity).toBe(quantity("1"));
    written.push(trade("buy", "2", NOW + 1_000));
    expect(cache.of(BTCUSDT.symbol, "fifo")?.quantity).toBe(quantity("3"));
    expect(cache.of(BTCUSDT.symbol, "fifo")).toBe(cache.of(BTCUSDT.symbol, "fifo"));
    expect(reads()).toBe(1);
  });

  it("counts a market anew when a fill belongs before those it has seen", () => {
    const { written, open, reads } = stand();
    written.push(trade("sell", "1", NOW + 5_000));
    const cache = open();
    expect(cache.of(BTCUSDT.symbol, "fifo")?.uncovered).toBe(quantity("1"));
    written.push(trade("buy", "1", NOW));
    expect(cache.of(BTCUSDT.symbol, "fifo")).toMatchObject({ uncovered: 0n, quantity: 0n });
    expect(reads()).toBe(2);
  });

  it("takes up a market that is new to it", () => {
    const { written, open } = stand();
    const cache = open();
    expect(cache.all("fifo")).toEqual([]);
    written.push(trade("buy", "1", NOW, ETHUSDT.symbol));
    expect(cache.all("fifo").map(({ symbol }) => symbol)).toEqual(["ETHUSDT"]);
  });

  it("names markets whose assets nobody knows, until somebody does", () => {
    const { written, known, open } = stand();
    written.push(trade("buy", "1", NOW, GONE), trade("buy", "1", NOW, GONE), trade("buy", "1", NOW));
    const cache = open();
    expect(cache.of(GONE, "fifo")).toBeUndefined();
    expect(cache.all("fifo").map(({ symbol }) => symbol)).toEqual(["BTCUSDT"]);
    expect(cache.unreadable()).toEqual(new Map([[GONE, 2]]));
    known.set(GONE, { assets: { ...BTCUSDT, symbol: GONE }, rules: BTCUSDT });
    expect(cache.all("fifo").map(({ symbol }) => symbol)).toEqual(["BTCUSDT", "GONEUSDT"]);
    expect(cache.unreadable().size).toBe(0);
  });

  it("always says what a fresh count would say, however the fills come in", () => {
    const act = fc.record({
      side: fc.constantFrom<Fill["side"]>("buy", "sell"),
      amount: fc.integer({ min: 1, max: 99 }),
      at: fc.integer({ min: 0, max: 20_000 }),
      symbol: fc.constantFrom(BTCUSDT.symbol, ETHUSDT.symbol),
      looks: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const { written, open } = stand();
        const cache = open();
        for (const { side, amount, at, symbol, looks } of acts) {
          written.push(trade(side, `0.${amount}`, NOW + at, symbol));
          if (looks) cache.all("fifo");
        }
        for (const method of LOT_METHODS) expect(cache.all(method)).toEqual(open().all(method));
      }),
    );
  });
});
