import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidenceRank, mergeOrder } from "../../../src/adapters/storage/order-merge.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import type { Order, OrderReport } from "../../../src/core/domain/order.ts";
import { EMPTY_LEDGER, applyEvent } from "../../../src/core/domain/trading-ledger.ts";
import { NOON, openOrder, sampleFill, sampleIntent, sampleOrder } from "./samples.ts";

const ID = clientOrderId("td-1");
const REASON = { code: "TEST", message: "for the test" };

describe("two views of one order", () => {
  test.each<[string, Partial<Order>, Partial<Order>, Partial<Order>]>([
    ["a filled one stays against a later open one", { state: "filled" }, { updatedAt: NOON + 99 }, { state: "filled" }],
    [
      "a cancelled one gives way to filled",
      { state: "cancelled", updatedAt: NOON + 99 },
      { state: "filled" },
      { state: "filled" },
    ],
    [
      "the larger execution wins among working views",
      { state: "partially-filled", reportedQuantity: quantity("0.001") },
      { updatedAt: NOON + 99 },
      { state: "partially-filled", reportedQuantity: quantity("0.001") },
    ],
    [
      "a cancel under way beats an older open",
      { state: "cancelling", updatedAt: NOON + 9 },
      {},
      { state: "cancelling" },
    ],
    ["a refused cancel opens again", { state: "cancelling" }, { updatedAt: NOON + 9 }, { state: "open" }],
    ["a draw goes to the incoming view", {}, { state: "cancelling" }, { state: "cancelling" }],
    [
      "when a cancel was asked for is not forgotten",
      { cancelRequestedAt: NOON },
      { updatedAt: NOON + 9 },
      { cancelRequestedAt: NOON },
    ],
    [
      "the sum of fills never shrinks",
      { filledQuantity: quantity("0.001"), filledNotional: notional("65") },
      { updatedAt: NOON + 9 },
      { filledQuantity: quantity("0.001"), filledNotional: notional("65") },
    ],
  ])("%s", (_what, stored, incoming, expected) => {
    expect(mergeOrder(openOrder(stored), openOrder(incoming))).toMatchObject(expected);
  });

  test("a person's word stands against not knowing, however late, and gives way to whatever the exchange shows", () => {
    const writtenOff = openOrder({ state: "written-off", updatedAt: NOON + 5, reason: REASON });
    const unknown = openOrder({ state: "unknown", updatedAt: NOON + 99 });
    expect(mergeOrder(writtenOff, unknown).state).toBe("written-off");
    expect(mergeOrder(unknown, writtenOff).state).toBe("written-off");
    for (const state of ["open", "filled", "cancelled"] as const) {
      const shown = openOrder({ state, updatedAt: NOON + 99 });
      expect(mergeOrder(writtenOff, shown).state).toBe(state);
      expect(mergeOrder(shown, writtenOff).state).toBe(state);
    }
  });

  test("proof by the exchange beats everything that was inferred, however late that came", () => {
    for (const state of ["submitted", "unknown", "denied", "rejected", "expired"] as const) {
      const inferred = sampleOrder({ state, updatedAt: NOON + 99, reason: REASON });
      expect(mergeOrder(openOrder(), inferred)).toMatchObject({ state: "open", orderId: "C02__1" });
      expect(mergeOrder(inferred, openOrder())).toMatchObject({ state: "open", orderId: "C02__1" });
      expect(mergeOrder(inferred, openOrder())).not.toHaveProperty("reason");
    }
  });

  test("an outcome that is unknown is not undone by a view from before the answer, whatever the clocks say", () => {
    const unknown = sampleOrder({ state: "unknown", reason: REASON });
    expect(mergeOrder(unknown, sampleOrder({ updatedAt: NOON + 99 }))).toMatchObject({
      state: "unknown",
      reason: REASON,
    });
    const rejected = sampleOrder({ state: "rejected" });
    expect(mergeOrder(rejected, { ...unknown, updatedAt: NOON + 99 })).toMatchObject({ state: "rejected" });
  });

  test("our own record of size, type and price survives the exchange's view of it", () => {
    const { limitPrice: _limitPrice, ...ours } = sampleOrder({
      type: "market",
      size: { kind: "quote", notional: notional("50") },
    });
    const seen = openOrder({ origin: "foreign", type: "limit", state: "filled", createdAt: NOON + 7 });
    for (const merged of [mergeOrder(ours, seen), mergeOrder(seen, ours)]) {
      expect(merged).toMatchObject({
        origin: "own",
        type: "market",
        size: ours.size,
        state: "filled",
        createdAt: NOON,
      });
      expect(merged).not.toHaveProperty("limitPrice");
    }
  });
});

