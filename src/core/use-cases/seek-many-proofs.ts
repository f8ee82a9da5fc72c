import type { DomainEvent } from "../domain/events.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { isUnproven } from "../domain/order.ts";
import { missingFills } from "../domain/order-execution.ts";
import { nameOf } from "./refresh-order.ts";
import { isPastTaking } from "./request-window.ts";
import { absenceOf, orderNotSeen } from "./resolve-unknown-order.ts";
import type { TradingContext } from "./trading-context.ts";

/** From here on two lists of a market cost less of the exchange's limits than a question for each order. */
export const MANY_UNPROVEN = 6;
/** An order is stamped by our clock and listed by the exchange's. */
const LIST_MARGIN_MS = 60_000;

/** Orders of a market whose outcome is not proven and that no acknowledgement names. */
export function unprovenOf({ ledger }: TradingContext, symbol: MarketSymbol): readonly Order[] {
  return [...ledger().orders.values()].filter(
    (order) => order.symbol === symbol && isUnproven(order) && order.orderId === undefined,
  );
}

/**
 * One round of questions about every market with many unproven orders: its orders and its fills are listed once, however
 * many they are. What the list does not show is absent once the exchange can no longer take the request, and a question
 * for the order itself agrees.
 * @returns the markets that were asked for. @throws AppError when the exchange gives no usable answer; what was proven
 * before stays.
 */
export async function seekManyProofs(context: TradingContext, signal: AbortSignal): Promise<ReadonlySet<MarketSymbol>> {
  const symbols = new Set([...context.ledger().orders.values()].filter(isUnproven).map((order) => order.symbol));
  const crowded = [...symbols].filter((symbol) => unprovenOf(context, symbol).length >= MANY_UNPROVEN);
  for (const symbol of crowded) await seekInMarket(context, symbol, signal);
  return new Set(crowded);
}

/** The same for one market. */
export async function seekInMarket(context: TradingContext, symbol: MarketSymbol, signal: AbortSignal): Promise<void> {
  const askedAt = context.clock.now();
  const wanted = unprovenOf(context, symbol);
  const since = Math.min(...wanted.map((order) => order.createdAt)) - LIST_MARGIN_MS;
  const listed = await context.accountData.fetchOrders({ symbol, since }, signal);
  const reports = new Map(listed.map((report) => [report.clientOrderId, report]));
  const events = wanted.flatMap((order): readonly DomainEvent[] => {
    const { clientOrderId } = order;
    const report = reports.get(clientOrderId);
    if (report !== undefined) return [{ type: "order-reported", clientOrderId, report, source: "query" }];
    // The stream may have proven it while the list was under way.
    const now = context.recall(clientOrderId);
    return now !== undefined && isUnproven(now) ? orderNotSeen(now) : [];
  });
  if (events.length > 0) context.publish(events);
  await fetchFillsOf(context, symbol, wanted, since, signal);
  for (const order of wanted) {
    if (reports.has(order.clientOrderId) || !isPastTaking(context, order.createdAt, askedAt)) continue;
    await proveAbsence(context, order, askedAt, signal);
  }
}

async function fetchFillsOf(
  context: TradingContext,
  symbol: MarketSymbol,
  orders: readonly Order[],
  since: number,
  signal: AbortSignal,
): Promise<void> {
  const lacking = new Set(
    orders.flatMap(({ clientOrderId }) => {
      const order = context.recall(clientOrderId);
      return order?.orderId === undefined || missingFills(order) === 0n ? [] : [order.orderId];
    }),
  );
  if (lacking.size === 0) return;
  const fills = await context.accountData.fetchFills({ symbol, since }, signal);
  const events = fills
    .filter((fill) => lacking.has(fill.orderId) && !context.isKnownFill(fill))
    .map((fill): DomainEvent => ({ type: "fill-recorded", clientOrderId: context.keyOf(fill), fill, source: "query" }));
  if (events.length > 0) context.publish(events);
}

/** The list has not shown it; the second source is the question for the order itself. */
async function proveAbsence(
  context: TradingContext,
  order: Order,
  askedAt: Timestamp,
  signal: AbortSignal,
): Promise<void> {
  const { clientOrderId } = order;
  const lookup = await context.accountData.findOrder(nameOf(order), signal);
  const now = context.recall(clientOrderId);
  if (lookup.kind === "found")
    context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "query" }]);
  else if (now !== undefined && isUnproven(now) && now.orderId === undefined) {
    const events = absenceOf(now, askedAt);
    if (events.length > 0) context.publish(events);
  }
}
