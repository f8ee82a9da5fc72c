import { maximum } from "../../core/domain/money.ts";
import type { Order, OrderOrigin } from "../../core/domain/order.ts";
import { isUnproven, isWorking } from "../../core/domain/order.ts";

/**
 * How much a view of an order proves. No legitimate transition lowers it, so a lower one is an older view.
 *
 * 0 on its way · 1 outcome unknown · 2 held to have never become an order · 3 known to the exchange · 4 ended there ·
 * 5 filled.
 */
export function evidenceRank(order: Pick<Order, "state" | "orderId">): number {
  if (order.state === "filled") return 5;
  const isOver = !isWorking(order);
  // A person's word ends it and proves nothing: whatever the exchange shows of it stands as high, and comes later.
  if (order.state === "written-off") return order.orderId === undefined ? 1 : 3;
  if (order.orderId !== undefined) return isOver && order.state !== "rejected" && order.state !== "denied" ? 4 : 3;
  if (isOver) return 2;
  return order.state === "submitted" ? 0 : 1;
}

/** Who placed it knows most of it; and what a person adopted is not foreign again because another process did not hear. */
const ORIGIN_RANK: Readonly<Record<OrderOrigin, number>> = { foreign: 0, adopted: 1, own: 2 };

/**
 * Joins what two processes know of one order: the screen and a command may hold views of different age. The state comes
 * from the stronger evidence, then from the larger reported execution, then from the later change; a draw goes to the
 * incoming view. What only grows (executions, the exchange's id) is never lost, whichever view wins.
 *
 * Between views of equal evidence the wall clock decides; when it was set back, the next word of the exchange heals it.
 */
export function mergeOrder(stored: Order, incoming: Order): Order {
  const [winner, other] = isOlder(incoming, stored) ? [stored, incoming] : [incoming, stored];
  const placed = ORIGIN_RANK[other.origin] > ORIGIN_RANK[winner.origin] ? other : winner;
  const { orderId: _orderId, cancelRequestedAt: _cancelRequestedAt, limitPrice: _limitPrice, ...standing } = winner;
  const orderId = winner.orderId ?? other.orderId;
  const cancelRequestedAt = winner.cancelRequestedAt ?? other.cancelRequestedAt;
  const limitPrice = placed.limitPrice;
  const filled = winner.filledQuantity >= other.filledQuantity ? winner : other;
  return {
    ...standing,
    ...(orderId === undefined ? {} : { orderId }),
    // The intent says more about the order than the exchange's view of it: the size in quote, the type as asked for.
    origin: placed.origin,
    type: placed.type,
    size: placed.size,
    createdAt: placed.createdAt,
    ...(limitPrice === undefined ? {} : { limitPrice }),
    filledQuantity: filled.filledQuantity,
    filledNotional: filled.filledNotional,
    reportedQuantity: maximum(stored.reportedQuantity, incoming.reportedQuantity),
    reportedNotional: maximum(stored.reportedNotional, incoming.reportedNotional),
    updatedAt: Math.max(stored.updatedAt, incoming.updatedAt),
    ...(cancelRequestedAt === undefined ? {} : { cancelRequestedAt }),
  };
}

function isOlder(view: Order, than: Order): boolean {
  const byEvidence = evidenceRank(view) - evidenceRank(than);
  if (byEvidence !== 0) return byEvidence < 0;
  if (view.reportedQuantity !== than.reportedQuantity) return view.reportedQuantity < than.reportedQuantity;
  // Not knowing is no news to whoever wrote it off, however late another process says so.
  if (than.state === "written-off" && isUnproven(view)) return true;
  if (view.state === "written-off" && isUnproven(than)) return false;
  return view.updatedAt < than.updatedAt;
}
