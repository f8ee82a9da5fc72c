import type { ClientOrderId } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { isWorking } from "../domain/order.ts";
import { heldOrder } from "./held-order.ts";
import type { TradingContext } from "./trading-context.ts";

export type AdoptOrderResult =
  | { readonly kind: "not-found" }
  /** It is ours already, placed or adopted. */
  | { readonly kind: "ours"; readonly order: Order }
  /** It cannot trade any more, so there is nothing to take care of. */
  | { readonly kind: "ended"; readonly order: Order }
  | { readonly kind: "adopted"; readonly order: Order };

/**
 * Puts an order that was placed elsewhere into our care: from then on it is treated like one of ours. Sends nothing.
 * @throws AppError STORAGE_FAILED when that could not be written.
 */
export function adoptOrder(context: TradingContext, clientOrderId: ClientOrderId): AdoptOrderResult {
  const order = context.recall(clientOrderId);
  if (order === undefined) return { kind: "not-found" };
  if (order.origin !== "foreign") return { kind: "ours", order };
  if (!isWorking(order)) return { kind: "ended", order };
  context.publish([{ type: "order-adopted", clientOrderId }]);
  return { kind: "adopted", order: heldOrder(context, clientOrderId) };
}
