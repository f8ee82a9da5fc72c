import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderReport } from "../../../src/core/domain/order.ts";
import { missingFills } from "../../../src/core/domain/order-execution.ts";
import type { TradingLedger } from "../../../src/core/domain/trading-ledger.ts";
import { applyEvent, EMPTY_LEDGER, keyFor } from "../../../src/core/domain/trading-ledger.ts";
import { fill, intended, limitBuy, NOW, report } from "./samples.ts";

const ID = clientOrderId("td-1");
const REASON = { code: "TEST", message: "for the test" };
const accepted: DomainEvent = { type: "order-accepted", clientOrderId: ID, orderId: orderId("C02__1") };
const reported = (over: Partial<OrderReport> = {}): DomainEvent => ({
  type: "order-reported",
  clientOrderId: ID,
  report: report(over),
  source: "stream",
});
const filled = (id: string, amount: string): DomainEvent => ({
  type: "fill-recorded",
  clientOrderId: ID,
  fill: fill({ tradeId: tradeId(id), quantity: quantity(amount) }),
  source: "stream",
});
const WRITTEN_OFF: DomainEvent = {
  type: "order-written-off",
  clientOrderId: ID,
  reason: REASON,
  evidence: {
    askedAt: NOW,
    byId: "not-found",
    openOrders: 0,
    ordersSince: NOW,
    ordersListed: 0,
    fillsSince: NOW,
    fillsListed: 0,
  },
};
const FULL = { status: "filled", executedQuantity: quantity("0.1"), executedNotional: notional("6500") } as const;
const PART = {
  status: "partially-filled",
  executedQuantity: quantity("0.04"),
  executedNotional: notional("2600"),
} as const;

function play(...events: readonly DomainEvent[]): {
  ledger: TradingLedger;
  anomalies: readonly string[];
  state: string;
} {
  let ledger = EMPTY_LEDGER;
  const anomalies: string[] = [];
  for (const event of events) {
    const change = applyEvent(ledger, event, NOW);
    ledger = change.ledger;
    if (change.anomaly !== undefined) anomalies.push(change.anomaly);
  }
  return { ledger, anomalies, state: ledger.orders.get(ID)?.state ?? "none" };
}

