import { widthOf } from "./glyphs.ts";
import type { StyleTable } from "./style.ts";
import { PLAIN } from "./style.ts";

/** A screen of cells. A width-2 character fills its cell and marks the next one as its right half. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly codes: Uint32Array;
  readonly styles: Uint16Array;
}

export const SPACE = 0x20;
/** The code of the right half of a wide character. */
export const RIGHT_HALF = 0;

export function createGrid(columns: number, rows: number): Grid {
  const grid = {
    columns,
    rows,
    codes: new Uint32Array(columns * rows),
    styles: new Uint16Array(columns * rows),
  };
  clearGrid(grid);
  return grid;
}

export function clearGrid(grid: Grid): void {
  grid.codes.fill(SPACE);
  grid.styles.fill(PLAIN);
}

export function copyGrid(from: Grid, to: Grid): void {
  to.codes.set(from.codes);
  to.styles.set(from.styles);
}

/**
 * Puts one character at a cell and keeps wide neighbours whole: half of one that is overwritten becomes a space.
 * @returns the columns it took; 0 when it has no width or no room.
 */
export function putCell(grid: Grid, x: number, y: number, code: number, style: number, limit: number): 0 | 1 | 2 {
  const width = widthOf(code);
  if (width === 0 || x + width > limit) return 0;
  const at = y * grid.columns + x;
  if (grid.codes[at] === RIGHT_HALF && x > 0) grid.codes[at - 1] = SPACE;
  const after = at + width;
  if (x + width < grid.columns && grid.codes[after] === RIGHT_HALF) grid.codes[after] = SPACE;
  grid.codes[at] = code;
  grid.styles[at] = style;
  if (width === 2) {
    grid.codes[at + 1] = RIGHT_HALF;
    grid.styles[at + 1] = style;
  }
  return width;
}

/** The text of a row, for tests and for plain output. */
export function rowText(grid: Grid, y: number): string {
  let text = "";
  for (let x = 0; x < grid.columns; x += 1) {
    const code = grid.codes[y * grid.columns + x] ?? SPACE;
    if (code !== RIGHT_HALF) text += String.fromCodePoint(code);
  }
  return text;
}

/** A row as text with SGR sequences, plain at its end. */
export function rowAnsi(grid: Grid, y: number, styles: StyleTable): string {
  let text = "";
  let style: number = PLAIN;
  for (let at = y * grid.columns; at < (y + 1) * grid.columns; at += 1) {
    const code = grid.codes[at] ?? SPACE;
    if (code === RIGHT_HALF) continue;
    const next = grid.styles[at] ?? PLAIN;
    if (next !== style) text += styles.sequence(next);
    style = next;
    text += String.fromCodePoint(code);
  }
  return style === PLAIN ? text : text + styles.sequence(PLAIN);
}
