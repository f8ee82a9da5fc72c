import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CloseFacts, ClosePlan, WantedClose } from "../../../../src/core/domain/closing/plan-close.ts";
import { planClose } from "../../../../src/core/domain/closing/plan-close.ts";
import { asset, clientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { isOnStep } from "../../../../src/core/domain/instrument.ts";
import type { Quantity } from "../../../../src/core/domain/money.ts";
import { add, formatMoney, notional, price, quantity, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import type { Order } from "../../../../src/core/domain/order.ts";
import type { Protection } from "../../../../src/core/domain/protection.ts";
import { BTCUSDT, NOW, orderSample, protectionSample } from "../samples.ts";

const INSTRUMENT = { ...BTCUSDT, stepSize: quantity("0.001"), minQuantity: quantity("0.001") };

function sale(id: string, amount: string, origin: Order["origin"] = "own", over: Partial<Order> = {}): Order {
  return orderSample({
    clientOrderId: clientOrderId(id),
    side: "sell",
    state: "open",
    size: { kind: "base", quantity: quantity(amount) },
    filledQuantity: ZERO_QUANTITY,
    reportedQuantity: ZERO_QUANTITY,
    origin,
    ...over,
  });
}

interface Scene {
  readonly position: string;
  readonly free: string;
  readonly locked?: string;
  readonly working?: readonly Order[];
  readonly protections?: readonly Protection[];
  readonly bid?: string;
}

function factsOf({ position, free, locked = "0", working = [], protections = [], bid = "60000" }: Scene): CloseFacts {
  return {
    instrument: INSTRUMENT,
    position: quantity(position),
    balance: { asset: asset("BTC"), free: quantity(free), locked: quantity(locked), at: NOW },
    orders: new Map(working.map((order) => [order.clientOrderId, order])),
    working,
    untoldSales: ZERO_QUANTITY,
    exits: new Set(),
    fills: [],
    protections,
    book: { bids: [{ price: price(bid), quantity: quantity("100") }], asks: [] },
    seenAt: NOW,
  };
}

const WANTED: WantedClose = { symbol: INSTRUMENT.symbol, isAll: false, cancelsOrders: false };

function planned(scene: Scene, wanted: Partial<WantedClose> = {}): ClosePlan {
  const result = planClose({ ...WANTED, ...wanted }, factsOf(scene));
  if (result.kind === "denied") throw new Error(result.denials.map(({ message }) => message).join());
  return result.plan;
}

function deniedBy(scene: Scene, wanted: Partial<WantedClose> = {}) {
  const result = planClose({ ...WANTED, ...wanted }, factsOf(scene));
  if (result.kind === "planned") throw new Error(`plans to sell ${formatMoney(result.plan.quantity)}`);
  return result.denials[0];
}

const kept = (plan: ClosePlan) =>
  plan.keeps.map(({ quantity: amount, because, order }) => [
    formatMoney(amount),
    because,
    ...(order === undefined ? [] : [order.clientOrderId]),
  ]);

describe("what a close sells and what it keeps", () => {
  const OURS = sale("td-1", "0.6");
  const THEIRS = sale("web-1", "0.3", "foreign");
  it.each<[string, Scene, Partial<WantedClose>, string, boolean, readonly (readonly string[])[]]>([
    ["the position, all free", { position: "1", free: "1" }, {}, "1", true, []],
    ["the position, not what is beside it", { position: "0.02", free: "1.02" }, {}, "0.02", true, [["1", "beside"]]],
    ["all of it when told so", { position: "0.02", free: "1.02" }, { isAll: true }, "1.02", true, []],
    [
      "what our sale does not hold",
      { position: "1", free: "0.4", locked: "0.6", working: [OURS] },
      {},
      "0.4",
      false,
      [["0.6", "sale", "td-1"]],
    ],
    [
      "all, once our sale has ended",
      { position: "1", free: "0.4", locked: "0.6", working: [OURS] },
      { cancelsOrders: true },
      "1",
      true,
      [],
    ],
    [
      "what a foreign sale leaves, even with the cancels",
      { position: "1", free: "0.1", locked: "0.9", working: [OURS, THEIRS] },
      { cancelsOrders: true },
      "0.7",
      false,
      [["0.3", "foreign-sale", "web-1"]],
    ],
    [
      "not what our resting sale sells of it already, though more is held",
      { position: "1", free: "2.4", locked: "0.6", working: [OURS] },
      {},
      "0.4",
      false,
      [
        ["0.6", "sale", "td-1"],
        ["2", "beside"],
      ],
    ],
    [
      "all of what is free when told so, whatever rests",
      { position: "1", free: "1.4", locked: "0.6", working: [OURS] },
      { isAll: true },
      "1.4",
      true,
      [["0.6", "sale", "td-1"]],
    ],
    [
      "what orders nobody knows leave",
      { position: "1", free: "0.8", locked: "0.2" },
      {},
      "0.8",
      false,
      [["0.2", "locked"]],
    ],
    [
      "down to the step, the dust named",
      { position: "0.5004", free: "0.5004" },
      {},
      "0.5",
      true,
      [["0.0004", "too-small"]],
    ],
    ["less than the position when less is held", { position: "1", free: "0.7" }, {}, "0.7", true, []],
    [
      "no more than was confirmed",
      { position: "1", free: "1" },
      { atMost: quantity("0.25") },
      "0.25",
      false,
      [["0.75", "beside"]],
    ],
    ["no more than one order may be", { position: "5", free: "5" }, {}, "1.666", false, [["3.334", "too-much"]]],
  ])("%s", (_, scene, wanted, sells, isWhole, keeps) => {
    const plan = planned(scene, wanted);
    expect([formatMoney(plan.quantity), plan.isWhole, kept(plan)]).toEqual([sells, isWhole, keeps]);
  });

  it("calls what was not meant and what was not confirmed by what they are", () => {
    const plan = planned({ position: "1", free: "1.5" }, { atMost: quantity("0.25") });
    expect(plan.keeps.map(({ quantity: amount, words }) => [formatMoney(amount), words])).toEqual([
      ["0.5", "not in the position"],
      ["0.75", "beyond what was confirmed"],
    ]);
  });

  it("tells how much is sold that our fills do not show as bought", () => {
    expect(formatMoney(planned({ position: "0.02", free: "1.02" }, { isAll: true }).beyondPosition)).toBe("1");
    expect(planned({ position: "0.02", free: "1.02" }).beyondPosition).toBe(0n);
  });

  it.each<[string, Scene, string, string]>([
    [
      "our sale",
      { position: "1", free: "0", locked: "0.6", working: [sale("td-1", "0.6")] },
      "td-1",
      "--cancel-orders",
    ],
    [
      "a foreign sale",
      { position: "1", free: "0", locked: "0.3", working: [sale("web-1", "0.3", "foreign")] },
      "web-1",
      "order adopt web-1",
    ],
    ["what is beside the position", { position: "0", free: "1" }, "0 BTC", "--all"],
    ["an order nobody knows", { position: "1", free: "0", locked: "1" }, "not known here", "market show"],
  ])("names what is in the way of selling anything, and the next step: %s", (_, scene, says, next) => {
    const denial = deniedBy(scene);
    expect(denial?.code).toBe("NOTHING_TO_SELL");
    expect(denial?.message).toContain(says);
    expect(denial?.hint).toContain(next);
  });

  it("sells nothing while the balances are not known, or nobody bids", () => {
    const facts = factsOf({ position: "1", free: "1" });
    const codes = [
      planClose(WANTED, { ...facts, balance: undefined }),
      planClose(WANTED, { ...facts, book: { bids: [], asks: [] } }),
    ].map((result) => (result.kind === "denied" ? result.denials[0]?.code : "planned"));
    expect(codes).toEqual(["BALANCE_UNKNOWN", "PRICE_UNKNOWN"]);
  });

  it("shows the way through the book, and counts a relative limit from the bid", () => {
    expect(planned({ position: "1", free: "1" }).order.through?.average).toBe(price("60000"));
    expect(
      planned({ position: "1", free: "1" }, { at: { kind: "fixed", price: price("61000") } }).order.draft,
    ).toMatchObject({
      type: "limit",
      limitPrice: price("61000"),
    });
  });
});

describe("what becomes of the protections", () => {
  const OF_SALE = protectionSample({ protectionId: "oco", linkedOrderId: clientOrderId("td-1") });
  const OF_ENTRY = protectionSample({
    protectionId: "bracket",
    coverage: { kind: "entry", clientOrderId: clientOrderId("td-2") },
  });
  const names = ({ protections }: ClosePlan) => [
    protections.over.map(({ protectionId }) => protectionId),
    protections.standing.map(({ protection }) => protection.protectionId),
  ];
  const scene: Scene = {
    position: "1",
    free: "0.4",
    locked: "0.6",
    working: [sale("td-1", "0.6"), sale("td-2", "0.1", "own", { side: "buy" })],
    protections: [OF_SALE, OF_ENTRY],
  };

  it("leaves those of a resting sale and of an entry that may still buy", () => {
    expect(names(planned(scene))).toEqual([[], ["oco", "bracket"]]);
  });

  it("ends them with the orders that it cancels", () => {
    const plan = planned(scene, { cancelsOrders: true });
    expect(plan.cancels.map(({ clientOrderId: id }) => id)).toEqual(["td-1", "td-2"]);
    expect(names(plan)).toEqual([["oco", "bracket"], []]);
  });
});

it("never sells more than is held and not held by another, and accounts for every unit", () => {
  const thousandths = (n: number) => (BigInt(n) * 10n ** 14n) as Quantity; // tenths of a step of 0.001
  const order = fc.record({ amount: fc.integer({ min: 0, max: 5_000 }), isForeign: fc.boolean() });
  const cases = fc.record({
    position: fc.integer({ min: 0, max: 20_000 }),
    free: fc.integer({ min: 0, max: 20_000 }),
    unknownLock: fc.integer({ min: 0, max: 2_000 }),
    orders: fc.array(order, { maxLength: 4 }),
    isAll: fc.boolean(),
    cancelsOrders: fc.boolean(),
    atMost: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(cases, ({ position, free, unknownLock, orders, isAll, cancelsOrders, atMost }) => {
      const working = orders.map(({ amount, isForeign }, index) =>
        sale(`s-${index}`, formatMoney(thousandths(amount)), isForeign ? "foreign" : "own"),
      );
      const locked = thousandths(unknownLock + orders.reduce((sum, { amount }) => sum + amount, 0));
      const facts: CloseFacts = {
        ...factsOf({ position: formatMoney(thousandths(position)), free: "0", working }),
        instrument: { ...INSTRUMENT, maxNotionalMarket: notional("0") },
        balance: { asset: asset("BTC"), free: thousandths(free), locked, at: NOW },
      };
      const wanted = {
        ...WANTED,
        isAll,
        cancelsOrders,
        ...(atMost === undefined ? {} : { atMost: thousandths(atMost) }),
      };
      const result = planClose(wanted, facts);
      if (result.kind === "denied") return;
      const { plan } = result;
      const foreign = orders.filter(({ isForeign }) => isForeign).reduce((sum, { amount }) => sum + amount, 0);
      expect(plan.quantity + thousandths(foreign) + thousandths(unknownLock)).toBeLessThanOrEqual(plan.held);
      if (!cancelsOrders) expect(plan.quantity).toBeLessThanOrEqual(thousandths(free));
      const staying = orders.filter(({ isForeign }) => isForeign || !cancelsOrders);
      const open = thousandths(staying.reduce((sum, { amount }) => sum + amount, 0));
      if (!isAll) expect(plan.quantity + open).toBeLessThanOrEqual(thousandths(position));
      if (atMost !== undefined) expect(plan.quantity).toBeLessThanOrEqual(thousandths(atMost));
      expect(isOnStep(INSTRUMENT, plan.quantity)).toBe(true);
      expect(plan.order.draft.size).toEqual({ kind: "base", quantity: plan.quantity });
      const said = plan.keeps.reduce((sum, { quantity: amount }) => add(sum, amount), plan.quantity);
      expect(said).toBe(plan.held);
    }),
  );
});
