import type { ClientOrderId, Timestamp } from "../identifiers.ts";
import type { Order } from "../order.ts";
import { isUnproven } from "../order.ts";
import { executedQuantity } from "../order-execution.ts";
import type { Protection, ProtectionLeg } from "../protection.ts";
import { isLegOpen } from "../protection.ts";

/** An exit was sent, and the base may be as unsold as before: nothing of it is proven, or it was refused. */
export interface ExitTrouble {
  readonly kind: "exit-unproven" | "exit-refused";
  readonly leg: ProtectionLeg;
  readonly exitOrderId: ClientOrderId;
  /** In words, beginning with the leg. */
  readonly what: string;
}

/**
 * What stands in the way of the exits of a protection, by the last of each leg: only that one can be open. An order that
 * is not among those given has ended long ago and says nothing.
 */
export function exitTroubles(
  protection: Protection,
  orders: ReadonlyMap<ClientOrderId, Order>,
): readonly ExitTrouble[] {
  return protection.legs.filter(isLegOpen).flatMap((leg): readonly ExitTrouble[] => {
    const exitOrderId = leg.attempts.at(-1)?.exitOrderId;
    const order = exitOrderId === undefined ? undefined : orders.get(exitOrderId);
    if (exitOrderId === undefined || order === undefined) return [];
    const because = order.reason === undefined ? "" : `: ${order.reason.message}`;
    if (isUnproven(order)) {
      const what = `${leg.legId} may not have sold, the outcome of its exit ${exitOrderId} is not proven${because}`;
      return [{ kind: "exit-unproven", leg, exitOrderId, what }];
    }
    // A leg that waits for its level anew has been told apart from this, and one that is blocked tells why.
    const isRefused = (order.state === "rejected" || order.state === "denied") && executedQuantity(order) === 0n;
    if (!isRefused || leg.state !== "exiting" || leg.blocked !== undefined) return [];
    return [{ kind: "exit-refused", leg, exitOrderId, what: `the last exit of ${leg.legId} was refused${because}` }];
  });
}

/** The usual answer takes a fraction of it: an exit that is only just under way calls for nobody. ms */
const ANSWER_MS = 2_000;

/** Whether a trouble calls for a person by now. */
export function isPressing(trouble: ExitTrouble, orders: ReadonlyMap<ClientOrderId, Order>, now: Timestamp): boolean {
  const order = orders.get(trouble.exitOrderId);
  if (order?.state !== "submitted") return true;
  return now < order.createdAt || now - order.createdAt >= ANSWER_MS;
}
