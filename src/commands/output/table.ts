import { cellWidth, padCell } from "./cells.ts";
import type { Paint } from "./paint.ts";

/** What stands where a value is not known. */
export const UNKNOWN_VALUE = "—";

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string | null | undefined;
  readonly align?: "left" | "right";
  /** Columns with the highest number are left out first where the terminal is narrow; 0, the default, never is. */
  readonly optional?: number;
}

const GAP = "  ";

/** Set in before the further lines of a row. */
const INDENT = "  ";

/**
 * Lays rows out in columns as wide as their content. Where they do not fit, the least wanted optional ones are left out
 * and named below; if even the others do not fit, each row takes several lines, for none of them may be missed: half of
 * what is known of money looks like all of it.
 */
export function renderTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  paint: Paint,
): readonly string[] {
  const { shown, leftOut } = fit(columns, rows, width);
  const bands = fold(shown, width);
  const line = (cellOf: (column: Fitted<T>) => string) =>
    bands.map((band, index) => {
      const cells = band.map((it) => padCell(cellOf(it), it.width, it.column.align ?? "left"));
      return `${index === 0 ? "" : INDENT}${cells.join(GAP)}`.trimEnd();
    });
  return [
    ...line(({ column }) => column.title).map((text) => paint.dim(text)),
    ...rows.flatMap((_, row) => line(({ cells }) => cells[row] ?? "")),
    ...(leftOut.length === 0 ? [] : [paint.dim(leftOutText(leftOut))]),
  ];
}

function leftOutText(titles: readonly string[]): string {
  return `+${titles.length} ${titles.length === 1 ? "column" : "columns"} (${titles.join(", ")}): widen, or --json`;
}

interface Fitted<T> {
  readonly column: Column<T>;
  readonly cells: readonly string[];
  readonly width: number;
}

function widthOf(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, it) => sum + it.width, GAP.length * (columns.length - 1));
}

function fit<T>(columns: readonly Column<T>[], rows: readonly T[], width: number) {
  let shown = columns.map((column): Fitted<T> => {
    const cells = rows.map((row) => column.value(row) ?? UNKNOWN_VALUE);
    const widest = cells.reduce((most, cell) => Math.max(most, cellWidth(cell)), cellWidth(column.title));
    return { column, cells, width: widest };
  });
  for (;;) {
    const least = Math.max(...shown.map((it) => it.column.optional ?? 0));
    if (widthOf(shown) <= width || least === 0) break;
    const goes = shown.findLastIndex((it) => it.column.optional === least);
    shown = shown.filter((_, index) => index !== goes);
  }
  const kept = new Set(shown.map(({ column }) => column));
  return { shown, leftOut: columns.filter((column) => !kept.has(column)).map(({ title }) => title) };
}

/** Columns line by line, each as full as it goes; one that is wider than the terminal has a line of its own. */
function fold<T>(columns: readonly Fitted<T>[], width: number): readonly (readonly Fitted<T>[])[] {
  const bands: Fitted<T>[][] = [];
  for (const column of columns) {
    const last = bands.at(-1);
    const room = width - (bands.length > 1 ? INDENT.length : 0);
    if (last !== undefined && widthOf([...last, column]) <= room) last.push(column);
    else bands.push([column]);
  }
  return bands;
}

/** Names and values, one a line. */
export function renderFields(
  fields: readonly (readonly [name: string, value: string | null | undefined])[],
  paint: Paint,
): readonly string[] {
  const widest = Math.max(0, ...fields.map(([name]) => cellWidth(name)));
  return fields.map(([name, value]) => `${paint.dim(padCell(name, widest, "left"))}${GAP}${value ?? UNKNOWN_VALUE}`);
}
