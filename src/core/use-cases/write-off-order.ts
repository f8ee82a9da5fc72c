import { LISTED_MS } from "../domain/archive.ts";
import type { WriteOffEvidence } from "../domain/events.ts";
import type { ClientOrderId, Timestamp } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { isUnproven, isWorking } from "../domain/order.ts";
import { heldOrder } from "./held-order.ts";
import { nameOf, refreshOrder } from "./refresh-order.ts";
import type { TradingContext } from "./trading-context.ts";

export type WriteOffResult =
  | { readonly kind: "not-found" }
  /** It cannot trade any more, proven or written off before. */
  | { readonly kind: "ended"; readonly order: Order }
  /** The exchange shows it: there is something to do with it, and nothing to write off. */
  | { readonly kind: "shown"; readonly order: Order }
  /** The exchange may still tell what became of it. */
  | { readonly kind: "too-early"; readonly order: Order; readonly until: Timestamp }
  | { readonly kind: "written-off"; readonly order: Order; readonly evidence: WriteOffEvidence };

const HOUR_MS = 3_600_000;
/** The list of orders is said to reach back this far; LISTED_MS keeps a margin on the other side. */
const ORDERS_REACH_MS = LISTED_MS.orders + HOUR_MS;
/** What was heard of within this time may only be out of sight for a moment: a fault there, a list that lags. */
const SILENCE_MS = HOUR_MS;
/** Clocks differ, and the exchange's lists tell whole seconds. */
const MARGIN_MS = 60_000;

/** From when on an order may be written off. Until then a list of the exchange may still show it. */
export function writeOffFrom(order: Pick<Order, "createdAt" | "updatedAt">): Timestamp {
  return Math.max(order.createdAt + ORDERS_REACH_MS, order.updatedAt + SILENCE_MS);
}

/**
 * Ends an order by a person's word, once the exchange can prove nothing of it any more: asked by name, in its open
 * orders, its orders and its executions, each as far back as it lists, it shows no trace. Whatever it does show is taken
 * over instead. Nothing is sent, and a truth that comes later still wins.
 * @param words why, from the person. @throws AppError when the exchange gives no usable answer, for then nothing is known
 * of the evidence, and STORAGE_FAILED when it could not be written. In both cases the order is as it was.
 */
export async function writeOffOrder(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  words: string,
  signal: AbortSignal,
): Promise<WriteOffResult> {
  const before = context.recall(clientOrderId);
  if (before === undefined) return { kind: "not-found" };
  if (!isWorking(before)) return { kind: "ended", order: before };
  if (!isUnproven(before)) return { kind: "shown", order: before };
  const evidence = await seekTrace(context, before, signal);
  const order = heldOrder(context, clientOrderId);
  // The stream may have proven it while the lists were under way.
  if (!isWorking(order)) return { kind: "ended", order };
  if (evidence === undefined || !isUnproven(order)) return { kind: "shown", order };
  const until = writeOffFrom(order);
  if (evidence.askedAt < until) return { kind: "too-early", order, until };
  context.publish([
    { type: "order-written-off", clientOrderId, reason: { code: "WRITTEN_OFF", message: words }, evidence },
  ]);
  return { kind: "written-off", order: heldOrder(context, clientOrderId), evidence };
}

/** Asks every source there is. @returns undefined when one of them showed it; that is published then. */
async function seekTrace(
  context: TradingContext,
  order: Order,
  signal: AbortSignal,
): Promise<WriteOffEvidence | undefined> {
  const { accountData, clock } = context;
  const { clientOrderId, symbol } = order;
  const askedAt = clock.now();
  if ((await refreshOrder(context, clientOrderId, signal)) === "found") return undefined;
  const reach = (kind: "orders" | "fills") => Math.max(order.createdAt - MARGIN_MS, askedAt - LISTED_MS[kind]);
  const open = await accountData.fetchOpenOrders(symbol, signal, "evidence");
  const listed = await accountData.fetchOrders({ symbol, since: reach("orders") }, signal);
  const name = nameOf(order);
  const isIt = (seen: { readonly orderId: string; readonly clientOrderId?: string }) =>
    name.orderId === undefined ? seen.clientOrderId === name.clientOrderId : seen.orderId === name.orderId;
  const report = [...open, ...listed].find(isIt);
  if (report !== undefined) {
    context.publish([{ type: "order-reported", clientOrderId, report, source: "query" }]);
    return undefined;
  }
  const fills = await accountData.fetchFills({ symbol, since: reach("fills") }, signal);
  const news = fills.filter((fill) => isIt(fill) && !context.isKnownFill(fill));
  if (news.length > 0) {
    context.publish(news.map((fill) => ({ type: "fill-recorded", clientOrderId, fill, source: "query" })));
    return undefined;
  }
  return {
    askedAt,
    byId: "not-found",
    openOrders: open.length,
    ordersSince: reach("orders"),
    ordersListed: listed.length,
    fillsSince: reach("fills"),
    fillsListed: fills.length,
  };
}
