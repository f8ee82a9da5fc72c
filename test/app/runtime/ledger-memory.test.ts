import { describe, expect, it } from "vitest";
import type { EventPump } from "../../../src/app/runtime/event-pump.ts";
import { createEventPump } from "../../../src/app/runtime/event-pump.ts";
import { createLedgerMemory } from "../../../src/app/runtime/ledger-memory.ts";
import { createStore } from "../../../src/app/store/create-store.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { accountId, clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { ENDED_ORDERS_HELD } from "../../../src/core/domain/ledger-rows.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { fill, NOW, orderSample, report } from "../../core/domain/samples.ts";
import { createMemoryStorage } from "./memory-journal.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const OLD = clientOrderId("td-old");
const OLD_ID = orderId("C02__old");

/** Cancelled with a part filled, and changed before all others. */
const old: Order = orderSample({
  clientOrderId: OLD,
  orderId: OLD_ID,
  state: "cancelled",
  size: { kind: "base", quantity: quantity("0.1") },
  filledQuantity: quantity("0.04"),
  filledNotional: notional("2600"),
  reportedQuantity: quantity("0.04"),
  reportedNotional: notional("2600"),
  updatedAt: NOW - 1_000_000,
});
const oldFill = fill({ orderId: OLD_ID, clientOrderId: OLD });
const lateFill = fill({ tradeId: tradeId("t-2"), orderId: OLD_ID, clientOrderId: OLD, quantity: quantity("0.06") });

const ended = (n: number) =>
  orderSample({
    clientOrderId: clientOrderId(`td-${n}`),
    orderId: orderId(`C02__${n}`),
    state: "cancelled",
    updatedAt: NOW + n,
  });

/** A process over a store that holds more ended orders than memory does. */
function setup(over: { readonly orders?: readonly Order[]; readonly fills?: readonly Fill[] } = {}) {
  const disk = createMemoryStorage();
  for (const order of over.orders ?? [old, ...Array.from({ length: ENDED_ORDERS_HELD }, (_, n) => ended(n))]) {
    disk.orders.set(order.clientOrderId, order);
  }
  for (const it of over.fills ?? [oldFill]) disk.fills.set(it.tradeId, it);
  const store = createStore({ mode: "demo", version: "0", exchange: "none", accountId: accountId("demo:x") });
  const memory = createLedgerMemory({
    store,
    ...disk.storage,
    isAhead: () => pump.unwritten > 0,
    mark: disk.storage.journal.mark,
    now: () => now,
  });
  let now = NOW + 1_000_000;
  const clock = { now: () => (now += 1), monotonic: () => now, sleep: () => Promise.resolve() };
  const pump: EventPump = createEventPump({ store, journal: disk.storage.journal, memory, clock, logger: SILENT });
  memory.restore();
  return { disk, memory, pump, ledger: () => store.getState().trading };
}

describe("an order that is in the store alone", () => {
  it("is not loaded at start, and a fill that comes late still reaches it, once, on top of its earlier ones", () => {
    const { disk, pump, ledger } = setup();
    expect(ledger().orders.has(OLD)).toBe(false);
    expect(ledger().orders.size).toBe(ENDED_ORDERS_HELD);
    const told = { type: "fill-recorded", clientOrderId: OLD, fill: lateFill, source: "stream" } as const;
    pump.publish([told]);
    pump.publish([told]);
    expect(ledger().orders.get(OLD)).toMatchObject({ state: "cancelled", filledQuantity: quantity("0.1") });
    expect(disk.orders.get(OLD)?.filledQuantity).toBe(quantity("0.1"));
    expect(disk.events.map(({ event }) => event.type)).toEqual(["fill-recorded"]);
  });

  it("takes no fill twice, though memory has never seen it", () => {
    const { disk, pump, ledger } = setup();
    pump.publish([{ type: "fill-recorded", clientOrderId: OLD, fill: oldFill, source: "reconcile" }]);
    expect(disk.events).toEqual([]);
    expect(ledger().orders.get(OLD)?.filledQuantity).toBe(quantity("0.04"));
  });

  it("is found by the exchange's id, and never taken for one that was placed elsewhere", () => {
    const { disk, memory, pump, ledger } = setup();
    const { clientOrderId: _unnamed, ...seen } = report({ orderId: OLD_ID, status: "cancelled" });
    expect(memory.keyOf(seen)).toBe(OLD);
    const again = setup();
    const key = clientOrderId(`x-${OLD_ID}`);
    again.pump.publish([{ type: "order-reported", clientOrderId: key, report: seen, source: "stream" }]);
    expect(again.ledger().orders.has(key)).toBe(false);
    pump.publish([{ type: "order-reported", clientOrderId: OLD, report: seen, source: "stream" }]);
    expect(ledger().orders.get(OLD)?.origin).toBe("own");
    expect(disk.events).toEqual([]);
  });

  it("keeps its name from a second order that the exchange holds under the same client id", () => {
    const { pump, ledger } = setup();
    const twin = report({ orderId: orderId("C02__twin"), clientOrderId: OLD });
    const told: string[] = [];
    pump.onAnomaly((what) => told.push(what));
    pump.publish([{ type: "order-reported", clientOrderId: OLD, report: twin, source: "stream" }]);
    expect(ledger().orders.get(OLD)?.orderId).toBe(OLD_ID);
    expect(ledger().orders.get(clientOrderId("x-C02__twin"))?.origin).toBe("foreign");
    expect(told).toHaveLength(1);
  });

  it("comes back for whoever asks by name", () => {
    const { memory, ledger } = setup();
    expect(memory.recall(OLD)).toMatchObject({ state: "cancelled" });
    expect(ledger().fills.has(oldFill.tradeId)).toBe(true);
    expect(memory.recall(clientOrderId("nobody"))).toBeUndefined();
  });
});

