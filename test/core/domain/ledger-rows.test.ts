import { expect, it } from "vitest";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { ENDED_ORDERS_HELD, forgetEnded, holdRows } from "../../../src/core/domain/ledger-rows.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { fill, NOW, orderSample } from "./samples.ts";

const nth = (n: number, over: Partial<Order> = {}): Order =>
  orderSample({
    clientOrderId: clientOrderId(`td-${n}`),
    orderId: orderId(`C02__${n}`),
    state: "filled",
    filledQuantity: quantity("0.04"),
    reportedQuantity: quantity("0.04"),
    updatedAt: NOW + n,
    ...over,
  });
const fillOf = (n: number): Fill => fill({ tradeId: tradeId(`t-${n}`), orderId: orderId(`C02__${n}`) });

/** One more ended order than is held, the oldest of them first. */
const MANY = Array.from({ length: ENDED_ORDERS_HELD + 1 }, (_, n) => nth(n));

it("lets go of the ended orders that changed longest ago, with their fills and the way to find them", () => {
  const ledger = forgetEnded(holdRows(EMPTY_LEDGER, { orders: MANY, fills: [fillOf(0), fillOf(1)] }));
  expect(ledger.orders.size).toBe(ENDED_ORDERS_HELD);
  expect(ledger.orders.has(clientOrderId("td-0"))).toBe(false);
  expect(ledger.keyByOrderId.has(orderId("C02__0"))).toBe(false);
  expect([...ledger.fills.keys()]).toEqual(["t-1"]);
});

it.each([
  ["may still trade", { state: "open" }],
  ["is not proven", { state: "unknown" }],
  ["has executed more than its fills show", { reportedQuantity: quantity("0.1") }],
] as const)("keeps an order that %s, however old", (_why, over) => {
  const held = [nth(0, over), ...MANY.slice(1), nth(ENDED_ORDERS_HELD + 1)];
  const ledger = forgetEnded(holdRows(EMPTY_LEDGER, { orders: held, fills: [] }));
  expect(ledger.orders.has(clientOrderId("td-0"))).toBe(true);
  expect(ledger.orders.size).toBe(ENDED_ORDERS_HELD + 1);
});
