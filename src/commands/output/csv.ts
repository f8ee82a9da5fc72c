/** Lines of RFC 4180, with a header from the keys of the rows. Nested objects become dotted columns. */
export function renderCsv(rows: readonly object[]): readonly string[] {
  const flat = rows.map((row) => new Map(flatten(row, "")));
  const header = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  if (header.length === 0) return [];
  return [header.map(cell).join(","), ...flat.map((row) => header.map((key) => cell(row.get(key) ?? "")).join(","))];
}

function flatten(value: object, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly (readonly [string, string])[] => {
    const name = `${prefix}${key}`;
    if (inner === null || inner === undefined) return [[name, ""]];
    if (Array.isArray(inner)) return [[name, JSON.stringify(inner)]];
    if (typeof inner === "object") return flatten(inner, `${name}.`);
    return [[name, typeof inner === "string" ? inner : JSON.stringify(inner)]];
  });
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A spreadsheet runs a cell that begins with = + - or @ as a formula, and what stands here may come from the exchange;
 * an apostrophe makes it text. Plain numbers stay numbers.
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r＝＋－＠]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