describe("an order's way", () => {
  it.each<[string, readonly DomainEvent[], string]>([
    ["is submitted once intended", [], "submitted"],
    ["opens when accepted", [accepted], "open"],
    ["is rejected by a refusal", [{ type: "order-rejected", clientOrderId: ID, reason: REASON }], "rejected"],
    ["is denied when it never left", [{ type: "order-not-sent", clientOrderId: ID, reason: REASON }], "denied"],
    ["is unknown without proof", [{ type: "order-outcome-unknown", clientOrderId: ID, reason: REASON }], "unknown"],
    [
      "leaves unknown by a report",
      [{ type: "order-outcome-unknown", clientOrderId: ID, reason: REASON }, reported()],
      "open",
    ],
    [
      "leaves unknown by a fill",
      [{ type: "order-outcome-unknown", clientOrderId: ID, reason: REASON }, filled("t1", "0.1")],
      "filled",
    ],
    [
      "leaves unknown by proven absence",
      [
        { type: "order-outcome-unknown", clientOrderId: ID, reason: REASON },
        { type: "order-absent", clientOrderId: ID, reason: REASON },
      ],
      "expired",
    ],
    [
      "leaves unknown by a person's word",
      [{ type: "order-outcome-unknown", clientOrderId: ID, reason: REASON }, WRITTEN_OFF],
      "written-off",
    ],
    [
      "stays written off while nothing is shown of it",
      [
        { type: "order-outcome-unknown", clientOrderId: ID, reason: REASON },
        WRITTEN_OFF,
        { type: "order-absent", clientOrderId: ID, reason: REASON },
      ],
      "written-off",
    ],
    ["fills before its answer", [filled("t1", "0.04"), accepted], "partially-filled"],
    ["is filled before its answer", [reported(FULL), accepted], "filled"],
    [
      "is not un-filled by a late unknown",
      [reported(FULL), { type: "order-outcome-unknown", clientOrderId: ID, reason: REASON }],
      "filled",
    ],
    ["fills in parts", [accepted, filled("t1", "0.04")], "partially-filled"],
    ["is filled by its last part", [accepted, filled("t1", "0.04"), filled("t2", "0.06")], "filled"],
    ["is not filled twice by one trade", [accepted, filled("t1", "0.06"), filled("t1", "0.06")], "partially-filled"],
    ["is cancelling once asked", [accepted, { type: "cancel-intended", clientOrderId: ID }], "cancelling"],
    [
      "stays cancelling on a yes alone",
      [accepted, { type: "cancel-intended", clientOrderId: ID }, { type: "cancel-accepted", clientOrderId: ID }],
      "cancelling",
    ],
    [
      "stays cancelling while still shown open",
      [accepted, { type: "cancel-intended", clientOrderId: ID }, reported()],
      "cancelling",
    ],
    [
      "is cancelled by report",
      [accepted, { type: "cancel-intended", clientOrderId: ID }, reported({ status: "cancelled" })],
      "cancelled",
    ],
    ["may fill while cancelling", [accepted, { type: "cancel-intended", clientOrderId: ID }, reported(FULL)], "filled"],
    [
      "resumes when the cancel is refused",
      [
        accepted,
        filled("t1", "0.04"),
        { type: "cancel-intended", clientOrderId: ID },
        { type: "cancel-rejected", clientOrderId: ID, reason: REASON },
      ],
      "partially-filled",
    ],
    [
      "keeps a late fill after its cancel",
      [accepted, reported({ status: "cancelled" }), filled("t1", "0.04")],
      "cancelled",
    ],
    ["does not reopen by an older report", [accepted, reported(FULL), reported()], "filled"],
    ["does not shrink by an older report", [accepted, reported(PART), reported()], "partially-filled"],
    ["is unknown once vanished", [accepted, { type: "order-vanished", clientOrderId: ID, reason: REASON }], "unknown"],
    [
      "comes back after vanishing",
      [accepted, { type: "order-vanished", clientOrderId: ID, reason: REASON }, reported()],
      "open",
    ],
  ])("%s", (_name, events, state) => {
    const end = play(intended(), ...events);
    expect(end.state).toBe(state);
    expect(end.anomalies).toEqual([]);
  });

  it.each([[], [{ type: "cancel-intended", clientOrderId: ID } as const]])(
    "expires when an immediate order ends, whether or not a process asked to cancel it",
    (...wishes) => {
      const draft = limitBuy({ type: "immediate-or-cancel" });
      const ended = reported({ status: "cancelled", type: "immediate-or-cancel" });
      expect(play(intended(draft), accepted, ...wishes, ended).state).toBe("expired");
    },
  );

  it.each<[string, readonly DomainEvent[], string]>([
    [
      "a truth after a rejection",
      [{ type: "order-rejected", clientOrderId: ID, reason: REASON }, reported(FULL)],
      "filled",
    ],
    [
      "a truth after a denial",
      [{ type: "order-not-sent", clientOrderId: ID, reason: REASON }, filled("t1", "0.1")],
      "filled",
    ],
    ["a truth after proven absence", [{ type: "order-absent", clientOrderId: ID, reason: REASON }, reported()], "open"],
    ["two exchange ids", [accepted, reported({ orderId: orderId("C02__2") })], "open"],
    ["a rejection after acceptance", [accepted, { type: "order-rejected", clientOrderId: ID, reason: REASON }], "open"],
    ["absence after acceptance", [accepted, { type: "order-absent", clientOrderId: ID, reason: REASON }], "open"],
    ["more fills than ordered", [accepted, filled("t1", "0.1"), filled("t2", "0.01")], "filled"],
  ])("calls %s odd and follows the evidence", (_name, events, state) => {
    const end = play(intended(), ...events);
    expect(end.state).toBe(state);
    expect(end.anomalies).toHaveLength(1);
  });

  it("knows how much execution it has no fills for", () => {
    const { ledger } = play(intended(), accepted, reported(FULL), filled("t1", "0.04"));
    const order = ledger.orders.get(ID);
    expect(order === undefined ? undefined : missingFills(order)).toBe(quantity("0.06"));
  });

  it("takes up an order that was placed elsewhere", () => {
    const foreign = report({ orderId: orderId("C02__9") });
    const { clientOrderId: _unused, ...nameless } = foreign;
    const key = keyFor(EMPTY_LEDGER, nameless);
    const { ledger } = applyEvent(
      EMPTY_LEDGER,
      { type: "order-reported", clientOrderId: key, report: nameless, source: "stream" },
      NOW,
    );
    expect(ledger.orders.get(key)).toMatchObject({ origin: "foreign", state: "open", orderId: "C02__9" });
    expect(keyFor(ledger, nameless)).toBe(key);
  });
});

it("counts a fill that overtook the first report of an order placed elsewhere", () => {
  const early = applyEvent(EMPTY_LEDGER, filled("t1", "0.04"), NOW).ledger;
  const { ledger } = applyEvent(early, reported(PART), NOW);
  const order = ledger.orders.get(ID);
  expect(order).toMatchObject({ origin: "foreign", filledQuantity: quantity("0.04") });
  expect(order === undefined ? undefined : missingFills(order)).toBe(0n);
});

