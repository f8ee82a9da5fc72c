import type { Fill } from "./fill.ts";
import type { Order } from "./order.ts";
import { isWorking } from "./order.ts";
import { missingFills } from "./order-execution.ts";
import type { Protection } from "./protection.ts";
import type { TradingLedger } from "./trading-ledger.ts";

/** Ended orders that stay in memory, the latest changed; the store has the others. */
export const ENDED_ORDERS_HELD = 500;

/** Puts stored rows into the ledger. They stand for more than what it held of the same orders and fills. */
export function holdRows(
  ledger: TradingLedger,
  rows: { readonly orders: readonly Order[]; readonly fills: readonly Fill[] },
): TradingLedger {
  const orders = new Map(ledger.orders);
  const keyByOrderId = new Map(ledger.keyByOrderId);
  const fills = new Map(ledger.fills);
  for (const order of rows.orders) {
    orders.set(order.clientOrderId, order);
    if (order.orderId !== undefined) keyByOrderId.set(order.orderId, order.clientOrderId);
  }
  for (const fill of rows.fills) fills.set(fill.tradeId, fill);
  return { ...ledger, orders, keyByOrderId, fills };
}

/** Puts protections into the ledger as another process has left them. */
export function holdProtections(ledger: TradingLedger, read: readonly Protection[]): TradingLedger {
  const protections = new Map(ledger.protections);
  for (const protection of read) protections.set(protection.protectionId, protection);
  return { ...ledger, protections };
}

/**
 * Drops the ended orders beyond the latest, with their fills and with every fill whose order is not held. Only for a
 * ledger whose every row is in the store, from where it comes back when something is said of it.
 */
export function forgetEnded(ledger: TradingLedger): TradingLedger {
  const ended = [...ledger.orders.values()].filter((order) => !isWorking(order) && missingFills(order) === 0n);
  ended.sort((left, right) => right.updatedAt - left.updatedAt);
  const forgotten = new Set(ended.slice(ENDED_ORDERS_HELD).map((order) => order.clientOrderId));
  if (forgotten.size === 0) return ledger;
  const keyByOrderId = new Map([...ledger.keyByOrderId].filter(([, key]) => !forgotten.has(key)));
  return {
    ...ledger,
    orders: new Map([...ledger.orders].filter(([key]) => !forgotten.has(key))),
    keyByOrderId,
    fills: new Map([...ledger.fills].filter(([, fill]) => keyByOrderId.has(fill.orderId))),
  };
}
