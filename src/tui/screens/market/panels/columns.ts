import type { CellStyle } from "../../../canvas/style.ts";
import type { MarketView } from "../view.ts";

/** A column of a panel's table. */
export interface PanelColumn<T> {
  readonly name: string;
  /** Where room is scarce, the lowest numbers stay. */
  readonly rank: number;
  readonly cell: (item: T, view: MarketView) => readonly [string, CellStyle];
}

/**
 * Columns as wide as what stands in them, with a blank behind, whole or not at all: half a number is a wrong number. What
 * matters less goes first, and the panel says how many went.
 */
export function fittingColumns<T>(
  columns: readonly PanelColumn<T>[],
  items: readonly T[],
  view: MarketView,
  room: number,
): { readonly columns: readonly (PanelColumn<T> & { readonly width: number })[]; readonly leftOut: number } {
  const sized = columns.map((column) => {
    const lengths = items.map((item) => column.cell(item, view)[0].length);
    return { ...column, width: Math.max(column.name.length, ...lengths) + 1 };
  });
  let used = -1;
  const kept = new Set<string>();
  for (const { name, width } of sized.toSorted((left, right) => left.rank - right.rank)) {
    if (used + width > room) break;
    used += width;
    kept.add(name);
  }
  return { columns: sized.filter(({ name }) => kept.has(name)), leftOut: sized.length - kept.size };
}

/** For the title of the panel; empty where all are there. */
export function leftOutText(count: number, room: number): string {
  if (count === 0) return "";
  const what = `  +${count} ${count === 1 ? "column" : "columns"}`;
  return what.length + ": widen".length <= room ? `${what}: widen` : what;
}
