import type { App } from "../../src/app/app.ts";
import type { Order } from "../../src/core/domain/order.ts";
import { formatMoney } from "../../src/core/domain/money.ts";
import type { ExchangeLedger } from "./exchange-controls.ts";

const STATES: Readonly<Record<string, readonly string[]>> = {
  NEW: ["open"],
  PARTIALLY_FILLED: ["partially-filled"],
  FILLED: ["filled"],
  CANCELED: ["cancelled", "expired"],
  PARTIALLY_CANCELED: ["cancelled", "expired"],
};

/**
 * Where what we hold, in memory and in the store, says something else than the exchange's ledger, in words; empty when
 * all agree to the last fill.
 */
export function ledgerDifferences(
  truth: ExchangeLedger,
  apiKey: string,
  { store, stored }: Pick<App, "store" | "stored">,
): readonly string[] {
  const { trading } = store.getState();
  const storedOrders = stored?.orders.list({}) ?? [];
  const storedFills = stored?.fills.list({}) ?? [];
  const byOrderId = new Map(storedOrders.map((order) => [order.orderId ?? "", order]));
  const fills = new Map(storedFills.map((fill) => [fill.tradeId as string, fill]));
  const found: string[] = [];
  const say = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) found.push(`${what}: ours ${String(ours)}, theirs ${String(theirs)}`);
  };
  const known = new Set(truth.orders.map((order) => order.orderId));
  for (const order of truth.orders) {
    const ours = byOrderId.get(order.orderId);
    if (ours === undefined) {
      found.push(`order ${order.orderId} (${order.status}) is not known to us`);
      continue;
    }
    if (STATES[order.status]?.includes(ours.state) !== true) say(`state of ${order.orderId}`, ours.state, order.status);
    say(`filled of ${order.orderId}`, formatMoney(ours.filledQuantity), order.executedQuantity);
  }
  for (const order of storedOrders) {
    if (order.orderId !== undefined && !known.has(order.orderId)) found.push(`order ${order.orderId} is not theirs`);
    const held = trading.orders.get(order.clientOrderId);
    if (held === undefined) continue;
    say(`state in memory of ${order.clientOrderId}`, kindOfEnd(held), kindOfEnd(order));
    say(`filled in memory of ${order.clientOrderId}`, held.filledQuantity, order.filledQuantity);
  }
  const trades = new Map(truth.trades.map((trade) => [trade.tradeId, trade]));
  for (const trade of trades.values()) {
    const ours = fills.get(trade.tradeId);
    say(`fill ${trade.tradeId}`, ours === undefined ? "missing" : formatMoney(ours.quantity), trade.quantity);
  }
  for (const id of fills.keys()) if (!trades.has(id)) found.push(`fill ${id} is not theirs`);
  for (const [asset, balance] of Object.entries(truth.accounts[apiKey] ?? {})) {
    const ours = trading.balances.get(asset as never);
    say(`free ${asset}`, formatMoney(ours?.free ?? (0n as never)), balance.free);
    say(`locked ${asset}`, formatMoney(ours?.locked ?? (0n as never)), balance.locked);
  }
  return found;
}

/**
 * An order that never became one is told as rejected, denied or expired, by how it came to light: two processes may have
 * learned it in two ways, and both are right.
 */
export function kindOfEnd({ state, orderId }: Pick<Order, "state" | "orderId">): string {
  const neverWas = state === "rejected" || state === "denied" || (state === "expired" && orderId === undefined);
  return neverWas ? "never was" : state;
}
