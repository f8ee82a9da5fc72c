import type { OrderEvent } from "./events.ts";
import type { Fill } from "./fill.ts";
import type { Timestamp } from "./identifiers.ts";
import { add, maximum } from "./money.ts";
import type { Notional, Quantity } from "./money.ts";
import { executedQuantity } from "./order-execution.ts";
import type { Order, OrderReport, OrderState } from "./order.ts";
import { isImmediate, isWorking, orderedQuantity } from "./order.ts";

/** The next state and, when the event has no row in the table, what was odd about it. Never throws. */
export interface OrderTransition {
  readonly order: Order;
  readonly anomaly?: string;
}

type Step = OrderState | "stay" | "resume";
type PlainEventType = Exclude<OrderEvent["type"], "order-intended" | "order-reported" | "order-adopted">;

/**
 * The transitions that follow from an event's type alone. `stay` keeps the state on purpose: the event is late or adds
 * nothing. `resume` goes back to what the executions show. A missing row is an anomaly.
 *
 * Acceptance never overrides what the stream already proved, and an unknown outcome never overrides any proof.
 */
const TRANSITIONS: Readonly<Record<OrderState, Readonly<Partial<Record<PlainEventType, Step>>>>> = {
  submitted: {
    "order-written-off": "written-off",
    "order-not-sent": "denied",
    "order-accepted": "resume",
    "order-rejected": "rejected",
    "order-outcome-unknown": "unknown",
    "order-not-seen": "stay",
    "order-absent": "expired",
    "cancel-intended": "stay",
    "cancel-accepted": "stay",
    "cancel-rejected": "stay",
    "cancel-outcome-unknown": "stay",
  },
  unknown: {
    "order-written-off": "written-off",
    "order-vanished": "stay",
    "order-accepted": "resume",
    "order-rejected": "rejected",
    "order-outcome-unknown": "stay",
    "order-not-seen": "stay",
    "order-absent": "expired",
    "cancel-intended": "stay",
    "cancel-accepted": "stay",
    "cancel-rejected": "stay",
    "cancel-outcome-unknown": "stay",
  },
  open: {
    "order-accepted": "stay",
    "order-outcome-unknown": "stay",
    "order-vanished": "unknown",
    "cancel-intended": "cancelling",
    "cancel-rejected": "stay",
    "cancel-outcome-unknown": "cancelling",
    "cancel-accepted": "cancelling",
  },
  "partially-filled": {
    "order-accepted": "stay",
    "order-outcome-unknown": "stay",
    "order-vanished": "unknown",
    "cancel-intended": "cancelling",
    "cancel-rejected": "stay",
    "cancel-outcome-unknown": "cancelling",
    "cancel-accepted": "cancelling",
  },
  cancelling: {
    "order-vanished": "unknown",
    "order-accepted": "stay",
    "order-outcome-unknown": "stay",
    "cancel-intended": "stay",
    "cancel-accepted": "stay",
    "cancel-rejected": "resume",
    "cancel-outcome-unknown": "stay",
  },
  filled: lateAnswers(),
  cancelled: lateAnswers(),
  expired: { ...lateAnswers(), "order-absent": "stay" },
  rejected: { "order-rejected": "stay", "order-outcome-unknown": "stay" },
  denied: { "order-not-sent": "stay" },
  // Only what the exchange shows of it changes a person's word; that nothing is shown was known when it was given.
  "written-off": {
    ...lateAnswers(),
    "order-written-off": "stay",
    "order-vanished": "stay",
    "order-not-seen": "stay",
    "order-absent": "stay",
  },
};

function lateAnswers(): Partial<Record<PlainEventType, Step>> {
  return {
    "order-accepted": "stay",
    "order-outcome-unknown": "stay",
    "cancel-intended": "stay",
    "cancel-accepted": "stay",
    "cancel-rejected": "stay",
    "cancel-outcome-unknown": "stay",
  };
}

