import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AskedOrder, AskedPrice, AskedSize } from "../../../src/core/domain/asked-order.ts";
import type { Balance } from "../../../src/core/domain/balance.ts";
import type { Level } from "../../../src/core/domain/book.ts";
import type { Asset } from "../../../src/core/domain/identifiers.ts";
import { asset } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import type { Notional, Price, Quantity, Ratio } from "../../../src/core/domain/money.ts";
import { formatMoney, isMultipleOf, notional, price, quantity, ratio, scale } from "../../../src/core/domain/money.ts";
import type { OrderPlan } from "../../../src/core/domain/order-plan.ts";
import { planOrder } from "../../../src/core/domain/order-plan.ts";
import type { OrderType, Side } from "../../../src/core/domain/order.ts";
import type { PlanRule } from "../../../src/core/domain/plan-step.ts";
import { BTCUSDT, NOW } from "./samples.ts";

const holding = (name: string, free: string): [Asset, Balance] => [
  asset(name),
  { asset: asset(name), free: quantity(free), locked: quantity("0"), at: NOW },
];
const BALANCES = new Map([holding("USDT", "1000"), holding("BTC", "0.5")]);
const level = (at: string, amount: string): Level => ({ price: price(at), quantity: quantity(amount) });
const BOOK = {
  bids: [level("49990", "0.01"), level("49980", "1")],
  asks: [level("50000", "0.004"), level("50010", "0.006"), level("50020", "1")],
};
const seen = { price: price("50000"), at: NOW };
const fixed = (text: string): AskedPrice => ({ kind: "fixed", price: price(text) });
const inBase = (text: string): AskedSize => ({ kind: "base", quantity: quantity(text) });
const share = (text: string): AskedSize => ({ kind: "share", of: ratio(text) });
const ask = (over: Partial<AskedOrder>): AskedOrder => ({
  side: "buy",
  type: "market",
  size: inBase("0.01"),
  seen,
  ...over,
});

function plan(...given: Parameters<typeof planOrder>): OrderPlan {
  const result = planOrder(...given);
  if (result.kind === "impossible") throw new Error(result.why);
  return result.plan;
}

/** The steps of a rule as text: "before → after unit: why", an absent figure as "?". */
function told(planned: OrderPlan, rule: PlanRule): readonly string[] {
  const text = (figure: OrderPlan["steps"][number]["after"]) =>
    figure === undefined ? "?" : `${formatMoney(figure.amount)} ${figure.unit}`;
  return planned.steps
    .filter((step) => step.rule === rule)
    .map((step) => `${step.holds ? "" : "! "}${text(step.before)} → ${text(step.after)}: ${step.why}`);
}

