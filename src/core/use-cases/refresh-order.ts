import type { DomainEvent } from "../domain/events.ts";
import type { ClientOrderId } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { missingFills } from "../domain/order-execution.ts";
import { endLapsedCancel } from "./lapsed-cancel.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * Looks one order up at the exchange and brings its missing fills.
 * @returns what the look proved. @throws AppError when the exchange gave no usable answer; nothing is changed then.
 */
export async function refreshOrder(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  signal: AbortSignal,
): Promise<"found" | "not-found"> {
  const order = context.recall(clientOrderId);
  if (order === undefined) return "not-found";
  const askedAt = context.clock.now();
  const lookup = await context.accountData.findOrder(nameOf(order), signal);
  if (lookup.kind === "not-found") return "not-found";
  context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "query" }]);
  endLapsedCancel(context, clientOrderId, lookup.report, askedAt);
  await fetchMissingFills(context, clientOrderId, signal);
  return "found";
}

/** The two deliveries of one request lie close together. */
const TWIN_MARGIN_MS = 60_000;

/**
 * Looks for further orders under the client id of one of ours: what a request that was delivered twice may have left.
 * Each becomes an order of its own, with its fills. @throws AppError when the exchange gave no usable answer.
 */
export async function seekTwins(context: TradingContext, order: Order, signal: AbortSignal): Promise<void> {
  const since = order.createdAt - TWIN_MARGIN_MS;
  for (const report of await context.accountData.fetchOrders({ symbol: order.symbol, since }, signal)) {
    if (report.clientOrderId !== order.clientOrderId || report.orderId === order.orderId) continue;
    const clientOrderId = context.keyOf(report);
    context.publish([{ type: "order-reported", clientOrderId, report, source: "query" }]);
    await fetchMissingFills(context, clientOrderId, signal);
  }
}

/** Fills trail the status of their order by up to a second, so a first look that falls short is repeated. */
const FILL_LOOKS = 4;
const FILL_WAIT_MS = 400;

/** Brings the executions that the exchange has reported and we do not hold. @returns how many were new. */
export async function fetchMissingFills(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  for (let look = 0; look < FILL_LOOKS; look += 1) {
    const order = context.recall(clientOrderId);
    if (order?.orderId === undefined || missingFills(order) === 0n) return added;
    if (look > 0) await context.clock.sleep(FILL_WAIT_MS, signal);
    const fills = await context.accountData.fetchFills({ symbol: order.symbol, orderId: order.orderId }, signal);
    const events = fills
      .filter((fill) => fill.orderId === order.orderId && !context.isKnownFill(fill))
      .map((fill): DomainEvent => ({ type: "fill-recorded", clientOrderId, fill, source: "query" }));
    if (events.length > 0) context.publish(events);
    added += events.length;
  }
  return added;
}

/** Names an order by what the exchange is sure to know: its own id as far as we have it, and ours for our own. */
export function nameOf(order: Order) {
  return {
    symbol: order.symbol,
    ...(order.origin === "own" ? { clientOrderId: order.clientOrderId } : {}),
    ...(order.orderId === undefined ? {} : { orderId: order.orderId }),
  };
}