describe("any order of events", () => {
  const anyEvent = fc.constantFrom<DomainEvent>(
    accepted,
    reported(),
    reported(PART),
    reported(FULL),
    reported({ status: "cancelled" }),
    filled("t1", "0.04"),
    filled("t2", "0.06"),
    { type: "order-rejected", clientOrderId: ID, reason: REASON },
    { type: "order-not-sent", clientOrderId: ID, reason: REASON },
    { type: "order-outcome-unknown", clientOrderId: ID, reason: REASON },
    { type: "order-absent", clientOrderId: ID, reason: REASON },
    { type: "order-vanished", clientOrderId: ID, reason: REASON },
    { type: "cancel-intended", clientOrderId: ID },
    { type: "cancel-accepted", clientOrderId: ID },
    { type: "cancel-rejected", clientOrderId: ID, reason: REASON },
    { type: "cancel-outcome-unknown", clientOrderId: ID, reason: REASON },
  );

  it("sums fills by trade id, never shows proven executions as failed, and never throws", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 24 }), (events) => {
        const { ledger, state } = play(intended(), ...events);
        const order = ledger.orders.get(ID);
        const sum = [...ledger.fills.values()].reduce((total, it) => total + it.quantity, 0n);
        expect(order?.filledQuantity).toBe(sum);
        if (sum > 0n)
          expect(["partially-filled", "filled", "cancelling", "cancelled", "expired", "unknown"]).toContain(state);
        if (sum === quantity("0.1")) expect(["filled", "cancelled", "expired", "unknown"]).toContain(state);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same however often a line is repeated", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        const once = play(intended(), ...events);
        const twice = play(intended(), ...events.flatMap((event) => [event, event]));
        expect(twice.ledger.fills).toEqual(once.ledger.fills);
        expect(twice.ledger.orders.get(ID)?.filledQuantity).toBe(once.ledger.orders.get(ID)?.filledQuantity);
      }),
    );
  });
});

it("holds a notional that agrees with its fills", () => {
  const { ledger } = play(intended(), accepted, filled("t1", "0.04"), filled("t2", "0.06"));
  expect(ledger.orders.get(ID)).toMatchObject({ filledNotional: notional("6500"), limitPrice: price("65000") });
});

describe("a second order under a client order id of ours", () => {
  const second = { orderId: orderId("C02__2") } as const;
  const twinKey = clientOrderId("x-C02__2");
  const twinFill: DomainEvent = {
    type: "fill-recorded",
    clientOrderId: ID,
    fill: fill({ ...second, tradeId: tradeId("t2"), quantity: quantity("0.1") }),
    source: "stream",
  };
  const firstFilled = [accepted, filled("t1", "0.1"), reported(FULL)];

  it.each<[string, readonly DomainEvent[]]>([
    ["its report, then its fill", [...firstFilled, reported({ ...FULL, ...second }), twinFill]],
    ["its fill, then its report", [...firstFilled, twinFill, reported({ ...FULL, ...second })]],
    ["its word before ours has filled", [accepted, reported({ ...FULL, ...second }), twinFill, filled("t1", "0.1")]],
  ])("becomes a row of its own by %s, and is called out once", (_name, events) => {
    const { ledger, anomalies } = play(intended(), ...events, reported({ ...FULL, ...second }));
    expect([...ledger.orders.keys()]).toEqual([ID, twinKey]);
    expect(ledger.orders.get(ID)).toMatchObject({
      orderId: "C02__1",
      state: "filled",
      filledQuantity: quantity("0.1"),
    });
    expect(ledger.orders.get(twinKey)).toMatchObject({
      orderId: "C02__2",
      origin: "foreign",
      state: "filled",
      filledQuantity: quantity("0.1"),
    });
    expect(anomalies).toEqual([expect.stringContaining("second order under the client order id td-1")]);
  });

  it("has a key of its own before it is known", () => {
    const { ledger } = play(intended(), accepted);
    expect(keyFor(ledger, { ...second, clientOrderId: ID })).toBe(twinKey);
    expect(keyFor(ledger, { orderId: orderId("C02__1"), clientOrderId: ID })).toBe(ID);
  });
});

it("counts the time in which a cancel may still be taken from when it is known to have left", () => {
  const wish: DomainEvent = { type: "cancel-intended", clientOrderId: ID };
  let ledger = play(intended(), accepted).ledger;
  ledger = applyEvent(ledger, wish, NOW).ledger;
  ledger = applyEvent(ledger, { type: "cancel-accepted", clientOrderId: ID }, NOW + 20_000).ledger;
  expect(ledger.orders.get(ID)).toMatchObject({ state: "cancelling", cancelRequestedAt: NOW + 20_000 });
  const ended = play(intended(), accepted, filled("t-1", "0.1"), { type: "cancel-accepted", clientOrderId: ID });
  expect(ended.ledger.orders.get(ID)).not.toHaveProperty("cancelRequestedAt");
});
