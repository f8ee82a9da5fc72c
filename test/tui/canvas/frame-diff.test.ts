import xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import { diffFrames } from "../../../src/tui/canvas/frame-diff.ts";
import type { Grid } from "../../../src/tui/canvas/grid.ts";
import { createGrid, putCell, rowText } from "../../../src/tui/canvas/grid.ts";
import { createStyleTable } from "../../../src/tui/canvas/style.ts";

const COLUMNS = 12;
const ROWS = 4;
const styles = createStyleTable("truecolor");
const STYLES = [{}, { color: 0xff0000 }, { background: 0x004000, bold: true }, { inverse: true }].map((style) =>
  styles.intern(style),
);

const anyPut = fc.record({
  x: fc.integer({ min: 0, max: COLUMNS - 1 }),
  y: fc.integer({ min: 0, max: ROWS - 1 }),
  code: fc.constantFrom(..."abcXYZ │█龙虾▲é".split("").map((it) => it.codePointAt(0) ?? 32)),
  style: fc.constantFrom(...STYLES),
});
const anyGrid = fc.array(anyPut, { maxLength: 60 }).map((puts) => {
  const grid = createGrid(COLUMNS, ROWS);
  for (const { x, y, code, style } of puts) putCell(grid, x, y, code, style, COLUMNS);
  return grid;
});

async function screenAfter(...frames: readonly string[]): Promise<xterm.Terminal> {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  for (const frame of frames) await new Promise<void>((resolve) => terminal.write(frame, resolve));
  return terminal;
}

function textOf(terminal: xterm.Terminal, y: number): string {
  return (terminal.buffer.active.getLine(y)?.translateToString(false) ?? "").padEnd(COLUMNS).slice(0, COLUMNS);
}

function looksOf(terminal: xterm.Terminal, grid: Grid): readonly string[] {
  const looks: string[] = [];
  for (let y = 0; y < grid.rows; y += 1) {
    for (let x = 0; x < grid.columns; x += 1) {
      const cell = terminal.buffer.active.getLine(y)?.getCell(x);
      looks.push(`${cell?.getFgColor()},${cell?.getBgColor()},${cell?.isBold()},${cell?.isInverse()}`);
    }
  }
  return looks;
}

it("makes a terminal show exactly the wanted frame, whatever it showed before", async () => {
  await fc.assert(
    fc.asyncProperty(anyGrid, anyGrid, async (first, second) => {
      const stepped = await screenAfter(diffFrames(undefined, first, styles), diffFrames(first, second, styles));
      const fresh = await screenAfter(diffFrames(undefined, second, styles));
      for (let y = 0; y < ROWS; y += 1) {
        expect(textOf(stepped, y)).toBe(textOf(fresh, y));
        expect(textOf(fresh, y).trimEnd()).toBe(rowText(second, y).trimEnd());
      }
      expect(looksOf(stepped, second)).toEqual(looksOf(fresh, second));
    }),
    { numRuns: 150 },
  );
});

it("sends nothing when nothing changed", () => {
  const grid = createGrid(COLUMNS, ROWS);
  expect(diffFrames(grid, grid, styles)).toBe("");
});
