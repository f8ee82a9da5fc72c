import type { ArchiveHole, ArchiveKind, ArchiveRange } from "../domain/archive.ts";
import { pullFrom } from "../domain/archive.ts";
import type { SettledDifference } from "../domain/difference.ts";
import { differenceKey } from "../domain/difference.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { Fill } from "../domain/fill.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import { formatMoney } from "../domain/money.ts";
import type { TradingContext } from "./trading-context.ts";

/** A fill may come to light this long after it happened, and be told by the stream before the list has it. */
const LIST_LAG_MS = 60_000;
/** The list rounds times to whole seconds, so its edge is not sharp. */
const EDGE_MS = 2_000;

export interface PulledMarket {
  /** Whole now, once all that was published is on disk. */
  readonly ranges: readonly ArchiveRange[];
  /** What the exchange no longer lists and we never saw. */
  readonly holes: readonly ArchiveHole[];
  /** Fills of ours that the exchange does not list. */
  readonly differences: readonly SettledDifference[];
}

/**
 * Brings every order and every execution of a market that may be missing: also what was placed and ended elsewhere while
 * nobody told us. Publishes only what is new to us, and names what can no longer be had.
 * @param storedFills our fills of the market since a moment
 * @throws AppError when the exchange gives no usable answer; what came before it stays.
 */
export async function pullArchive(
  context: TradingContext,
  symbol: MarketSymbol,
  known: readonly ArchiveRange[],
  storedFills: (since: Timestamp) => readonly Fill[],
  signal: AbortSignal,
): Promise<PulledMarket> {
  const startedAt = context.clock.now();
  const orders = pullFrom(known, { symbol, kind: "orders" }, startedAt);
  const fills = pullFrom(known, { symbol, kind: "fills" }, startedAt);
  for (const report of await context.accountData.fetchOrders({ symbol, since: orders.from }, signal)) {
    const clientOrderId = context.keyOf(report);
    context.publish([{ type: "order-reported", clientOrderId, report, source: "reconcile" }]);
  }
  const listed = await context.accountData.fetchFills({ symbol, since: fills.from }, signal);
  const fresh = listed
    .filter((fill) => !context.isKnownFill(fill))
    .map((fill): DomainEvent => {
      return { type: "fill-recorded", clientOrderId: context.keyOf(fill), fill, source: "reconcile" };
    });
  if (fresh.length > 0) context.publish(fresh);
  await findOrdersOfStrayFills(context, listed, signal);

  const differences = unlistedFills(listed, storedFills(fills.from + EDGE_MS), startedAt - LIST_LAG_MS);
  const holes = [orders.hole, fills.hole].filter((hole) => hole !== undefined);
  context.publish([
    ...differenceEvents(context, symbol, differences),
    ...holes.map((hole): DomainEvent => ({ type: "archive-hole-found", hole })),
  ]);
  const range = (kind: ArchiveKind, from: Timestamp): ArchiveRange => ({ symbol, kind, from, until: startedAt });
  return { ranges: [range("orders", orders.from), range("fills", fills.from)], holes, differences };
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

function unlistedFills(
  listed: readonly Fill[],
  stored: readonly Fill[],
  until: Timestamp,
): readonly SettledDifference[] {
  const theirs = new Set(listed.map((fill) => fill.tradeId));
  return stored
    .filter((fill) => fill.at <= until && !theirs.has(fill.tradeId))
    .map((fill) => ({
      kind: "fill-unknown-there",
      action: "investigate",
      subject: fill.tradeId,
      symbol: fill.symbol,
      ours: `${fill.side} ${formatMoney(fill.quantity)} at ${formatMoney(fill.price)}, order ${fill.orderId}`,
      outcome: "needs-person",
      result: "the exchange does not list this fill; nothing of ours was dropped",
    }));
}

/** Journals what is found, and the end of what an earlier pull of this market had found. */
function differenceEvents(
  context: TradingContext,
  symbol: MarketSymbol,
  found: readonly SettledDifference[],
): readonly DomainEvent[] {
  const met = new Set(found.map(differenceKey));
  const gone = [...context.ledger().differences.values()].filter(
    (open) => open.kind === "fill-unknown-there" && open.symbol === symbol && !met.has(differenceKey(open)),
  );
  return [
    ...found.flatMap((difference): readonly DomainEvent[] => {
      const { outcome: _outcome, result: _result, ...seen } = difference;
      return [
        { type: "difference-found", difference: seen },
        { type: "difference-settled", difference },
      ];
    }),
    ...gone.map((open): DomainEvent => {
      return { type: "difference-settled", difference: { ...open, outcome: "settled", result: "it is listed by now" } };
    }),
  ];
}
