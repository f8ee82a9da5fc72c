import type xterm from "@xterm/headless";

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const BACKGROUND = "#0d1117";
const FOREGROUND = "#d0d7de";

/** A terminal's screen as an SVG: one text element a run of equal cells, so that it stays small and sharp. */
export function terminalSvg(terminal: xterm.Terminal): string {
  const width = terminal.cols * CELL_WIDTH + 16;
  const height = terminal.rows * CELL_HEIGHT + 16;
  const parts: string[] = [];
  for (let y = 0; y < terminal.rows; y += 1) parts.push(...rowParts(terminal, y));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(1)} ${height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

interface Look {
  readonly color: string;
  readonly background: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

function rowParts(terminal: xterm.Terminal, y: number): readonly string[] {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + y);
  const parts: string[] = [];
  let run: { readonly x: number; text: string; columns: number; readonly look: Look } | undefined;
  const flush = () => {
    if (run !== undefined) parts.push(...drawRun(run, y));
    run = undefined;
  };
  for (let x = 0; x < terminal.cols; x += 1) {
    const cell = line?.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const look = lookOf(cell);
    if (run === undefined || JSON.stringify(run.look) !== JSON.stringify(look)) {
      flush();
      run = { x, text: "", columns: 0, look };
    }
    run.text += cell.getChars() === "" ? " " : cell.getChars();
    run.columns += cell.getWidth();
  }
  flush();
  return parts;
}

function drawRun(
  run: { readonly x: number; readonly text: string; readonly columns: number; readonly look: Look },
  y: number,
): readonly string[] {
  const { look, text } = run;
  const left = (8 + run.x * CELL_WIDTH).toFixed(1);
  const wide = (run.columns * CELL_WIDTH).toFixed(1);
  const top = 8 + y * CELL_HEIGHT;
  const parts: string[] = [];
  if (look.background !== undefined) {
    parts.push(`<rect x="${left}" y="${top}" width="${wide}" height="${CELL_HEIGHT}" fill="${look.background}"/>`);
  }
  if (text.trim() !== "") {
    const weight = look.bold ? ' font-weight="bold"' : "";
    const faint = look.dim ? ' opacity="0.6"' : "";
    parts.push(
      `<text x="${left}" y="${top + 13}" textLength="${wide}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill="${look.color}"${weight}${faint}>${escapeXml(text)}</text>`,
    );
  }
  return parts;
}

function lookOf(cell: xterm.IBufferCell): Look {
  const color = cell.isFgRGB() ? hex(cell.getFgColor()) : FOREGROUND;
  const background = cell.isBgRGB() ? hex(cell.getBgColor()) : undefined;
  const inverse = cell.isInverse() !== 0;
  return {
    color: inverse ? (background ?? BACKGROUND) : color,
    background: inverse ? color : background,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
  };
}

function hex(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