/** Their reason says more than what was known, even where the state stays as it is. */
const TELLS_MORE: ReadonlySet<OrderEvent["type"]> = new Set([
  "order-not-seen",
  "order-vanished",
  "cancel-rejected",
  "cancel-outcome-unknown",
]);

/** Applies anything but the intent, which makes the order: see `orderFromIntent`. */
export function applyOrderEvent(
  order: Order,
  event: Exclude<OrderEvent, { type: "order-intended" }>,
  at: Timestamp,
): OrderTransition {
  if (event.type === "order-reported") return applyReport(order, event.report, at);
  if (event.type === "order-adopted") return applyAdoption(order, at);
  const step = TRANSITIONS[order.state][event.type];
  if (step === undefined) return { order, anomaly: `${event.type} for an order that is ${order.state}` };
  if (claimsItNeverWas(step) && executedQuantity(order) > 0n) {
    return { order, anomaly: `${event.type} for an order that has executed` };
  }
  const state = step === "stay" ? order.state : step === "resume" ? stateByExecution(order) : step;
  const next: Order = {
    ...order,
    state,
    updatedAt: at,
    ...(event.type === "order-accepted" && order.orderId === undefined ? { orderId: event.orderId } : {}),
    ...("reason" in event && (step !== "stay" || TELLS_MORE.has(event.type)) ? { reason: event.reason } : {}),
    ...(event.type === "cancel-intended" || isLaterWordOfCancel(order, event.type) ? { cancelRequestedAt: at } : {}),
  };
  if (event.type === "order-accepted" && order.orderId !== undefined && order.orderId !== event.orderId) {
    return { order: next, anomaly: `accepted as ${event.orderId}, but known as ${order.orderId}` };
  }
  return { order: state === "open" && order.state !== "open" ? withoutReason(next) : next };
}

/**
 * A process that stood still between the wish and the request sends it late: how long the exchange may still take it
 * counts from when it is known to have left.
 */
function isLaterWordOfCancel(order: Order, type: PlainEventType): boolean {
  const isWord = type === "cancel-accepted" || type === "cancel-outcome-unknown";
  return isWord && order.cancelRequestedAt !== undefined && isWorking(order);
}

/** Care is about the order as it stands: nothing but its origin changes. */
function applyAdoption(order: Order, at: Timestamp): OrderTransition {
  if (order.origin !== "foreign") return { order, anomaly: `adopted, though it is ${order.origin}` };
  return { order: { ...order, origin: "adopted", updatedAt: at } };
}

/** The exchange's own view wins over everything but a newer view of its own: cumulative sums never run backwards. */
function applyReport(order: Order, report: OrderReport, at: Timestamp): OrderTransition {
  if (order.orderId !== undefined && order.orderId !== report.orderId) {
    return { order, anomaly: `reported as ${report.orderId}, but known as ${order.orderId}` };
  }
  const known: Order = {
    ...order,
    orderId: report.orderId,
    reportedQuantity: maximum(order.reportedQuantity, report.executedQuantity),
    reportedNotional: maximum(order.reportedNotional, report.executedNotional),
    updatedAt: at,
  };
  const ended = order.state === "filled" || order.state === "cancelled" || order.state === "expired";
  if (report.status === "filled") {
    const odd = order.state === "cancelled" ? "filled after it was cancelled" : denialBroken(order);
    return withAnomaly(withoutReason({ ...known, state: "filled" }), odd);
  }
  if (report.status === "cancelled") {
    if (order.state === "filled") return { order: known, anomaly: "cancelled after it was filled" };
    if (ended && hasOrder(order)) return { order: known };
    // An immediate order ends by itself whether or not a process asked to cancel it: each says the same word of it.
    const byItself = isImmediate(order.type);
    return withAnomaly(withoutReason({ ...known, state: byItself ? "expired" : "cancelled" }), denialBroken(order));
  }
  // A working status after an ended one is an older view overtaken on its way, unless we had no order at all.
  if (ended && hasOrder(order)) return { order: known };
  const state = order.state === "cancelling" ? "cancelling" : stateByExecution(known);
  return withAnomaly(withoutReason({ ...known, state }), denialBroken(order));
}

