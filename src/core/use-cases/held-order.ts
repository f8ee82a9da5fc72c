import type { ClientOrderId } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import type { TradingContext } from "./trading-context.ts";

/** The order as it is held now. An order with a published intent is always there. */
export function heldOrder(context: TradingContext, clientOrderId: ClientOrderId): Order {
  const order = context.recall(clientOrderId);
  if (order === undefined) throw new Error(`order ${clientOrderId} is not held`);
  return order;
}
