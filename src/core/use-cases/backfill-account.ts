import type { DomainEvent } from "../domain/events.ts";
import type { Fill } from "../domain/fill.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import { isWorking } from "../domain/order.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * Asked again before the moment from which something may be missing: clocks differ by seconds, the exchange rounds its
 * times to whole ones, and fills come to light a moment after they happened. What is known changes nothing.
 */
const OVERLAP_MS = 2 * 60_000;
/** The exchange lists orders of seven days; a window that ends a little after now must not be longer. */
const LONGEST_LOOK_BACK_MS = (7 * 24 - 1) * 3_600_000;

/**
 * Brings every order and every execution that may be missing, in all symbols we have traded lately: also what was placed
 * and ended elsewhere while nobody told us. Publishes only what is new to us.
 * @param wholeUntil Until when nothing is missing in a symbol; undefined asks for all that the lists still hold.
 * @returns the symbols that were asked for.
 * @throws AppError when the exchange gives no usable answer; what came before it stays.
 */
export async function backfillAccount(
  context: TradingContext,
  wholeUntil: (symbol: MarketSymbol) => Timestamp | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<MarketSymbol>> {
  const earliest = context.clock.now() - LONGEST_LOOK_BACK_MS;
  const symbols = symbolsTradedSince(context, earliest);
  for (const symbol of symbols) {
    const from = Math.max((wholeUntil(symbol) ?? 0) - OVERLAP_MS, earliest);
    const reports = await context.accountData.fetchOrders({ symbol, since: from }, signal);
    for (const report of reports) {
      const clientOrderId = context.keyOf(report);
      context.publish([{ type: "order-reported", clientOrderId, report, source: "reconcile" }]);
    }
    const fills = await context.accountData.fetchFills({ symbol, since: from }, signal);
    const events = fills
      .filter((fill) => !context.isKnownFill(fill))
      .map((fill): DomainEvent => {
        return { type: "fill-recorded", clientOrderId: context.keyOf(fill), fill, source: "reconcile" };
      });
    if (events.length > 0) context.publish(events);
    await findOrdersOfStrayFills(context, fills, signal);
  }
  return symbols;
}

/** A fill of an order that is older than the window, or that nobody told us of: the order itself is asked for. */
async function findOrdersOfStrayFills(
  context: TradingContext,
  fills: readonly Fill[],
  signal: AbortSignal,
): Promise<void> {
  const named = new Map(fills.map((fill) => [fill.orderId, fill]));
  for (const fill of named.values()) {
    if (context.recall(context.keyOf(fill)) !== undefined) continue;
    const lookup = await context.accountData.findOrder({ symbol: fill.symbol, orderId: fill.orderId }, signal);
    if (lookup.kind === "not-found") continue;
    const clientOrderId = context.keyOf(lookup.report);
    context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "reconcile" }]);
  }
}

function symbolsTradedSince(context: TradingContext, since: Timestamp): ReadonlySet<MarketSymbol> {
  const working = [...context.ledger().orders.values()].filter(isWorking);
  return new Set([...working.map(({ symbol }) => symbol), ...context.symbolsSince(since)]);
}
