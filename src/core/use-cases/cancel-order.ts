import type { ClientOrderId } from "../domain/identifiers.ts";
import type { Order, OrderReason } from "../domain/order.ts";
import { isWorking } from "../domain/order.ts";
import { heldOrder } from "./held-order.ts";
import { refreshOrder } from "./refresh-order.ts";
import type { Fence } from "../ports/journal.ts";
import type { TradingContext } from "./trading-context.ts";

export type CancelOrderResult =
  | { readonly kind: "not-found" }
  /** It had ended before we asked; nothing was sent. */
  | { readonly kind: "already-ended"; readonly order: Order }
  /** Accepted by the exchange. The end is proven only when `order.state` says `cancelled`, `filled` or `expired`. */
  | { readonly kind: "requested"; readonly order: Order }
  | { readonly kind: "rejected"; readonly order: Order; readonly reason: OrderReason }
  /** Not proven either way, or never sent; the order stays as it is until there is evidence. */
  | { readonly kind: "unknown" | "not-sent"; readonly order: Order; readonly reason: OrderReason };

/**
 * Asks the exchange to cancel. Its yes only means that it will try: the order may still fill, so the end is read from
 * the order itself. "Unknown order" is no failure but a question, answered by looking the order up.
 * @param fence for an act of the guardian. @throws AppError LEASE_LOST when another has taken over; nothing was sent then
 */
export async function cancelOrder(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  signal: AbortSignal,
  fence?: Fence,
): Promise<CancelOrderResult> {
  const order = context.recall(clientOrderId);
  if (order === undefined) return { kind: "not-found" };
  if (!isWorking(order)) return { kind: "already-ended", order };

  context.publish([{ type: "cancel-intended", clientOrderId }], fence);
  const name = order.origin === "own" ? { clientOrderId } : {};
  const outcome = await context.gateway.cancel(
    { symbol: order.symbol, ...name, ...(order.orderId === undefined ? {} : { orderId: order.orderId }) },
    signal,
  );
  switch (outcome.kind) {
    case "accepted":
      context.publish([{ type: "cancel-accepted", clientOrderId }]);
      return { kind: "requested", order: await lookAgain(context, clientOrderId, signal) };
    case "order-not-known": {
      const seen = await lookAgain(context, clientOrderId, signal);
      if (isWorking(seen)) {
        context.publish([{ type: "cancel-outcome-unknown", clientOrderId, reason: outcome.reason }]);
        return { kind: "unknown", order: heldOrder(context, clientOrderId), reason: outcome.reason };
      }
      return { kind: "already-ended", order: seen };
    }
    case "rejected":
      context.publish([{ type: "cancel-rejected", clientOrderId, reason: outcome.reason }]);
      return { kind: "rejected", order: heldOrder(context, clientOrderId), reason: outcome.reason };
    case "not-sent":
      context.publish([{ type: "cancel-rejected", clientOrderId, reason: outcome.reason }]);
      return { kind: "not-sent", order: heldOrder(context, clientOrderId), reason: outcome.reason };
    case "unknown":
      context.publish([{ type: "cancel-outcome-unknown", clientOrderId, reason: outcome.reason }]);
      return { kind: "unknown", order: heldOrder(context, clientOrderId), reason: outcome.reason };
  }
}

/** One look for the proof; when there is none yet, the order simply stays as it is. */
async function lookAgain(context: TradingContext, clientOrderId: ClientOrderId, signal: AbortSignal): Promise<Order> {
  try {
    await refreshOrder(context, clientOrderId, signal);
  } catch {
    // The cancel itself is recorded; the next reconcile brings what this look could not.
  }
  return heldOrder(context, clientOrderId);
}
