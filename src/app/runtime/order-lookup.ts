import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Order } from "../../core/domain/order.ts";
import { fetchMissingFills, refreshOrder, seekTwins } from "../../core/use-cases/refresh-order.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { OrderKey } from "../app.ts";

export function findHeldOrder(context: TradingContext, key: OrderKey): Order | undefined {
  return context.recall("clientOrderId" in key ? key.clientOrderId : context.keyOf(key));
}

/**
 * Asks the exchange about an order we hold, or, with its symbol, about one we do not.
 * @returns undefined when neither side knows it. @throws AppError when the exchange gave no usable answer.
 */
export async function lookUpOrder(
  context: TradingContext,
  key: OrderKey,
  symbol: MarketSymbol | undefined,
  signal: AbortSignal,
): Promise<Order | undefined> {
  const held = findHeldOrder(context, key);
  if (held !== undefined) {
    await refreshOrder(context, held.clientOrderId, signal);
    const seen = context.recall(held.clientOrderId);
    if (seen !== undefined && isFresh(seen, context.clock.now())) await seekTwins(context, seen, signal);
    return seen;
  }
  if (symbol === undefined) return undefined;
  const lookup = await context.accountData.findOrder({ symbol, ...key }, signal);
  if (lookup.kind === "not-found") return undefined;
  const clientOrderId = context.keyOf(lookup.report);
  context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "query" }]);
  await fetchMissingFills(context, clientOrderId, signal);
  return context.recall(clientOrderId);
}

/** Nothing has compared the lists of orders yet since it was placed, as the screen's rounds do. */
const FRESH_MS = 30_000;

function isFresh(order: Order, now: number): boolean {
  return order.origin === "own" && order.orderId !== undefined && now - order.createdAt < FRESH_MS;
}
