import type { CancelOrderResult } from "../../../app/app.ts";
import { AppError } from "../../../core/domain/errors.ts";
import type { Order } from "../../../core/domain/order.ts";
import type { ShownNotice } from "./notice.ts";

export type Message = Omit<ShownNotice, "at">;

/** What is proven about an order that was just sent, in words. */
export function placedMessage(order: Order): Message {
  const what = `${order.side} ${order.symbol}`;
  const why = order.reason?.message ?? "no reason given";
  switch (order.state) {
    case "submitted":
    case "unknown":
      return {
        level: "warning",
        text: `UNKNOWN: whether the ${what} reached the exchange is not proven. It is being looked up; do not send it again.`,
      };
    case "rejected":
      return { level: "error", text: `The exchange rejected the ${what}: ${why}` };
    case "denied":
      return { level: "error", text: `The ${what} was not sent: ${why}` };
    case "filled":
      return { level: "success", text: `The ${what} is filled (${order.clientOrderId}).` };
    case "expired":
    case "cancelled":
    case "cancelling":
      return { level: "info", text: `The ${what} is ${order.state} (${order.clientOrderId}).` };
    case "written-off":
      return {
        level: "warning",
        text: `The ${what} was written off; its outcome was never proven (${order.clientOrderId}).`,
      };
    case "open":
    case "partially-filled":
      return { level: "success", text: `The exchange accepted the ${what} (${order.clientOrderId}).` };
  }
}

/** What a cancel has proven, in words. */
export function cancelMessage(id: string, result: CancelOrderResult): Message {
  switch (result.kind) {
    case "not-found":
      return { level: "error", text: `There is no order ${id}.` };
    case "requested":
      return { level: "info", text: `The cancel of ${id} was taken; the order is ${result.order.state}.` };
    case "already-ended":
      return { level: "info", text: `${id} had ended: ${result.order.state}.` };
    case "rejected":
      return { level: "error", text: `The cancel of ${id} was refused: ${result.reason.message}` };
    case "not-sent":
      return { level: "error", text: `The cancel of ${id} was not sent: ${result.reason.message}` };
    case "unknown":
      return { level: "warning", text: `Whether the cancel of ${id} arrived is not proven: ${result.reason.message}` };
  }
}

/** Why a key that cancels does nothing here. */
export function nothingToCancel(order: Order | undefined): string {
  return order === undefined
    ? "There is no order to cancel."
    : `The ${order.side} ${order.symbol} under the cursor has ended (${order.state}); there is nothing to cancel.`;
}

/** All that is known of why an order is where it is. */
export function orderStory(order: Order): string {
  const why = order.reason === undefined ? "" : `: ${order.reason.message}`;
  return `${order.side} ${order.symbol} (${order.clientOrderId}) is ${order.state}${why}`;
}

export function faultText(fault: unknown): string {
  if (fault instanceof AppError) {
    return [fault.message, fault.notDone, fault.hint, `(${fault.code})`].filter(Boolean).join(" ");
  }
  return fault instanceof Error ? fault.message : "It failed without a reason.";
}
