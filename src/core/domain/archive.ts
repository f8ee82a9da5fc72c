import type { MarketSymbol, Timestamp } from "./identifiers.ts";

export type ArchiveKind = "orders" | "fills";

/** A stretch of time in which everything that happened to the account in a market stands in our database. */
export interface ArchiveRange {
  readonly symbol: MarketSymbol;
  readonly kind: ArchiveKind;
  readonly from: Timestamp;
  readonly until: Timestamp;
}

/** A stretch between two whole ones that the exchange no longer tells of. */
export type ArchiveHole = ArchiveRange;

const HOUR_MS = 3_600_000;

/**
 * How far back the exchange lists what happened: seven days of orders, a month of fills. An hour less, because a window
 * that ends a little after now must not be longer.
 */
export const LISTED_MS: Readonly<Record<ArchiveKind, number>> = {
  orders: (7 * 24 - 1) * HOUR_MS,
  fills: (30 * 24 - 1) * HOUR_MS,
};

/**
 * Asked again before the moment from which something may be missing: clocks differ by seconds, the exchange rounds its
 * times to whole ones, and fills come to light a moment after they happened. What is known changes nothing.
 */
const OVERLAP_MS = 2 * 60_000;

/**
 * Adds what was just made whole to the ranges of its market and kind, joining those it touches. A range that reaches beyond
 * it was noted by a clock that was ahead, or by another process that asked later: it is cut, and asked again.
 */
export function joinRange(ranges: readonly ArchiveRange[], whole: ArchiveRange): readonly ArchiveRange[] {
  let joined = whole;
  const apart: ArchiveRange[] = [];
  for (const range of ranges) {
    if (range.from > whole.until) continue;
    if (range.until < whole.from) apart.push(range);
    else joined = { ...joined, from: Math.min(joined.from, range.from) };
  }
  return [...apart, joined].toSorted((left, right) => left.from - right.from);
}

/** The holes between ranges of one market and kind each; what lies before the first was never ours to have. */
export function holesOf(ranges: readonly ArchiveRange[]): readonly ArchiveHole[] {
  const groups = Map.groupBy(ranges, ({ symbol, kind }) => `${kind} ${symbol}`);
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((left, right) => left.from - right.from);
    return sorted.slice(1).flatMap((range, at) => {
      const before = sorted[at];
      return before === undefined || before.until >= range.from
        ? []
        : [{ symbol: range.symbol, kind: range.kind, from: before.until, until: range.from }];
    });
  });
}

/** Until when a market is whole; undefined when it never was, or when what was noted has not come yet. */
export function wholeUntil(
  ranges: readonly ArchiveRange[],
  { symbol, kind }: Pick<ArchiveRange, "symbol" | "kind">,
  now: Timestamp,
): Timestamp | undefined {
  const moments = ranges.filter((range) => range.symbol === symbol && range.kind === kind).map(({ until }) => until);
  const latest = moments.length === 0 ? undefined : Math.max(...moments);
  return latest === undefined || latest > now ? undefined : latest;
}

/** From when to ask, and the hole that remains before it when the exchange's list does not reach back far enough. */
export function pullFrom(
  ranges: readonly ArchiveRange[],
  market: Pick<ArchiveRange, "symbol" | "kind">,
  now: Timestamp,
): { readonly from: Timestamp; readonly hole: ArchiveHole | undefined } {
  const earliest = now - LISTED_MS[market.kind];
  const until = wholeUntil(ranges, market, now);
  if (until === undefined) return { from: earliest, hole: undefined };
  const hole = until < earliest ? { ...market, from: until, until: earliest } : undefined;
  return { from: Math.max(until - OVERLAP_MS, earliest), hole };
}
