import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWireLadder } from "../../../src/adapters/mexc/ws/wire-ladder.ts";
import { formatMoney, parsePrice, parseQuantity } from "../../../src/core/domain/money.ts";
import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import type { Side } from "../../../src/core/domain/order.ts";
import { depthsOf } from "./push-schema.ts";

type Row = readonly [side: Side, price: string, quantity: string];

/** The book that anyone would write first. */
function createModel() {
  const sides = { buy: new Map<Price, Quantity>(), sell: new Map<Price, Quantity>() };
  return {
    set(side: Side, priceText: string, quantityText: string): void {
      const price = parsePrice(priceText);
      const quantity = parseQuantity(quantityText);
      if (price === undefined || quantity === undefined) throw new Error(`${priceText} ${quantityText}`);
      if (quantity === 0n) sides[side].delete(price);
      else sides[side].set(price, quantity);
    },
    clear(): void {
      sides.buy.clear();
      sides.sell.clear();
    },
    levels: (side: Side) =>
      [...sides[side]].sort(([left], [right]) => (left < right === (side === "sell") ? -1 : 1)).map(textOf),
  };
}

const textOf = ([price, quantity]: readonly [Price, Quantity]) => `${formatMoney(quantity)} @ ${formatMoney(price)}`;

function pushOf(rows: readonly Row[]) {
  const side = (wanted: Side) =>
    rows.filter(([name]) => name === wanted).map(([, price, quantity]) => ({ price, quantity }));
  return depthsOf({ bids: side("buy"), asks: side("sell"), fromVersion: 1, toVersion: 1 }).changes;
}

function expectSame(ladder: ReturnType<typeof createWireLadder>, model: ReturnType<typeof createModel>): void {
  for (const side of ["buy", "sell"] as const) {
    const expected = model.levels(side);
    const levels = ladder.top(side, 10_000).map(({ price, quantity }) => textOf([price, quantity]));
    expect(levels).toEqual(expected);
    expect(ladder.depth(side)).toBe(expected.length);
    const best = ladder.best(side);
    expect(best === undefined ? undefined : textOf([best.price, best.quantity])).toBe(expected[0]);
    expect(ladder.top(side, 3)).toHaveLength(Math.min(3, expected.length));
  }
}

const anySide = fc.constantFrom<Side>("buy", "sell");
/** Prices as an exchange has them: few digits, a step, now and then a zero more at the end. */
const usual = fc
  .tuple(fc.integer({ min: 1, max: 4_000 }), fc.constantFrom(0, 1, 2, 8), fc.constantFrom("", "0", "000"))
  .map(([ticks, decimals, zeros]) => (ticks / 10 ** decimals).toFixed(decimals) + (decimals === 0 ? "" : zeros));
/** Whatever else a decimal may be. */
const unusual = fc.oneof(
  fc.constantFrom(
    "1e-7",
    "2.5E3",
    ".5",
    "5.",
    "+7",
    "0.000000000000000001",
    "90071992547409930000",
    "9007199254740993",
  ),
  fc.bigInt({ min: 0n, max: 10n ** 26n }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map((units) => formatMoney(units as Price)),
);
const quantity = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom("0", "0.00000000") },
  { weight: 2, arbitrary: usual },
);

describe("a ladder that reads the wire", () => {
  it("agrees with a plain map on usual numbers", () => {
    const row = fc.tuple(anySide, usual, quantity);
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 60 }), { maxLength: 40 }), (pushes) => {
        const [ladder, model] = [createWireLadder(), createModel()];
        for (const rows of pushes) {
          ladder.apply(pushOf(rows));
          for (const [side, price, amount] of rows) model.set(side, price, amount);
        }
        expectSame(ladder, model);
      }),
    );
  });

  it("agrees with a plain map on any numbers, and again after it was cleared", () => {
    const price = fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: unusual });
    const row = fc.tuple(anySide, price, fc.oneof(quantity, unusual));
    const rows = fc.array(row, { maxLength: 80 });
    fc.assert(
      fc.property(rows, rows, rows, (first, second, third) => {
        const [ladder, model] = [createWireLadder(), createModel()];
        for (const batch of [first, second]) {
          ladder.apply(pushOf(batch));
          for (const [side, at, amount] of batch) model.set(side, at, amount);
          expectSame(ladder, model);
        }
        ladder.clear();
        model.clear();
        for (const side of ["buy", "sell"] as const) {
          const own = third.filter(([name]) => name === side);
          ladder.fill(
            side,
            own.map(([, at, amount]) => [at, amount] as const),
          );
          for (const [, at, amount] of own) model.set(side, at, amount);
        }
        expectSame(ladder, model);
      }),
      { numRuns: 300 },
    );
  });

  it("follows a market that wanders far, forgetting the levels it left", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 5, maxLength: 30 }), (moves) => {
        const [ladder, model] = [createWireLadder(), createModel()];
        let middle = 50_000;
        let resting: Row[] = [];
        for (const move of moves) {
          middle += move;
          const next = Array.from({ length: 200 }, (_, at): Row => {
            const ticks = at % 2 === 0 ? middle - 1 - at : middle + at;
            return [at % 2 === 0 ? "buy" : "sell", (ticks / 100).toFixed(2), String(at + 1)];
          });
          const gone = resting.map(([side, price]): Row => [side, price, "0"]);
          for (const batch of [gone, next]) {
            ladder.apply(pushOf(batch));
            for (const [side, price, amount] of batch) model.set(side, price, amount);
          }
          resting = next;
          expectSame(ladder, model);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["", "1"],
    ["1", ""],
    ["-1", "1"],
    ["1", "-1"],
    ["NaN", "1"],
    ["1", "1 "],
    ["1.2.3", "1"],
    [".", "1"],
    ["0.0000000000000000001", "1"],
    ["1", "Infinity"],
    ["1", "٣"],
    ["9".repeat(41), "1"],
  ])("refuses a level of %j and %j", (price, amount) => {
    const ladder = createWireLadder();
    expect(() => {
      ladder.apply(pushOf([["buy", price, amount]]));
    }).toThrow(expect.objectContaining({ code: "EXCHANGE_ANSWER_UNREADABLE" }));
    expect(() => {
      ladder.fill("sell", [[price, amount]]);
    }).toThrow(expect.objectContaining({ code: "EXCHANGE_ANSWER_UNREADABLE" }));
    expect([ladder.depth("buy"), ladder.depth("sell")]).toEqual([0, 0]);
  });
});
