import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "../../../src/core/domain/book.ts";
import { isWholly, walkBook } from "../../../src/core/domain/book-walk.ts";
import type { Notional, Price, Quantity } from "../../../src/core/domain/money.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { Side } from "../../../src/core/domain/order.ts";

const level = (at: string, amount: string): Level => ({ price: price(at), quantity: quantity(amount) });
const ASKS = [level("100", "1"), level("101", "2"), level("103", "5")];
const BIDS = [level("99", "1"), level("98", "2")];
const STEP = quantity("0.1");
const base = (text: string) => ({ kind: "base", quantity: quantity(text) }) as const;
const quote = (text: string) => ({ kind: "quote", notional: notional(text) }) as const;

describe("a walk through the book", () => {
  it("takes the best levels first", () => {
    expect(walkBook(ASKS, "buy", base("2"), STEP)).toEqual({
      quantity: quantity("2"),
      notional: notional("201"),
      average: price("100.5"),
      worst: price("101"),
      slippage: ratio("0.005"),
      levels: 2,
      rest: base("0"),
    });
    expect(walkBook(BIDS, "sell", base("2"), STEP)).toMatchObject({
      notional: notional("197"),
      average: price("98.5"),
      slippage: ratio("0.005050505050505051"),
    });
  });

  it("stops at the limit, and tells what is left", () => {
    const walk = walkBook(ASKS, "buy", base("4"), STEP, price("101"));
    expect(walk).toMatchObject({ quantity: quantity("3"), rest: base("1"), worst: price("101") });
    expect(isWholly(walk)).toBe(false);
    const none = walkBook(ASKS, "buy", base("4"), STEP, price("99"));
    expect(none).toEqual({ quantity: 0n, notional: 0n, levels: 0, rest: base("4") });
  });

  it("spends an amount down to a step of base", () => {
    const walk = walkBook(ASKS, "buy", quote("150"), STEP);
    expect(walk).toMatchObject({ quantity: quantity("1.4"), notional: notional("140.4"), rest: quote("0") });
    expect(isWholly(walk)).toBe(true);
    expect(walkBook(ASKS, "buy", quote("1000"), STEP)).toMatchObject({ rest: quote("183") });
  });

  it("never pays more than the amount, takes more than there is, or goes beyond its limit", () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 22n });
    const given = fc.record({
      side: fc.constantFrom<Side>("buy", "sell"),
      prices: fc.uniqueArray(units, { minLength: 1, maxLength: 6 }),
      quantities: fc.array(units, { minLength: 6, maxLength: 6 }),
      amount: units,
      isQuote: fc.boolean(),
      limit: fc.option(units, { nil: undefined }),
    });
    fc.assert(
      fc.property(given, ({ side, prices, quantities, amount, isQuote, limit }) => {
        const direction = side === "buy" ? 1 : -1;
        const levels = prices
          .toSorted((left, right) => (left < right ? -direction : direction))
          .map((at, index) => ({ price: at as Price, quantity: (quantities[index] ?? 1n) as Quantity }));
        const size = isQuote
          ? ({ kind: "quote", notional: amount as Notional } as const)
          : ({ kind: "base", quantity: amount as Quantity } as const);
        const walk = walkBook(levels, side, size, 1n as Quantity, limit as Price | undefined);
        const offered = levels.reduce((sum, one) => sum + one.quantity, 0n);
        expect(walk.quantity).toBeLessThanOrEqual(offered);
        if (!isQuote) expect(walk.quantity + (walk.rest.kind === "base" ? walk.rest.quantity : 0n)).toBe(amount);
        // The notional of each level is rounded against the order, by at most one unit.
        else expect(walk.notional).toBeLessThanOrEqual(amount + BigInt(walk.levels));
        if (limit === undefined || walk.worst === undefined) return;
        if (side === "buy") expect(walk.worst).toBeLessThanOrEqual(limit);
        else expect(walk.worst).toBeGreaterThanOrEqual(limit);
      }),
    );
  });
});
