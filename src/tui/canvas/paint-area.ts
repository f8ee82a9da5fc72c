import { eachGlyph, textWidth } from "./glyphs.ts";
import type { Grid } from "./grid.ts";
import { putCell, RIGHT_HALF, SPACE } from "./grid.ts";
import type { CellStyle, StyleTable } from "./style.ts";
import { PLAIN } from "./style.ts";

/** A clipped rectangle a panel draws into. Coordinates start at its own upper left corner. */
export interface PaintArea {
  readonly width: number;
  readonly height: number;
  /** Writes from left to right, clipped. @returns the column after the last character. */
  text(x: number, y: number, text: string, style?: CellStyle): number;
  /** Writes so that the text ends before column `end`. */
  textRight(end: number, y: number, text: string, style?: CellStyle): void;
  /** Fills a rectangle with one narrow character; with blanks that carry a background unless another is named. */
  fill(x: number, y: number, width: number, height: number, style: CellStyle, character?: string): void;
  /** Gives blank cells a background; what stands in the others stays as it is. */
  tint(x: number, y: number, width: number, background: number): void;
  /** A smaller area inside of this one, with coordinates of its own; clipped to this one. */
  part(x: number, y: number, width: number, height: number): PaintArea;
}

export type Painter = (area: PaintArea) => void;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PaintTarget {
  readonly grid: Grid;
  readonly styles: StyleTable;
  readonly box: Rectangle;
  /** Whether a panel may take the cell at this index. */
  readonly isFree: (at: number) => boolean;
}

/** Draws a panel into the cells of its box that are free, so that what lies above stays on top while it goes on. */
export function createPaintArea({ grid, styles, box, isFree }: PaintTarget): PaintArea {
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const right = Math.min(grid.columns, box.x + box.width);
  const width = Math.max(0, right - left);
  const height = Math.max(0, Math.min(grid.rows, box.y + box.height) - top);

  function text(x: number, y: number, content: string, style: CellStyle = {}): number {
    if (y < 0 || y >= height) return x;
    const id = styles.intern(style);
    const row = (top + y) * grid.columns;
    let column = x;
    eachGlyph(content, (code, columns) => {
      const at = left + column;
      // A wide character needs both of its cells, inside the box and free.
      const fits = column >= 0 && at + columns <= right && isFree(row + at) && (columns === 1 || isFree(row + at + 1));
      if (fits) putCell(grid, at, top + y, code, id, right);
      column += columns;
    });
    return column;
  }

  return {
    width,
    height,
    text,
    textRight: (end, y, content, style) => {
      text(end - textWidth(content), y, content, style);
    },
    fill(x, y, columns, rows, style, character = " ") {
      const from = Math.max(0, x);
      const line = character.repeat(Math.max(0, Math.min(width, x + columns) - from));
      for (let row = y; row < y + rows; row += 1) text(from, row, line, style);
    },
    tint(x, y, count, background) {
      if (y < 0 || y >= height) return;
      const id = styles.intern({ background });
      const row = (top + y) * grid.columns;
      for (let column = Math.max(0, x); column < Math.min(width, x + count); column += 1) {
        const at = row + left + column;
        if (isFree(at) && grid.codes[at] === SPACE && grid.codes[at + 1] !== RIGHT_HALF) grid.styles[at] = id;
      }
    },
    part(x, y, columns, rows) {
      const startX = Math.max(0, Math.min(width, x));
      const startY = Math.max(0, Math.min(height, y));
      const inner = {
        x: left + startX,
        y: top + startY,
        width: Math.max(0, Math.min(width - startX, columns)),
        height: Math.max(0, Math.min(height - startY, rows)),
      };
      return createPaintArea({ grid, styles, box: inner, isFree });
    },
  };
}

/** Where structure and text have left room: blank cells in the terminal's own look. */
export function isBlank(base: Grid, at: number): boolean {
  return base.codes[at] === SPACE && base.styles[at] === PLAIN;
}
