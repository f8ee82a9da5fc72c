import type { ArchiveRange } from "./archive.ts";
import { wholeUntil } from "./archive.ts";
import type { MarketSymbol, Timestamp } from "./identifiers.ts";

/** Well within the week of orders that the exchange lists, so that a quiet market never grows a hole while we run. */
const QUIET_EVERY_MS = 24 * 3_600_000;

export interface ArchivePlanParts {
  readonly ranges: readonly ArchiveRange[];
  /** With an order that may trade, or with one that changed of late. */
  readonly active: Iterable<MarketSymbol>;
  /** Where something of ours may have happened unseen: with a past here, or with a balance. */
  readonly quiet: Iterable<MarketSymbol>;
  readonly now: Timestamp;
  /** Quiet markets at most: each costs two lists of the shared limit. */
  readonly mostQuiet: number;
}

/** The markets whose lists are to be read now: the active ones always, the quiet ones in turn, the longest unread first. */
export function planArchive({ ranges, active, quiet, now, mostQuiet }: ArchivePlanParts): readonly MarketSymbol[] {
  const always = new Set(active);
  const readAt = (symbol: MarketSymbol) => wholeUntil(ranges, { symbol, kind: "orders" }, now) ?? 0;
  const due = [...new Set(quiet)]
    .filter((symbol) => !always.has(symbol) && readAt(symbol) <= now - QUIET_EVERY_MS)
    .toSorted((left, right) => readAt(left) - readAt(right) || (left < right ? -1 : 1));
  return [...always, ...due.slice(0, mostQuiet)];
}
