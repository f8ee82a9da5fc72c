import type { ClientOrderId, Timestamp } from "../domain/identifiers.ts";
import type { OrderReport } from "../domain/order.ts";
import { isPastTaking } from "./request-window.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * Ends the wait for a cancel that never took effect: the exchange was asked after it could last have taken it, and
 * shows the order working. The order is then as it was, and may be cancelled again. Should the cancel come true all the
 * same, that is seen like any other end.
 *
 * @param askedAt when the question left, not when its answer came; pushes carry no such moment and prove nothing here
 */
export function endLapsedCancel(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  report: OrderReport,
  askedAt: Timestamp,
): void {
  if (report.status !== "open" && report.status !== "partially-filled") return;
  const order = context.recall(clientOrderId);
  if (order?.state !== "cancelling" || order.orderId !== report.orderId) return;
  if (order.cancelRequestedAt === undefined || !isPastTaking(context, order.cancelRequestedAt, askedAt)) return;
  const reason = {
    code: "CANCEL_NOT_TAKEN",
    message: "The exchange shows the order still working, and can no longer take the cancel.",
  };
  const what = `the cancel of order ${clientOrderId} was not taken; the order still stands`;
  context.publish([
    { type: "cancel-rejected", clientOrderId, reason },
    { type: "anomaly-seen", what, clientOrderId },
  ]);
}
