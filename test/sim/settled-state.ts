import { createHash } from "node:crypto";
import { isWorking } from "../../src/core/domain/order.ts";
import type { App } from "../../src/app/app.ts";
import type { AccountStorage } from "../../src/app/app-parts.ts";
import { kindOfEnd } from "./ledger-differences.ts";

/** Of this process's memory, and of the disk, where another process may have left them. */
export function unprovenOrders({ store, stored }: App): readonly string[] {
  const held = [...store.getState().trading.orders.values()];
  const onDisk = stored?.orders.list({ working: true }) ?? [];
  return [...held, ...onDisk]
    .filter(({ state }) => state === "unknown" || state === "submitted" || state === "cancelling")
    .map(({ clientOrderId, state }) => `${clientOrderId} is still ${state}`);
}

/** Of everything that is true of the account, without when we came to know it. */
export function stateHash(stored: AccountStorage): string {
  const orders = stored.orders
    .list({})
    .map((order) => [
      order.clientOrderId,
      order.orderId ?? "",
      kindOfEnd(order),
      isWorking(order),
      String(order.filledQuantity),
      String(order.filledNotional),
      order.origin,
    ]);
  const fills = stored.fills.list({}).map((fill) => [fill.tradeId, String(fill.quantity), String(fill.price)]);
  return createHash("sha256")
    .update(JSON.stringify([orders, fills]))
    .digest("hex")
    .slice(0, 16);
}
