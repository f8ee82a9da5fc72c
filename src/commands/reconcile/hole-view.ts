import type { App } from "../../app/app.ts";
import type { ArchiveHole, ArchiveKind } from "../../core/domain/archive.ts";
import { holesOf } from "../../core/domain/archive.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";

const LACKS: Readonly<Record<ArchiveKind, string>> = {
  orders: "orders that ended without an execution",
  fills: "executions, and what is reckoned from them",
};

/** What this account's database knows to be missing. */
export function storedHoles(app: Pick<App, "stored">): readonly ArchiveHole[] {
  return holesOf(app.stored?.archive.ranges() ?? []);
}

export function holeJson(hole: ArchiveHole) {
  return {
    symbol: hole.symbol,
    kind: hole.kind,
    from: isoTime(hole.from),
    until: isoTime(hole.until),
    /** No question of ours can fill it: the exchange lists orders of seven days and executions of a month. */
    fillable: false,
  };
}

export const HOLE_COLUMNS: readonly Column<ArchiveHole>[] = [
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "FROM", value: ({ from }) => isoTime(from) },
  { title: "UNTIL", value: ({ until }) => isoTime(until) },
  { title: "MAY LACK", value: ({ kind }) => LACKS[kind] },
];
