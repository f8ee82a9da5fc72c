import type { DomainEvent } from "../domain/events.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import { isWorking } from "../domain/order.ts";
import { keyFor } from "../domain/trading-ledger.ts";
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
      const clientOrderId = keyFor(context.ledger(), report);
      context.publish([{ type: "order-reported", clientOrderId, report, source: "reconcile" }]);
    }
    const fills = await context.accountData.fetchFills({ symbol, since: from }, signal);
    const events = fills
      .filter((fill) => !context.ledger().fills.has(fill.tradeId))
      .map((fill): DomainEvent => {
        const clientOrderId = keyFor(context.ledger(), fill);
        return { type: "fill-recorded", clientOrderId, fill, source: "reconcile" };
      });
    if (events.length > 0) context.publish(events);
    await findOrdersOfStrayFills(context, symbol, signal);
  }
  return symbols;
}

/** A fill of an order that is older than the window, or that nobody told us of: the order itself is asked for. */
async function findOrdersOfStrayFills(
  context: TradingContext,
  symbol: MarketSymbol,
  signal: AbortSignal,
): Promise<void> {
  const { fills, keyByOrderId } = context.ledger();
  const strays = [...fills.values()].filter((fill) => fill.symbol === symbol && !keyByOrderId.has(fill.orderId));
  for (const orderId of new Set(strays.map((fill) => fill.orderId))) {
    const lookup = await context.accountData.findOrder({ symbol, orderId }, signal);
    if (lookup.kind === "not-found") continue;
    const clientOrderId = keyFor(context.ledger(), lookup.report);
    context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "reconcile" }]);
  }
}

function symbolsTradedSince(context: TradingContext, since: Timestamp): ReadonlySet<MarketSymbol> {
  const { orders, fills } = context.ledger();
  const lately = [...orders.values()].filter((order) => isWorking(order) || order.updatedAt >= since);
  const filled = [...fills.values()].filter((fill) => fill.at >= since);
  return new Set([...lately, ...filled].map(({ symbol }) => symbol));
}
