import type { Grid } from "./grid.ts";
import { putCell, RIGHT_HALF, SPACE, widthOf } from "./grid.ts";
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
  /** Gives cells a background and keeps what stands in them. */
  tint(x: number, y: number, width: number, background: number): void;
}

export type Painter = (area: PaintArea) => void;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a panel where the layer above left room: only cells that are blank and plain in `base` are taken, so that a
 * modal stays on top of a panel that goes on drawing.
 */
export function createPaintArea(grid: Grid, base: Grid, box: Rectangle, styles: StyleTable): PaintArea {
  const left = Math.max(0, box.x);
  const right = Math.min(grid.columns, box.x + box.width);
  const bottom = Math.min(grid.rows, box.y + box.height);
  const width = Math.max(0, right - left);
  const height = Math.max(0, bottom - Math.max(0, box.y));
  const isFree = (at: number) => base.codes[at] === SPACE && base.styles[at] === PLAIN;

  function text(x: number, y: number, content: string, style: CellStyle = {}): number {
    if (y < 0 || y >= height) return x;
    const id = styles.intern(style);
    const row = (box.y + y) * grid.columns;
    let column = x;
    for (const character of content) {
      const code = character.codePointAt(0) ?? SPACE;
      const at = left + column;
      if (at >= right) break;
      if (column < 0) {
        column += 1;
        continue;
      }
      const width = widthOf(code);
      // A wide character needs both of its cells free.
      const fits = isFree(row + at) && (width < 2 || isFree(row + at + 1));
      if (fits) putCell(grid, at, box.y + y, code, id, right);
      column += width;
    }
    return column;
  }

  return {
    width,
    height,
    text,
    textRight: (end, y, content, style) => {
      text(end - [...content].length, y, content, style);
    },
    tint(x, y, count, background) {
      if (y < 0 || y >= height) return;
      const id = styles.intern({ background });
      const row = (box.y + y) * grid.columns;
      for (let column = Math.max(0, x); column < Math.min(width, x + count); column += 1) {
        const at = row + left + column;
        if (isFree(at) && grid.codes[at] === SPACE && grid.codes[at + 1] !== RIGHT_HALF) grid.styles[at] = id;
      }
    },
  };
}
