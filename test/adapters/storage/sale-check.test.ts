import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import { applyProtectionEvent } from "../../../src/core/domain/protection-events.ts";
import type { ReckonedSale } from "../../../src/core/ports/journal.ts";
import { protectionSample } from "../../core/domain/samples.ts";
import type { TestHome } from "./samples.ts";
import { ACCOUNT, batchOf, intentBatch, NOON, openOrder, sampleFill, temporaryHome } from "./samples.ts";

const SYMBOL = marketSymbol("BTCUSDT");
const SELL = { side: "sell" } as const;
let home: TestHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => {
  home.remove();
});
const open = () => home.open().forAccount(ACCOUNT);

/** A sale that closes the position, planned before anything of this test happened unless told otherwise. */
function closing(id: string, reckoned: Partial<ReckonedSale> = {}) {
  const base = { symbol: SYMBOL, sales: [clientOrderId(id)], soldFills: 0, beside: [], takes: [] };
  return { ...intentBatch(id, SELL), fence: { reckoned: { ...base, ...reckoned } } };
}

const refusedFor = (code: string) => expect.objectContaining({ code, exitCode: 5 }) as unknown;
const POSITION_CHANGED = refusedFor("POSITION_CHANGED");
const PROTECTION_CHANGED = refusedFor("PROTECTION_CHANGED");

test("of two processes that close at once one is kept, and nothing of the other", () => {
  const [here, there] = [open(), open()];
  here.journal.commit(closing("first"));
  expect(() => there.journal.commit(closing("second"))).toThrow(POSITION_CHANGED);
  expect(there.orders.list({}).map((order) => order.clientOrderId)).toEqual(["first"]);
  expect(there.journal.latest(9)).toHaveLength(1);
  // Planned with the first one in sight, it may sell what that one leaves.
  const sales = [clientOrderId("second"), clientOrderId("first")];
  expect(there.journal.commit(closing("second", { sales }))).toHaveLength(1);
});

test("a sale that has ended since is told by what it executed, before its fills are there and after", () => {
  const [here, there] = [open(), open()];
  const id = orderId("C02__9");
  const sold = openOrder(
    { ...SELL, orderId: id, state: "filled", reportedQuantity: quantity("0.002"), reportedNotional: notional("130") },
    "first",
  );
  here.journal.commit(batchOf({ orders: [sold] }));
  expect(() => there.journal.commit(closing("second"))).toThrow(POSITION_CHANGED);
  const its = sampleFill("t9", { ...SELL, orderId: id, clientOrderId: clientOrderId("first") });
  here.journal.commit(batchOf({ fills: [{ ...its, quantity: quantity("0.002") }] }));
  expect(() => there.journal.commit(closing("second"))).toThrow(POSITION_CHANGED);
  expect(there.journal.commit(closing("second", { soldFills: 1 }))).toHaveLength(1);
});

test("purchases, sales that executed nothing and other markets are not in its way", () => {
  const [here, there] = [open(), open()];
  here.journal.commit(intentBatch("bought", { side: "buy" }));
  here.journal.commit(batchOf({ fills: [sampleFill("t1", { side: "buy" })] }));
  here.journal.commit(batchOf({ orders: [openOrder({ ...SELL, state: "rejected" }, "refused")] }));
  here.journal.commit(intentBatch("elsewhere", { ...SELL, symbol: marketSymbol("ETHUSDT") }));
  expect(there.journal.commit(closing("second"))).toHaveLength(1);
});

test("a protection that was armed or changed since refuses it, and is left as it is", () => {
  const [here, there] = [open(), open()];
  const protection = protectionSample();
  const at = NOON;
  here.journal.commit(
    batchOf({
      events: [{ type: "protection-armed", protection }],
      protections: [{ protection, replaces: undefined, beside: [] }],
    }),
  );
  expect(() => there.journal.commit(closing("unaware"))).toThrow(PROTECTION_CHANGED);

  const sale = { closeOrderId: clientOrderId("close"), after: quantity("0"), quantity: quantity("0.002") };
  const event = { type: "close-attempted", protectionId: "p1", sale } as const;
  const change = { protection: applyProtectionEvent(protection, event, at).protection, replaces: 1 };
  const close = closing("close", { beside: ["p1"] });
  const whole = { ...close, events: [event, ...close.events], protections: [change] };
  const fired = applyProtectionEvent(protection, { type: "leg-fired", protectionId: "p1", legId: "sl" }, at).protection;
  here.journal.commit(batchOf({ at, events: [], protections: [{ protection: fired, replaces: 1 }] }));
  expect(() => there.journal.commit(whole)).toThrow(PROTECTION_CHANGED);
  // Taken over by this process since the plan: the version that is replaced is the stored one, and still not the planned.
  const late = closing("late", { beside: ["p1"], takes: [{ protectionId: "p1", version: 1 }] });
  expect(() => there.journal.commit(late)).toThrow(PROTECTION_CHANGED);
  expect([there.orders.list({}), there.protections.find("p1")]).toEqual([[], fired]);
});
