import type { Grid } from "./grid.ts";
import { RIGHT_HALF, SPACE } from "./grid.ts";
import type { StyleTable } from "./style.ts";

const SYNC_BEGIN = "\u001b[?2026h";
const SYNC_END = "\u001b[?2026l";
/** Re-sending a few unchanged cells is shorter than moving the cursor over them. */
const GAP_WORTH_WRITING = 4;

/**
 * The bytes that turn `shown` into `wanted` on the terminal, in one synchronized update; empty when nothing differs.
 * With `shown` undefined everything is written. Both grids have the same size.
 */
export function diffFrames(shown: Grid | undefined, wanted: Grid, styles: StyleTable): string {
  let out = "";
  let style = -1;
  for (let y = 0; y < wanted.rows; y += 1) {
    const row = y * wanted.columns;
    let x = 0;
    while (x < wanted.columns) {
      if (shown !== undefined && same(shown, wanted, row + x)) {
        x += 1;
        continue;
      }
      const start = wanted.codes[row + x] === RIGHT_HALF && x > 0 ? x - 1 : x;
      const end = endOfRun(shown, wanted, row, start);
      out += `\u001b[${y + 1};${start + 1}H`;
      for (let at = row + start; at < row + end; at += 1) {
        const code = wanted.codes[at] ?? SPACE;
        if (code === RIGHT_HALF) continue;
        const next = wanted.styles[at] ?? 0;
        if (next !== style) {
          out += styles.sequence(next);
          style = next;
        }
        out += String.fromCodePoint(code);
        // Terminals disagree about what is wide; saying where the next cell is keeps the rest of the row in place.
        const after = at - row + 2;
        if (wanted.codes[at + 1] === RIGHT_HALF && after < end) out += `\u001b[${after + 1}G`;
      }
      x = end;
    }
  }
  return out === "" ? "" : `${SYNC_BEGIN}${out}\u001b[0m${SYNC_END}`;
}

function endOfRun(shown: Grid | undefined, wanted: Grid, row: number, start: number): number {
  let end = start + 1;
  let unchanged = 0;
  for (let x = start + 1; x < wanted.columns; x += 1) {
    if (shown === undefined || !same(shown, wanted, row + x)) {
      end = x + 1;
      unchanged = 0;
    } else if ((unchanged += 1) > GAP_WORTH_WRITING) break;
  }
  // Never end between the halves of a wide character.
  if (end < wanted.columns && wanted.codes[row + end] === RIGHT_HALF) end += 1;
  return end;
}

function same(shown: Grid, wanted: Grid, at: number): boolean {
  return shown.codes[at] === wanted.codes[at] && shown.styles[at] === wanted.styles[at];
}
