import type { AppState } from "../../src/app/store/create-store.ts";
import { formatMoney } from "../../src/core/domain/money.ts";
import type { ExchangeLedger } from "./exchange-controls.ts";

const STATES: Readonly<Record<string, readonly string[]>> = {
  NEW: ["open"],
  PARTIALLY_FILLED: ["partially-filled"],
  FILLED: ["filled"],
  CANCELED: ["cancelled", "expired"],
  PARTIALLY_CANCELED: ["cancelled", "expired"],
};

/** Where our ledger says something else than the exchange's, in words; empty when the two agree to the last fill. */
export function ledgerDifferences(truth: ExchangeLedger, apiKey: string, { trading }: AppState): readonly string[] {
  const found: string[] = [];
  const say = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) found.push(`${what}: ours ${String(ours)}, theirs ${String(theirs)}`);
  };
  const known = new Set(truth.orders.map((order) => order.orderId));
  for (const order of truth.orders) {
    const key = trading.keyByOrderId.get(order.orderId as never);
    const ours = key === undefined ? undefined : trading.orders.get(key);
    if (ours === undefined) {
      found.push(`order ${order.orderId} (${order.status}) is not known to us`);
      continue;
    }
    if (STATES[order.status]?.includes(ours.state) !== true) say(`state of ${order.orderId}`, ours.state, order.status);
    say(`filled of ${order.orderId}`, formatMoney(ours.filledQuantity), order.executedQuantity);
  }
  for (const order of trading.orders.values()) {
    if (order.orderId !== undefined && !known.has(order.orderId)) found.push(`order ${order.orderId} is not theirs`);
  }
  const trades = new Map(truth.trades.map((trade) => [trade.tradeId, trade]));
  for (const trade of trades.values()) {
    const ours = trading.fills.get(trade.tradeId as never);
    say(`fill ${trade.tradeId}`, ours === undefined ? "missing" : formatMoney(ours.quantity), trade.quantity);
  }
  for (const id of trading.fills.keys()) if (!trades.has(id)) found.push(`fill ${id} is not theirs`);
  for (const [asset, balance] of Object.entries(truth.accounts[apiKey] ?? {})) {
    const ours = trading.balances.get(asset as never);
    say(`free ${asset}`, formatMoney(ours?.free ?? (0n as never)), balance.free);
    say(`locked ${asset}`, formatMoney(ours?.locked ?? (0n as never)), balance.locked);
  }
  return found;
}
