import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLadder } from "../../../src/core/domain/book.ts";
import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import type { Side } from "../../../src/core/domain/order.ts";

describe("a ladder", () => {
  it("agrees with a plain map, best level first, after any changes", () => {
    const change = fc.record({
      side: fc.constantFrom<Side>("buy", "sell"),
      at: fc.bigInt({ min: 1n, max: 40n }),
      amount: fc.bigInt({ min: 0n, max: 5n }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const ladder = createLadder();
        const model = { buy: new Map<bigint, bigint>(), sell: new Map<bigint, bigint>() };
        for (const { side, at, amount } of changes) {
          ladder.set(side, at as Price, amount as Quantity);
          if (amount === 0n) model[side].delete(at);
          else model[side].set(at, amount);
        }
        for (const side of ["buy", "sell"] as const) {
          const ascending = side === "sell";
          const expected = [...model[side]].sort(([left], [right]) => (left < right === ascending ? -1 : 1));
          expect(ladder.top(side, 100).map((level) => [level.price, level.quantity])).toEqual(expected);
          expect(ladder.best(side)?.price).toBe(expected[0]?.[0]);
          expect(ladder.depth(side)).toBe(expected.length);
        }
      }),
    );
  });
});
