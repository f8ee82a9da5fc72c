/** How a cell looks. Colours are 0xRRGGBB; an absent colour is the terminal's own. */
export interface CellStyle {
  readonly color?: number;
  readonly background?: number;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
}

export type ColorDepth = "truecolor" | "256" | "16" | "none";

/** Interned styles: a cell keeps a small number, and the escape sequence of each is made once. */
export interface StyleTable {
  intern(style: CellStyle): number;
  /** The SGR sequence that sets exactly this style, from whatever was set before. */
  sequence(id: number): string;
}

const MOST_STYLES = 0xffff;

/** The id of the terminal's own look in every table. */
export const PLAIN = 0;

export function createStyleTable(depth: ColorDepth): StyleTable {
  const sequences: string[] = ["\u001b[0m"];
  const ids = new Map<string, number>([[keyOf({}), PLAIN]]);
  return {
    intern(style) {
      const key = keyOf(style);
      const known = ids.get(key);
      if (known !== undefined) return known;
      // A cell has 16 bits for its style. Nothing draws that many, and one too many must not become another one.
      if (sequences.length > MOST_STYLES) return PLAIN;
      const id = sequences.length;
      sequences.push(sequenceOf(style, depth));
      ids.set(key, id);
      return id;
    },
    sequence: (id) => sequences[id] ?? "\u001b[0m",
  };
}

function keyOf(style: CellStyle): string {
  const flags =
    (style.bold === true ? 1 : 0) |
    (style.dim === true ? 2 : 0) |
    (style.inverse === true ? 4 : 0) |
    (style.underline === true ? 8 : 0);
  return `${style.color ?? -1},${style.background ?? -1},${flags}`;
}

function sequenceOf(style: CellStyle, depth: ColorDepth): string {
  const codes = ["0"];
  if (style.bold === true) codes.push("1");
  if (style.dim === true) codes.push("2");
  if (style.underline === true) codes.push("4");
  if (style.inverse === true) codes.push("7");
  if (depth !== "none") {
    if (style.color !== undefined) codes.push(colorCode(style.color, depth, 38));
    if (style.background !== undefined) codes.push(colorCode(style.background, depth, 48));
  } else if (style.background !== undefined && style.inverse !== true) {
    // Without colours a coloured background still has to stand out.
    codes.push("7");
  }
  return `\u001b[${codes.join(";")}m`;
}

function colorCode(color: number, depth: Exclude<ColorDepth, "none">, base: 38 | 48): string {
  const red = (color >> 16) & 0xff;
  const green = (color >> 8) & 0xff;
  const blue = color & 0xff;
  if (depth === "truecolor") return `${base};2;${red};${green};${blue}`;
  if (depth === "256") return `${base};5;${cubeIndex(red, green, blue)}`;
  return String(basicCode(red, green, blue) + (base === 48 ? 10 : 0));
}

function cubeIndex(red: number, green: number, blue: number): number {
  const spread = Math.max(red, green, blue) - Math.min(red, green, blue);
  if (spread < 12) {
    const gray = Math.round(((red + green + blue) / 3 - 8) / 10);
    if (gray >= 0 && gray <= 23) return 232 + gray;
  }
  const level = (value: number) => (value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40)));
  return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}

function basicCode(red: number, green: number, blue: number): number {
  const bright = Math.max(red, green, blue) > 160 ? 60 : 0;
  const half = Math.max(red, green, blue) * 0.6;
  const bits = (red > half ? 1 : 0) | (green > half ? 2 : 0) | (blue > half ? 4 : 0);
  if (Math.max(red, green, blue) < 48) return 30;
  return 30 + bits + bright;
}

/** Reads what the terminal can show from the environment a person or a CI sets. */
export function colorDepthOf(env: Readonly<Record<string, string | undefined>>): ColorDepth {
  const term = env["TERM"] ?? "";
  if ((env["NO_COLOR"] ?? "") !== "" || term === "dumb") return "none";
  const colorterm = env["COLORTERM"] ?? "";
  if (colorterm === "truecolor" || colorterm === "24bit" || term.endsWith("-direct")) return "truecolor";
  // Windows Terminal sets neither TERM nor COLORTERM.
  if ((env["WT_SESSION"] ?? "") !== "") return "truecolor";
  if (term.includes("256") || term.includes("kitty") || term.includes("alacritty") || term.includes("ghostty"))
    return "256";
  return "16";
}