/** Adds one execution. The caller has made sure that its trade id is new. */
export function applyFillToOrder(order: Order, fill: Fill, at: Timestamp): OrderTransition {
  const filledQuantity = add(order.filledQuantity, fill.quantity);
  const known: Order = {
    ...order,
    orderId: order.orderId ?? fill.orderId,
    filledQuantity,
    filledNotional: add(order.filledNotional, fill.notional),
    reportedQuantity: maximum(order.reportedQuantity, filledQuantity),
    updatedAt: at,
  };
  const wanted = orderedQuantity(order);
  if (wanted !== undefined && filledQuantity > wanted) {
    return { order: known, anomaly: `filled ${filledQuantity - wanted} units beyond the ordered quantity` };
  }
  if (order.state === "filled" || order.state === "cancelled") return { order: known };
  if (order.state === "expired" && hasOrder(order)) return { order: known };
  const complete = wanted !== undefined && filledQuantity === wanted;
  const state = complete ? "filled" : order.state === "cancelling" ? "cancelling" : "partially-filled";
  return withAnomaly(withoutReason({ ...known, state }), denialBroken(order));
}

function claimsItNeverWas(step: Step): boolean {
  return step === "denied" || step === "rejected" || step === "expired";
}

/** How an order that rests stands by its executions alone. */
function stateByExecution(order: Order): "open" | "partially-filled" | "filled" {
  const executed = executedQuantity(order);
  const wanted = orderedQuantity(order);
  if (wanted !== undefined && executed >= wanted) return "filled";
  return executed > 0n ? "partially-filled" : "open";
}

/** An expired order with no exchange id is a request that was proven never to have become an order. */
function hasOrder(order: Order): boolean {
  return order.orderId !== undefined;
}

function denialBroken(order: Order): string | undefined {
  if (order.state === "written-off") return "the exchange shows an order that was written off";
  const neverWas =
    order.state === "denied" || order.state === "rejected" || (order.state === "expired" && !hasOrder(order));
  return neverWas ? `the exchange shows an order we held as ${order.state}` : undefined;
}

function withAnomaly(order: Order, anomaly: string | undefined): OrderTransition {
  return anomaly === undefined ? { order } : { order, anomaly };
}

function withoutReason(order: Order): Order {
  const { reason: _reason, ...rest } = order;
  return rest;
}

/** The order an intent makes. */
export function orderFromIntent(event: Extract<OrderEvent, { type: "order-intended" }>): Order {
  const { clientOrderId, draft, at } = event.intent;
  return {
    clientOrderId,
    symbol: draft.symbol,
    side: draft.side,
    type: draft.type,
    size: draft.size,
    ...(draft.limitPrice === undefined ? {} : { limitPrice: draft.limitPrice }),
    state: "submitted",
    filledQuantity: 0n as Quantity,
    filledNotional: 0n as Notional,
    reportedQuantity: 0n as Quantity,
    reportedNotional: 0n as Notional,
    origin: "own",
    createdAt: at,
    updatedAt: at,
  };
}

/** The order a report shows that we did not place. */
export function orderFromReport(event: Extract<OrderEvent, { type: "order-reported" }>, at: Timestamp): Order {
  const { report } = event;
  const blank: Order = {
    clientOrderId: event.clientOrderId,
    orderId: report.orderId,
    symbol: report.symbol,
    side: report.side,
    type: report.type,
    size: { kind: "base", quantity: report.quantity ?? report.executedQuantity },
    ...(report.limitPrice === undefined ? {} : { limitPrice: report.limitPrice }),
    state: "open",
    filledQuantity: 0n as Quantity,
    filledNotional: 0n as Notional,
    reportedQuantity: 0n as Quantity,
    reportedNotional: 0n as Notional,
    origin: "foreign",
    createdAt: report.createdAt,
    updatedAt: at,
  };
  return applyReport(blank, report, at).order;
}