it("counts a fill that another process has stored, though this one never journals it", () => {
  const held = orderSample({ state: "open", size: { kind: "base", quantity: quantity("0.1") } });
  const { disk, pump, ledger } = setup({ orders: [held], fills: [] });
  const its = fill();
  disk.fills.set(its.tradeId, its);
  disk.orders.set(held.clientOrderId, { ...held, state: "partially-filled", filledQuantity: its.quantity });
  pump.publish([{ type: "fill-recorded", clientOrderId: held.clientOrderId, fill: its, source: "stream" }]);
  expect(ledger().orders.get(held.clientOrderId)).toMatchObject({
    state: "partially-filled",
    filledQuantity: quantity("0.04"),
  });
  expect(disk.events).toEqual([]);
});

it("gives an order its stored fills when its first report comes after them", () => {
  const { pump, ledger } = setup({ orders: [], fills: [fill()] });
  const seen = report({ status: "partially-filled", executedQuantity: quantity("0.04") });
  pump.publish([{ type: "order-reported", clientOrderId: clientOrderId("td-1"), report: seen, source: "stream" }]);
  expect(ledger().orders.get(clientOrderId("td-1"))).toMatchObject({ filledQuantity: quantity("0.04") });
});

describe("an order that another process left working", () => {
  const theirs = orderSample({ clientOrderId: clientOrderId("td-theirs"), state: "unknown" });

  it("is taken up, so that it is shown and chased here too", () => {
    const { disk, memory, ledger } = setup({ orders: [], fills: [] });
    disk.orders.set(theirs.clientOrderId, theirs);
    memory.recallWorking();
    expect(ledger().orders.get(theirs.clientOrderId)).toMatchObject({ state: "unknown" });
  });

  it("is seen to be cancelling when that process asked for its end", () => {
    const held = orderSample({ state: "open" });
    const { disk, memory, ledger } = setup({ orders: [held], fills: [] });
    disk.orders.set(held.clientOrderId, { ...held, state: "cancelling", cancelRequestedAt: NOW });
    memory.recallWorking();
    expect(ledger().orders.get(held.clientOrderId)).toMatchObject({ state: "cancelling", cancelRequestedAt: NOW });
  });

  it("is ended here, too, when a person wrote it off there", () => {
    const { disk, memory, ledger } = setup({ orders: [theirs], fills: [] });
    disk.orders.set(theirs.clientOrderId, { ...theirs, state: "written-off" });
    expect(memory.recallWorking()).toEqual([]);
    expect(ledger().orders.get(theirs.clientOrderId)?.state).toBe("written-off");
  });

  it("does not overwrite what is known here and not on disk yet", () => {
    const held = orderSample({ state: "open" });
    const { disk, memory, pump, ledger } = setup({ orders: [held], fills: [] });
    disk.setBroken(true);
    const ended = report({ orderId: held.orderId ?? orderId("none"), status: "cancelled" });
    pump.publish([{ type: "order-reported", clientOrderId: held.clientOrderId, report: ended, source: "stream" }]);
    memory.recallWorking();
    expect(ledger().orders.get(held.clientOrderId)?.state).toBe("cancelled");
  });
});

describe("as orders come and go", () => {
  const foreignReport = (n: number) =>
    ({
      type: "order-reported",
      clientOrderId: clientOrderId(`new-${n}`),
      report: report({
        orderId: orderId(`C02__new-${n}`),
        clientOrderId: clientOrderId(`new-${n}`),
        status: "cancelled",
      }),
      source: "stream",
    }) as const;

  it("holds a bounded number of ended ones, and loses none", () => {
    const { disk, pump, ledger } = setup();
    const stored = disk.orders.size;
    for (let n = 0; n < 1_000; n += 1) pump.publish([foreignReport(n)]);
    expect(ledger().orders.size).toBeLessThanOrEqual(ENDED_ORDERS_HELD + 100);
    expect(disk.orders.size).toBe(stored + 1_000);
  });

  it("lets go of nothing while something is not on disk yet", () => {
    const { disk, pump, ledger } = setup({ orders: [], fills: [] });
    disk.setBroken(true);
    for (let n = 0; n < 700; n += 1) pump.publish([foreignReport(n)]);
    expect(ledger().orders.size).toBe(700);
    disk.setBroken(false);
    pump.retryWrites();
    pump.publish([foreignReport(700)]);
    expect(ledger().orders.size).toBe(ENDED_ORDERS_HELD);
    expect(disk.orders.size).toBe(701);
  });
});
