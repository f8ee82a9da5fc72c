import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExecutionTrace } from "../../../src/core/domain/execution-order.ts";
import { inExecutionOrder } from "../../../src/core/domain/execution-order.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import { positionFromFills } from "../../../src/core/domain/position.ts";
import { BTCUSDT, fill } from "./samples.ts";

/** Short for a fill of an order: its side, its time, whether it was taken on arrival, and when its order was intended. */
interface Told {
  readonly id: string;
  readonly side: Fill["side"];
  readonly at: number;
  readonly maker?: true;
  readonly intendedAt?: number;
}

const NONE: ExecutionTrace = { isTaker: false, intendedAt: undefined };

function ordered(told: readonly Told[]): readonly string[] {
  const traces = new Map<string, ExecutionTrace>(
    told.map(({ id, maker, intendedAt }) => [id, { isTaker: maker !== true, intendedAt }]),
  );
  const fills = told.map(({ id, side, at }) => fill({ tradeId: tradeId(id), side, at }));
  return inExecutionOrder(fills, (it) => traces.get(it.tradeId) ?? NONE).map((it) => it.tradeId);
}

const sale = (over: Partial<Told> = {}): Told => ({ id: "sale", side: "sell", at: 5_000, ...over });
const buy = (over: Partial<Told> = {}): Told => ({ id: "buy", side: "buy", at: 5_000, ...over });

describe("two fills of one second", () => {
  it.each<[string, Told, Told, readonly string[]]>([
    [
      "by their intents, where both were taken on arrival",
      sale({ intendedAt: 70 }),
      buy({ intendedAt: 90 }),
      ["sale", "buy"],
    ],
    ["by their intents, the other way round", sale({ intendedAt: 90 }), buy({ intendedAt: 70 }), ["buy", "sale"]],
    ["by their milliseconds, where both have them", sale({ at: 5_100 }), buy({ at: 5_400 }), ["sale", "buy"]],
    [
      "by their milliseconds rather than their intents: one may have waited long",
      sale({ at: 5_400, intendedAt: 70 }),
      buy({ at: 5_100, intendedAt: 90 }),
      ["buy", "sale"],
    ],
    ["buy first, where one has a whole second and no intent is known", sale(), buy({ at: 5_400 }), ["buy", "sale"]],
    [
      "buy first, where a sale that rested may have come at any time",
      sale({ maker: true, intendedAt: 70 }),
      buy({ intendedAt: 90 }),
      ["buy", "sale"],
    ],
    [
      "sale first, where the buy that rested was decided on after it",
      sale({ intendedAt: 70 }),
      buy({ maker: true, intendedAt: 90 }),
      ["sale", "buy"],
    ],
    [
      "buy first, where it had rested before",
      sale({ intendedAt: 90 }),
      buy({ maker: true, intendedAt: 70 }),
      ["buy", "sale"],
    ],
    ["buy first, where the buy was placed elsewhere", sale({ intendedAt: 70 }), buy(), ["buy", "sale"]],
    [
      "as the seconds are, whatever the intents say",
      sale({ at: 6_000, intendedAt: 70 }),
      buy({ intendedAt: 90 }),
      ["buy", "sale"],
    ],
  ])("count %s", (_how, left, right, expected) => {
    expect(ordered([left, right])).toEqual(expected);
    expect(ordered([right, left])).toEqual(expected);
  });
});

it("is one order, however the fills came in, and keeps to every proof there is", () => {
  const told = fc.record({
    side: fc.constantFrom<Fill["side"]>("buy", "sell"),
    at: fc.constantFrom(5_000, 5_200, 5_800, 6_000),
    isTaker: fc.boolean(),
    intendedAt: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(told, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (many, dice) => {
      const traces = new Map(many.map((trace, at) => [`t-${at}`, trace]));
      const fills = many.map(({ side, at }, nth) => fill({ tradeId: tradeId(`t-${nth}`), side, at }));
      const shuffled = fills
        .map((it) => ({ it, die: dice.next().value ?? 0 }))
        .toSorted((left, right) => left.die - right.die)
        .map(({ it }) => it);
      const trace = (it: Fill) => traces.get(it.tradeId) ?? NONE;
      const result = inExecutionOrder(fills, trace);
      expect(inExecutionOrder(shuffled, trace)).toEqual(result);
      for (const [at, late] of result.entries()) {
        for (const early of result.slice(0, at)) {
          expect(Math.floor(early.at / 1_000)).toBeLessThanOrEqual(Math.floor(late.at / 1_000));
        }
      }
    }),
  );
});

it("shows what was bought after base of unknown cost was sold: the reviewed case of one second", () => {
  const fills = [
    fill({
      tradeId: tradeId("1"),
      orderId: orderId("S"),
      side: "sell",
      quantity: quantity("1"),
      at: 5_000,
      liquidity: "taker",
    }),
    fill({
      tradeId: tradeId("2"),
      orderId: orderId("B"),
      side: "buy",
      quantity: quantity("1"),
      at: 5_000,
      liquidity: "taker",
    }),
  ];
  const intendedAt = (id: string) => (id === "S" ? 4_900 : 5_300);
  expect(positionFromFills(BTCUSDT, fills, "fifo", intendedAt)).toMatchObject({
    quantity: quantity("1"),
    uncovered: quantity("1"),
    realised: 0n,
  });
});
