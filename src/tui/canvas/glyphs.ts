import stringWidth from "string-width";

const SPACE = 0x20;
const REPLACEMENT = 0xfffd;

const widths = new Map<number, 0 | 1 | 2>();

/** Columns a code point takes: 0 for combining marks, which a cell cannot hold, 2 for wide ones. */
export function widthOf(code: number): 0 | 1 | 2 {
  if (code >= 0x20 && code < 0x7f) return 1;
  const known = widths.get(code);
  if (known !== undefined) return known;
  const measured = Math.min(2, stringWidth(String.fromCodePoint(code))) as 0 | 1 | 2;
  widths.set(code, measured);
  return measured;
}

/** Columns a text takes on the screen. */
export function textWidth(text: string): number {
  let width = 0;
  eachGlyph(text, (_, columns) => {
    width += columns;
  });
  return width;
}

/**
 * Calls back for each cell's worth of text. A cell holds one code point, so a cluster of several (a letter with its
 * marks, a family of emoji) is composed where Unicode can, shows its first character where not, and always takes the
 * columns that layout counted for it.
 */
export function eachGlyph(text: string, visit: (code: number, width: 1 | 2) => void): void {
  let index = 0;
  while (index < text.length) {
    const code = text.codePointAt(index) ?? SPACE;
    const next = index + (code > 0xffff ? 2 : 1);
    // Telling clusters apart is dear, and nearly all text has none: it is done from the first doubtful character on.
    if (!standsAlone(code) || (next < text.length && !standsAlone(text.codePointAt(next) ?? SPACE))) {
      eachCluster(text.slice(index), visit);
      return;
    }
    const width = widthOf(code);
    if (width > 0) visit(code, width as 1 | 2);
    index = next;
  }
}

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });

function eachCluster(text: string, visit: (code: number, width: 1 | 2) => void): void {
  for (const { segment } of clusters.segment(text)) {
    const columns = Math.min(2, stringWidth(segment));
    const code = segment.normalize("NFC").codePointAt(0) ?? SPACE;
    const own = widthOf(code);
    if (columns === 0) continue;
    if (own === columns) visit(code, own as 1 | 2);
    else if (own === 1) {
      visit(code, 1);
      visit(SPACE, 1);
    } else for (let column = 0; column < columns; column += 1) visit(REPLACEMENT, 1);
  }
}

/** Latin, arrows, boxes, blocks, braille and Han characters never join their neighbour into one cluster. */
function standsAlone(code: number): boolean {
  return (
    (code < 0x300 && code !== 0xad) ||
    (code >= 0x2190 && code <= 0x2bff) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x2010 && code <= 0x2027)
  );
}
