import { eachGlyph } from "./glyphs.ts";
import type { Grid } from "./grid.ts";
import { clearGrid, putCell } from "./grid.ts";
import type { CellStyle, StyleTable } from "./style.ts";

/** A colour of the classic sixteen, as most terminals draw it. */
const BASIC = [
  0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5, 0x666666, 0xf14c4c, 0x23d18b,
  0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
] as const;

type Pen = { -readonly [K in keyof CellStyle]: CellStyle[K] };

/**
 * Reads a whole frame as Ink writes it (rows of text with SGR sequences) into a grid. Any other escape sequence is
 * skipped; what does not fit is cut.
 */
export function readAnsiFrame(frame: string, grid: Grid, styles: StyleTable): void {
  clearGrid(grid);
  let pen: Pen = {};
  let style = styles.intern(pen);
  let x = 0;
  let y = 0;
  const put = (code: number) => {
    x += putCell(grid, x, y, code, style, grid.columns);
  };
  for (let index = 0; index < frame.length && y < grid.rows;) {
    const code = frame.charCodeAt(index);
    if (code === 0x1b) {
      const end = endOfSequence(frame, index);
      if (frame[index + 1] === "[" && frame[end - 1] === "m") {
        pen = applySgr(pen, frame.slice(index + 2, end - 1));
        style = styles.intern(pen);
      }
      index = end;
    } else if (code < 0x20) {
      if (code === 0x0a) {
        x = 0;
        y += 1;
      }
      index += 1;
    } else {
      const end = endOfText(frame, index);
      eachGlyph(frame.slice(index, end), put);
      index = end;
    }
  }
}

function endOfText(frame: string, start: number): number {
  let end = start + 1;
  while (end < frame.length && frame.charCodeAt(end) >= 0x20) end += 1;
  return end;
}

function endOfSequence(frame: string, start: number): number {
  if (frame[start + 1] !== "[") return start + 2;
  let end = start + 2;
  while (end < frame.length && !/[@-~]/.test(frame[end] ?? "")) end += 1;
  return Math.min(frame.length, end + 1);
}

function applySgr(before: Pen, text: string): Pen {
  const codes = text === "" ? [0] : text.split(/[;:]/).map(Number);
  let pen: Pen = { ...before };
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 0) pen = {};
    else if (code === 1) pen.bold = true;
    else if (code === 2) pen.dim = true;
    else if (code === 4) pen.underline = true;
    else if (code === 7) pen.inverse = true;
    else if (code === 22) pen = without(pen, "bold", "dim");
    else if (code === 24) pen = without(pen, "underline");
    else if (code === 27) pen = without(pen, "inverse");
    else if (code === 39) pen = without(pen, "color");
    else if (code === 49) pen = without(pen, "background");
    else if (code >= 30 && code <= 37) pen.color = basic(code - 30);
    else if (code >= 90 && code <= 97) pen.color = basic(code - 82);
    else if (code >= 40 && code <= 47) pen.background = basic(code - 40);
    else if (code >= 100 && code <= 107) pen.background = basic(code - 92);
    else if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, index + 1);
      if (color !== undefined && code === 38) pen.color = color;
      if (color !== undefined && code === 48) pen.background = color;
      index += used;
    }
  }
  return pen;
}

function extendedColor(codes: readonly number[], at: number): readonly [number | undefined, number] {
  if (codes[at] === 2) {
    return [((codes[at + 1] ?? 0) << 16) | ((codes[at + 2] ?? 0) << 8) | (codes[at + 3] ?? 0), 4];
  }
  if (codes[at] === 5) return [paletteColor(codes[at + 1] ?? 0), 2];
  return [undefined, 0];
}

function paletteColor(index: number): number {
  if (index < 16) return basic(index);
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const rest = index - 16;
  return (level(Math.floor(rest / 36)) << 16) | (level(Math.floor(rest / 6) % 6) << 8) | level(rest % 6);
}

function basic(index: number): number {
  return BASIC[index] ?? 0xffffff;
}

function without(pen: Pen, ...keys: readonly (keyof CellStyle)[]): Pen {
  const dropped: readonly string[] = keys;
  return Object.fromEntries(Object.entries(pen).filter(([key]) => !dropped.includes(key)));
}
