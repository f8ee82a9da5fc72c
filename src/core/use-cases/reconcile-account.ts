import type { DomainEvent } from "../domain/events.ts";
import type { ClientOrderId } from "../domain/identifiers.ts";
import { isWorking } from "../domain/order.ts";
import { missingFills } from "../domain/order-lifecycle.ts";
import { endLapsedCancel } from "./lapsed-cancel.ts";
import { fetchMissingFills, refreshOrder } from "./refresh-order.ts";
import { isUnproven, seekProof } from "./resolve-unknown-order.ts";
import type { TradingContext } from "./trading-context.ts";

export interface ReconcileSummary {
  readonly ordersChecked: number;
  readonly fillsAdded: number;
  /** Orders placed elsewhere that came to light. */
  readonly foreignFound: number;
  /** Orders whose outcome is still not proven, with how they stand. */
  readonly unresolved: readonly ClientOrderId[];
}

/**
 * Makes our view agree with the exchange's: balances, open orders, and every order of ours that may still trade.
 * Unlocks trading when it ends well. Unproven orders stay unproven and visible; they do not block the rest.
 * @throws AppError when the exchange gives no usable answer; trading stays as locked as it was.
 */
export async function reconcileAccount(context: TradingContext, signal: AbortSignal): Promise<ReconcileSummary> {
  const fillsBefore = context.ledger().fills.size;
  const known = context.ledger().orders;
  context.publish([{ type: "balances-replaced", balances: await context.accountData.fetchBalances(signal) }]);

  const askedAt = context.clock.now();
  const reports = await context.accountData.fetchOpenOrders(undefined, signal);
  const listed = new Set<ClientOrderId>();
  const events: DomainEvent[] = reports.map((report) => {
    const clientOrderId = context.keyOf(report);
    listed.add(clientOrderId);
    return { type: "order-reported", clientOrderId, report, source: "reconcile" };
  });
  if (events.length > 0) context.publish(events);
  for (const report of reports) endLapsedCancel(context, context.keyOf(report), report, askedAt);
  const foreignFound = [...listed].filter((id) => !known.has(id)).length;

  // Whatever we hold as working and the exchange does not list has ended, was never taken, or is on its way.
  for (const order of [...context.ledger().orders.values()]) {
    if (!isWorking(order) || listed.has(order.clientOrderId)) continue;
    if (isUnproven(order)) {
      await seekProof(context, order.clientOrderId, signal);
    } else if ((await refreshOrder(context, order.clientOrderId, signal)) === "not-found") {
      const reason = {
        code: "ORDER_VANISHED",
        message: "The exchange acknowledged this order and now shows no trace of it.",
      };
      context.publish([{ type: "order-vanished", clientOrderId: order.clientOrderId, reason }]);
    }
  }
  for (const order of [...context.ledger().orders.values()]) {
    if (missingFills(order) > 0n) await fetchMissingFills(context, order.clientOrderId, signal);
  }

  const unresolved = [...context.ledger().orders.values()].filter(isUnproven).map((order) => order.clientOrderId);
  const fillsAdded = context.ledger().fills.size - fillsBefore;
  context.publish([
    { type: "reconcile-finished", ordersChecked: listed.size, fillsAdded, unresolved: unresolved.length },
  ]);
  return { ordersChecked: listed.size, fillsAdded, foreignFound, unresolved };
}
