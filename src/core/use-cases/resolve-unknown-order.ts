import type { OrderEvent } from "../domain/events.ts";
import type { ClientOrderId, Timestamp } from "../domain/identifiers.ts";
import type { Order, OrderReason } from "../domain/order.ts";
import { isUnproven } from "../domain/order.ts";
import type { ProofLook } from "../domain/proof-look.ts";
import type { TradingContext } from "./trading-context.ts";
import { heldOrder } from "./held-order.ts";
import { refreshOrder } from "./refresh-order.ts";
import { isListedStill, isPastTaking, untilPastTakingMs } from "./request-window.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

export interface ResolveOptions {
  /** One round of questions about it. */
  readonly seek?: typeof seekProof;
  /** Hears of each round that proved nothing, and when the next one begins. */
  readonly onLook?: (clientOrderId: ClientOrderId, look: ProofLook) => void;
  /** Hears why a look brought nothing: some causes only a person can mend. */
  readonly onFailedLook?: (cause: unknown) => void;
}

/**
 * Asks, with growing pauses, until the exchange has proven what became of an order. A question that fails proves
 * nothing. Ends when the order is no longer `submitted` or `unknown`, or when the signal aborts.
 * @returns the order as it then stands.
 */
export async function resolveUnknownOrder(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  signal: AbortSignal,
  { seek = seekProof, onLook, onFailedLook }: ResolveOptions = {},
): Promise<Order> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const order = heldOrder(context, clientOrderId);
    if (!isUnproven(order) || signal.aborted) return order;
    const askedAt = context.clock.now();
    let isAnswered = true;
    try {
      await seek(context, clientOrderId, signal);
    } catch (cause) {
      // The exchange did not answer: nothing is proven, and the order stays as it is.
      isAnswered = false;
      if (!signal.aborted) onFailedLook?.(cause);
    }
    if (!isUnproven(heldOrder(context, clientOrderId))) continue;
    // The first moment at which absence proves something is not slept through.
    const untilProvableMs = untilPastTakingMs(context, order.createdAt);
    const pauseMs = untilProvableMs > 0 ? Math.min(waitMs, untilProvableMs) : waitMs;
    onLook?.(clientOrderId, { askedAt, isAnswered, againAt: context.clock.now() + pauseMs });
    try {
      await context.clock.sleep(pauseMs, signal);
    } catch {
      return heldOrder(context, clientOrderId);
    }
  }
}

/** The exchange has spoken; that it was not heard at all is OUTCOME_UNKNOWN. */
const NOT_SEEN_YET = {
  code: "NOT_SEEN_YET",
  message: "The exchange answers that it knows no such order; it could still take the request.",
} as const;

const NOT_LISTED = {
  code: "NOT_LISTED_ANY_MORE",
  message:
    "The exchange shows no trace of it, and its lists do not reach back to it any more: what became of it cannot be proven. " +
    "End it with `tapedeck order write-off` once you know.",
} as const;

/**
 * One round of questions. Absence is believed only once the exchange can no longer take the request, counted from the
 * intent that stamped it, and only when the lists of orders and of executions agree. So it makes no difference which process sent it, or
 * whether that one is dead, asleep or still waiting.
 */
export async function seekProof(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  signal: AbortSignal,
): Promise<void> {
  const askedAt = context.clock.now();
  if ((await refreshOrder(context, clientOrderId, signal)) === "found") return;
  const order = heldOrder(context, clientOrderId);
  if (!isUnproven(order)) return;
  if (order.orderId !== undefined) {
    const reason = {
      code: "ORDER_VANISHED",
      message: "The exchange acknowledged this order and now shows no trace of it.",
    };
    if (order.reason?.code !== reason.code) context.publish([{ type: "order-vanished", clientOrderId, reason }]);
    return;
  }
  if (!isPastTaking(context, order.createdAt, askedAt)) {
    const seen = orderNotSeen(order);
    if (seen.length > 0) context.publish(seen);
    return;
  }
  // Listed once in vain, it is asked for by its name alone: lists cost the limits that other orders share.
  if (order.reason?.code === NOT_LISTED.code) return;
  const since = order.createdAt - 60_000;
  const listed = await context.accountData.fetchOrders({ symbol: order.symbol, since }, signal);
  const report = listed.find((candidate) => candidate.clientOrderId === clientOrderId);
  if (report !== undefined) {
    context.publish([{ type: "order-reported", clientOrderId, report, source: "query" }]);
    return;
  }
  // An execution proves the order, whatever the lists of orders say.
  const fills = await context.accountData.fetchFills({ symbol: order.symbol, since }, signal);
  const its = fills.filter((fill) => fill.clientOrderId === clientOrderId);
  if (its.length > 0) {
    context.publish(its.map((fill) => ({ type: "fill-recorded", clientOrderId, fill, source: "query" })));
    return;
  }
  const events = absenceOf(order, askedAt);
  if (events.length > 0) context.publish(events);
}

/** What is said of an order that the exchange answers not to know while it can still take it; nothing, if it was said. */
export function orderNotSeen(order: Order): readonly OrderEvent[] {
  return notSeen(order, NOT_SEEN_YET);
}

function notSeen(order: Order, reason: OrderReason): readonly OrderEvent[] {
  if (order.reason?.code === reason.code) return [];
  return [{ type: "order-not-seen", clientOrderId: order.clientOrderId, reason }];
}

/**
 * What it proves that the exchange shows no trace of an order and can no longer take it: that it never did, unless its
 * lists no longer reach back that far. Then nothing is proven, and the order stays unknown.
 */
export function absenceOf(order: Order, askedAt: Timestamp): readonly OrderEvent[] {
  return isListedStill(order.createdAt, askedAt) ? [orderAbsent(order.clientOrderId)] : notSeen(order, NOT_LISTED);
}

function orderAbsent(clientOrderId: ClientOrderId): Extract<OrderEvent, { type: "order-absent" }> {
  return {
    type: "order-absent",
    clientOrderId,
    reason: {
      code: "NEVER_REACHED_EXCHANGE",
      message: "The exchange knows no such order, by query and by list, and can no longer take the request.",
    },
  };
}
