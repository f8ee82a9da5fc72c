import type { ClientOrderId, Timestamp } from "../identifiers.ts";
import type { Order } from "../order.ts";
import { isImmediate, isUnproven, isWorking } from "../order.ts";
import type { ProtectionLeg } from "../protection.ts";
import { exitsOf } from "../protection.ts";
import { executedQuantity } from "../order-execution.ts";
import type { GuardAction, GuardView } from "./guard-view.ts";

/** A cancel that has not ended its order by then is asked for again, ms. */
const CANCEL_AGAIN_MS = 5_000;
/** An order that rests or ends is told by the stream; by then it is asked for, ms. */
const ASK_AFTER_MS = 1_500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Whether so long has passed. A moment that lies ahead was noted by a clock that has been set back since: it has. */
function hasPassed(since: Timestamp, lengthMs: number, now: Timestamp): boolean {
  return now < since || now - since >= lengthMs;
}

/** What has to be known before anything else: exits that may still sell, as far as is proven. */
export function openExits({ protection, orders }: Pick<GuardView, "protection" | "orders">): readonly ClientOrderId[] {
  return exitsOf(protection).filter((id) => {
    const order = orders.get(id);
    return order === undefined || isWorking(order);
  });
}

/** Asks for the proof of an order: at once where its outcome is open, and after a while where only its end is. */
export function prove({ orders, now }: GuardView, clientOrderId: ClientOrderId): readonly GuardAction[] {
  const order = orders.get(clientOrderId);
  const isOpen = order === undefined || isUnproven(order);
  return isOpen || hasPassed(order.updatedAt, ASK_AFTER_MS, now) ? [{ kind: "prove", clientOrderId }] : [];
}

/**
 * What ends an order that shares the covered base, or still adds to it, before a sale.
 * @returns undefined once its end is proven
 */
export function endFirst(view: GuardView, clientOrderId: ClientOrderId): readonly GuardAction[] | undefined {
  const order = view.orders.get(clientOrderId);
  if (order === undefined) return [{ kind: "prove", clientOrderId }];
  if (!isWorking(order)) return undefined;
  // What never rests ends by itself.
  const isResting = !isImmediate(order.type);
  return isResting && needsCancel(order, view.now) ? [{ kind: "cancel", clientOrderId }] : prove(view, clientOrderId);
}

function needsCancel(order: Order, now: Timestamp): boolean {
  const { cancelRequestedAt } = order;
  if (isUnproven(order)) return false;
  return cancelRequestedAt === undefined || hasPassed(cancelRequestedAt, CANCEL_AGAIN_MS, now);
}

/** Exits of a leg that sold nothing, one after the other up to now. */
export function emptyAttempts({ orders }: GuardView, leg: ProtectionLeg): number {
  const sold = leg.attempts.map(({ exitOrderId }) => executedQuantity(orders.get(exitOrderId)) > 0n);
  return sold.length - (sold.lastIndexOf(true) + 1);
}

/** Whether a leg may try now. What was refused or sold nothing is tried again after a pause that doubles. */
export function mayTry(view: GuardView, leg: ProtectionLeg): boolean {
  const { memory, now } = view;
  const refusals = memory.legs.get(leg.legId)?.refusals;
  if (refusals !== undefined && !hasPassed(refusals.at, pauseMs(refusals.count), now)) return false;
  const empty = emptyAttempts(view, leg);
  const last = leg.attempts.at(-1);
  return empty === 0 || last === undefined || hasPassed(last.at, pauseMs(empty), now);
}

function pauseMs(count: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10), LONGEST_PAUSE_MS);
}