describe("an order plan", () => {
  it("tells cost, fee and the part of the balance", () => {
    expect(plan(ask({}), BTCUSDT, BALANCES)).toMatchObject({
      rounded: false,
      notional: notional("500"),
      fee: { asset: "USDT", amount: quantity("0.25") },
      shareOfFree: ratio("0.5"),
    });
  });

  it("rounds the size down and the price to the kinder side, and names the rule", () => {
    const asked = ask({ type: "limit", price: fixed("49999.999"), size: inBase("0.019999999") });
    const planned = plan(asked, BTCUSDT, BALANCES);
    expect(planned).toMatchObject({
      rounded: true,
      draft: { limitPrice: price("49999.99"), size: { quantity: quantity("0.01999999") } },
    });
    expect(told(planned, "tick-size")).toEqual([
      "49999.999 USDT → 49999.99 USDT: prices move in steps of 0.01; a buy is rounded down",
    ]);
    expect(told(planned, "step-size")).toEqual([
      "0.019999999 BTC → 0.01999999 BTC: quantities move in steps of 0.00000001; a quantity is rounded down",
    ]);
    const sale = plan({ ...asked, side: "sell" }, BTCUSDT, BALANCES);
    expect(sale.draft.limitPrice).toBe(price("50000"));
  });

  it("counts a relative price from the other side of the book", () => {
    const asked = ask({ type: "limit", price: { kind: "relative", by: ratio("-0.002") } });
    const planned = plan(asked, BTCUSDT, BALANCES);
    expect(planned.draft).toMatchObject({ type: "limit", limitPrice: price("49900") });
    expect(told(planned, "relative-price")).toEqual(["50000 USDT → 49900 USDT: 0.2% below the best ask"]);
    const { seen: _seen, ...blind } = asked;
    expect(planOrder(blind, BTCUSDT, BALANCES)).toEqual({
      kind: "impossible",
      why: "there is no best ask to count the price from",
    });
  });

  it("turns a part of the quote into a quote-sized market order", () => {
    expect(plan(ask({ size: share("0.25") }), BTCUSDT, BALANCES)).toMatchObject({
      draft: { size: { kind: "quote", notional: notional("250") } },
      shareOfFree: ratio("0.25"),
    });
  });

  it("leaves room for the fee when all of the quote is spent", () => {
    const planned = plan(ask({ size: share("1") }), BTCUSDT, BALANCES);
    expect(planned.draft.size).toEqual({ kind: "quote", notional: notional("999.5") });
    expect(told(planned, "fee-reserve")).toEqual([
      "1000 USDT → 999.500249875062468765 USDT: a fee of up to 0.05% has to be paid out of the free USDT, too",
    ]);
    expect(told(planned, "quote-decimals")).toEqual([
      "999.500249875062468765 USDT → 999.5 USDT: amounts of USDT have at most 2 decimals here; an amount is rounded down",
    ]);
  });

  it("turns an amount of quote into base for a limit order", () => {
    const asked = ask({ type: "limit", price: fixed("30000"), size: { kind: "quote", notional: notional("50") } });
    const planned = plan(asked, BTCUSDT, BALANCES);
    expect(planned.draft.size).toEqual({ kind: "base", quantity: quantity("0.00166666") });
    expect(told(planned, "quote-into-base")).toEqual(["50 USDT → 0.001666666666666666 BTC: at 30000 USDT for one BTC"]);
  });

  it("sells a part of the base", () => {
    expect(plan(ask({ side: "sell", size: share("0.5") }), BTCUSDT, BALANCES)).toMatchObject({
      draft: { size: { kind: "base", quantity: quantity("0.25") } },
      shareOfFree: ratio("0.5"),
    });
  });

  it("walks the book: what is paid on average, at worst, and what stays", () => {
    const planned = plan(ask({}), BTCUSDT, BALANCES, BOOK);
    expect(planned.through).toMatchObject({
      notional: notional("500.06"),
      average: price("50006"),
      worst: price("50010"),
      levels: 2,
      slippage: ratio("0.00012"),
    });
    expect(told(planned, "book")).toEqual([
      "50000 USDT → 50006 USDT: 0.012% beyond the best ask on average, 2 levels, worst 50010",
    ]);
    expect(told(planned, "free-balance")).toEqual([
      "1000 USDT → 499.68997 USDT: takes 500.31003 USDT",
      "0.5 BTC → 0.51 BTC: brings 0.01 BTC",
    ]);
  });

  it("tells a limit that rests from one that trades at once", () => {
    const at = (type: OrderType, text: string) =>
      told(plan(ask({ type, price: fixed(text), size: inBase("0.005") }), BTCUSDT, BALANCES, BOOK), "book");
    expect(at("limit", "49999")).toEqual(["50000 USDT → 49999 USDT: it rests: the best ask is 50000"]);
    expect(at("limit", "50010")).toEqual([
      "50000 USDT → 50002 USDT: 0.004% beyond the best ask on average, 2 levels, worst 50010",
    ]);
    expect(at("post-only", "50010")).toEqual([
      "! 50000 USDT → ?: it would trade at once, and a post-only order is then refused",
    ]);
  });

  it.each<[OrderType, boolean, RegExp]>([
    ["limit", true, /waits in the book/],
    ["immediate-or-cancel", true, /given back/],
    ["fill-or-kill", false, /nothing does/],
  ])("says what becomes of what a %s cannot trade", (type, holds, why) => {
    const planned = plan(ask({ type, price: fixed("50000") }), BTCUSDT, BALANCES, BOOK);
    expect(planned.steps.find((step) => step.rule === "book-end")).toMatchObject({
      before: { amount: quantity("0.01") },
      after: { amount: quantity("0.006"), unit: "BTC" },
      holds,
      why: expect.stringMatching(why) as string,
    });
  });

  it("does not guess what a market order pays beyond the levels known", () => {
    const planned = plan(ask({ size: inBase("2") }), BTCUSDT, BALANCES, BOOK);
    expect(told(planned, "book-end")).toEqual(["! 2 BTC → 0.99 BTC: the rest finds nothing in the 3 levels known"]);
    expect(planned.fee).toBeUndefined();
    expect(told(planned, "free-balance")[0]).toMatch(/^1000 USDT → \?: how much USDT it moves is not known/);
  });

  it("says what a balance falls short of", () => {
    const planned = plan(ask({ type: "limit", price: fixed("50000"), size: inBase("0.1") }), BTCUSDT, BALANCES);
    expect(told(planned, "free-balance")[0]).toBe(
      "! 1000 USDT → -4002.5 USDT: takes 5002.5 USDT: 4002.5 more than is free",
    );
  });

  it.each([
    ["min-quantity", "0.0000009", "! 0.0000009 BTC → 0.000001 BTC: below the least quantity of 0.000001"],
    ["min-notional", "0.00001", "! 0.5 USDT → 1 USDT: below the least of 1 USDT an order"],
    ["max-notional", "3", "! 150000 USDT → 100000 USDT: above the greatest of 100000 USDT an order"],
    ["max-notional", "2", "100000 USDT → 100000 USDT: at most the greatest of 100000 USDT an order"],
  ] as const)("holds %s against %s", (rule, size, text) => {
    expect(told(plan(ask({ size: inBase(size) }), BTCUSDT, BALANCES), rule)).toEqual([text]);
  });

  it("tells the dust of a sale, and nothing where all of it can be sold", () => {
    const sell = (size: string) => plan(ask({ side: "sell", size: inBase(size) }), BTCUSDT, BALANCES);
    expect(sell("0.49999999")).toMatchObject({ dust: quantity("0.00000001") });
    expect(told(sell("0.49999999"), "unsellable-rest")).toEqual([
      "0.00000001 BTC → 0.00000001 BTC: below the least quantity of 0.000001",
    ]);
    expect(told(sell("0.49999"), "unsellable-rest")).toEqual([
      "0.00001 BTC → 0.00001 BTC: worth less than the least of 1 USDT an order",
    ]);
    expect(sell("0.25").dust).toBe(0n);
  });

  it("tells the dust of what a buy makes of the holding", () => {
    const balances = new Map([...BALANCES, holding("BTC", "0.500000004")]);
    expect(plan(ask({}), BTCUSDT, balances).dust).toBe(quantity("0.000000004"));
  });

  it("takes a fee in MX out of the MX, at a fifth less", () => {
    const terms = { makerRate: ratio("0"), takerRate: ratio("0.0005"), inMx: { price: price("2.5") } };
    const planned = plan(ask({}), BTCUSDT, new Map([...BALANCES, holding("MX", "1")]), undefined, terms);
    expect(planned.fee).toEqual({ asset: "MX", amount: quantity("0.08") });
    expect(told(planned, "mx-deduct")).toEqual([
      "0.25 USDT → 0.08 MX: taken in MX at a fifth less, at 2.5 USDT for one MX",
    ]);
    expect(told(planned, "free-balance")).toEqual([
      "1000 USDT → 500 USDT: takes 500 USDT",
      "0.5 BTC → 0.51 BTC: brings 0.01 BTC",
      "1 MX → 0.92 MX: takes 0.08 MX",
    ]);
    const unpriced = plan(ask({}), BTCUSDT, BALANCES, undefined, { ...terms, inMx: {} });
    expect(unpriced.fee).toBeUndefined();
  });

  it("leaves a figure away that cannot be known", () => {
    const { seen: _seen, ...blind } = ask({});
    const planned = plan(blind, BTCUSDT, undefined);
    expect(planned).toMatchObject({ notional: undefined, fee: undefined, shareOfFree: undefined, through: undefined });
    const unknown = planned.steps.filter((step) => ["fee", "balance", "slippage"].includes(step.step));
    expect(unknown).toHaveLength(4);
    expect(unknown.map((step) => step.after)).toEqual([undefined, undefined, undefined, undefined]);
    expect(planOrder(ask({ size: share("1") }), BTCUSDT, undefined)).toEqual({
      kind: "impossible",
      why: "how much USDT is free is not known",
    });
  });

  it("takes an asset that the list of balances does not name for empty", () => {
    expect(plan(ask({ side: "sell", size: share("1") }), BTCUSDT, new Map()).draft.size).toEqual({
      kind: "base",
      quantity: 0n,
    });
  });
});

