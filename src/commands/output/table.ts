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

/** Lays rows out in columns as wide as their content, leaving out what does not fit. */
export function renderTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  width: number,
  paint: Paint,
): readonly string[] {
  const shown = fit(columns, rows, width);
  const heading = shown.map(({ column }) => column.title);
  const lines = [heading, ...rows.map((_, row) => shown.map((it) => it.cells[row] ?? ""))];
  return lines.map((cells, line) => {
    const text = cells
      .map((cell, index) => padCell(cell, shown[index]?.width ?? 0, shown[index]?.column.align ?? "left"))
      .join(GAP)
      .trimEnd();
    return line === 0 ? paint.dim(text) : text;
  });
}

function fit<T>(columns: readonly Column<T>[], rows: readonly T[], width: number) {
  let shown = columns.map((column) => {
    const cells = rows.map((row) => column.value(row) ?? UNKNOWN_VALUE);
    const widest = cells.reduce((most, cell) => Math.max(most, cellWidth(cell)), cellWidth(column.title));
    return { column, cells, width: widest };
  });
  for (;;) {
    const total = shown.reduce((sum, it) => sum + it.width, GAP.length * (shown.length - 1));
    const least = Math.max(...shown.map((it) => it.column.optional ?? 0));
    if (total <= width || least === 0) return shown;
    const goes = shown.findLastIndex((it) => it.column.optional === least);
    shown = shown.filter((_, index) => index !== goes);
  }
}

/** Names and values, one a line. */
export function renderFields(
  fields: readonly (readonly [name: string, value: string | null | undefined])[],
  paint: Paint,
): readonly string[] {
  const widest = Math.max(0, ...fields.map(([name]) => cellWidth(name)));
  return fields.map(([name, value]) => `${paint.dim(padCell(name, widest, "left"))}${GAP}${value ?? UNKNOWN_VALUE}`);
}