const reported = (changes: Partial<OrderReport>): DomainEvent => ({
  type: "order-reported",
  clientOrderId: ID,
  source: "stream",
  report: {
    orderId: orderId("C02__1"),
    clientOrderId: ID,
    symbol: sampleOrder().symbol,
    side: "buy",
    type: "limit",
    quantity: quantity("0.002"),
    status: "open",
    executedQuantity: quantity("0"),
    executedNotional: notional("0"),
    createdAt: NOON,
    ...changes,
  },
});
const part = { executedQuantity: quantity("0.0005"), executedNotional: notional("32") };
const filled = (id: string): DomainEvent => ({
  type: "fill-recorded",
  clientOrderId: ID,
  fill: sampleFill(id, { tradeId: tradeId(id) }),
  source: "stream",
});
const anyEvent = fc.constantFrom<DomainEvent>(
  { type: "order-accepted", clientOrderId: ID, orderId: orderId("C02__1") },
  { type: "order-rejected", clientOrderId: ID, reason: REASON },
  { type: "order-not-sent", clientOrderId: ID, reason: REASON },
  { type: "order-outcome-unknown", clientOrderId: ID, reason: REASON },
  { type: "order-absent", clientOrderId: ID, reason: REASON },
  { type: "order-vanished", clientOrderId: ID, reason: REASON },
  { type: "cancel-intended", clientOrderId: ID },
  { type: "cancel-accepted", clientOrderId: ID },
  { type: "cancel-rejected", clientOrderId: ID, reason: REASON },
  { type: "cancel-outcome-unknown", clientOrderId: ID, reason: REASON },
  reported({}),
  reported({ status: "partially-filled", ...part }),
  reported({ status: "cancelled", ...part }),
  reported({ status: "filled", executedQuantity: quantity("0.002"), executedNotional: notional("130") }),
  filled("t1"),
  filled("t2"),
);

/** The views one process holds, one after the other. */
function viewsOf(events: readonly DomainEvent[]): readonly Order[] {
  const intended: DomainEvent = { type: "order-intended", intent: sampleIntent() };
  const views: Order[] = [];
  let ledger = EMPTY_LEDGER;
  [intended, ...events].forEach((event, step) => {
    const change = applyEvent(ledger, event, NOON + step);
    ledger = change.ledger;
    views.push(...change.orders);
  });
  return views;
}

describe("any story of an order", () => {
  const story = fc.array(anyEvent, { maxLength: 12 });

  test("each step of one process is taken over whole: no true transition is held for an old view", () => {
    fc.assert(
      fc.property(story, (events) => {
        const views = viewsOf(events);
        let stored = views[0] ?? sampleOrder();
        for (const view of views) {
          expect(evidenceRank(view)).toBeGreaterThanOrEqual(evidenceRank(stored));
          stored = mergeOrder(stored, view);
          expect(stored).toStrictEqual(view);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("an earlier view that arrives late changes nothing", () => {
    fc.assert(
      fc.property(story, fc.nat(), (events, pick) => {
        const views = viewsOf(events);
        const latest = views.at(-1) ?? sampleOrder();
        const earlier = views[pick % views.length] ?? latest;
        expect(mergeOrder(latest, earlier)).toEqual(latest);
        expect(mergeOrder(earlier, latest)).toEqual(latest);
      }),
      { numRuns: 500 },
    );
  });
});