describe("rounding never raises risk", () => {
  const units = (most: bigint) => fc.bigInt({ min: 1n, max: most });
  const order = fc.record({
    side: fc.constantFrom<Side>("buy", "sell"),
    type: fc.constantFrom<OrderType>("limit", "market", "post-only", "immediate-or-cancel", "fill-or-kill"),
    size: fc.oneof(
      units(10n ** 24n).map((amount) => ({ kind: "base" as const, quantity: amount as Quantity })),
      units(10n ** 24n).map((amount) => ({ kind: "quote" as const, notional: amount as Notional })),
      units(10n ** 18n).map((of) => ({ kind: "share" as const, of: of as Ratio })),
    ),
    price: fc.oneof(
      units(10n ** 24n).map((at) => ({ kind: "fixed" as const, price: at as Price })),
      fc
        .bigInt({ min: -(10n ** 17n) * 9n, max: 10n ** 18n })
        .map((by) => ({ kind: "relative" as const, by: by as Ratio })),
    ),
    seen: units(10n ** 24n),
    free: units(10n ** 24n),
    tick: fc.integer({ min: 0, max: 18 }),
    step: fc.integer({ min: 0, max: 18 }),
    fee: fc.bigInt({ min: 0n, max: 10n ** 17n }),
  });

  function made(given: typeof order extends fc.Arbitrary<infer T> ? T : never) {
    const rules: Instrument = {
      ...BTCUSDT,
      tickSize: (10n ** BigInt(18 - given.tick)) as Price,
      stepSize: (10n ** BigInt(18 - given.step)) as Quantity,
      takerFee: given.fee as Ratio,
    };
    const free = formatMoney(given.free as Quantity);
    const asked: AskedOrder = {
      side: given.side,
      type: given.type,
      size: given.size,
      ...(given.type === "market" ? {} : { price: given.price }),
      seen: { price: given.seen as Price, at: NOW },
    };
    const result = planOrder(asked, rules, new Map([holding("USDT", free), holding("BTC", free)]));
    return { rules, asked, result, free: given.free };
  }

  it("never more than was asked, and on the grid", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { rules, asked, result } = made(given);
        if (result.kind === "impossible") return;
        const { size } = result.plan.draft;
        if (size.kind === "base") expect(isMultipleOf(size.quantity, rules.stepSize)).toBe(true);
        if (asked.size.kind === "base" && size.kind === "base")
          expect(size.quantity).toBeLessThanOrEqual(asked.size.quantity);
        if (asked.size.kind === "quote")
          expect(worthOf(result.plan)).toBeLessThanOrEqual(asked.size.notional * 10n ** 18n);
      }),
    );
  });

  it("never a worse price, and on the tick", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { rules, asked, result } = made(given);
        if (result.kind === "impossible" || asked.price === undefined) return;
        const limit = result.plan.draft.limitPrice as Price;
        expect(isMultipleOf(limit, rules.tickSize)).toBe(true);
        const exact = 10n ** 18n;
        const wanted =
          asked.price.kind === "fixed"
            ? asked.price.price * exact
            : (asked.seen as { price: Price }).price * (exact + asked.price.by);
        if (asked.side === "buy") expect(limit * exact).toBeLessThanOrEqual(wanted);
        else expect(limit * exact).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });

  it("a share never takes more than is free, fee and all", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { rules, asked, result, free } = made(given);
        if (result.kind === "impossible" || asked.size.kind !== "share") return;
        const { plan: planned } = result;
        if (asked.side === "sell") {
          if (planned.draft.size.kind === "base") expect(planned.draft.size.quantity).toBeLessThanOrEqual(free);
          return;
        }
        const worth = worthOf(planned);
        const rate = asked.type === "post-only" ? 0n : rules.takerFee;
        expect(worth * (10n ** 18n + rate)).toBeLessThanOrEqual(free * 10n ** 36n);
      }),
    );
  });

  /** What the draft is worth, exact: in units of 10^-36. */
  function worthOf({ draft }: OrderPlan): bigint {
    if (draft.size.kind === "quote") return draft.size.notional * 10n ** 18n;
    return draft.size.quantity * (draft.limitPrice ?? 0n);
  }

  it("tells no fee below what the rate makes of it", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { rules, result } = made(given);
        if (result.kind === "impossible" || result.plan.draft.type === "post-only") return;
        const { fee, notional: worth } = result.plan;
        if (fee === undefined || worth === undefined) return;
        expect(fee.amount as bigint).toBeGreaterThanOrEqual(scale(worth, rules.takerFee, "down"));
      }),
    );
  });
});
