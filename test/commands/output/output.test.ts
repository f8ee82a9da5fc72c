import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellWidth } from "../../../src/commands/output/cells.ts";
import { renderCsv } from "../../../src/commands/output/csv.ts";
import { chooseFormat } from "../../../src/commands/output/output-format.ts";
import { createPaint, wantsColor } from "../../../src/commands/output/paint.ts";
import { renderTable } from "../../../src/commands/output/table.ts";
import { suggest } from "../../../src/core/domain/suggest.ts";

const PLAIN = createPaint(false);

describe("CSV", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["@cmd", "'@cmd"],
    ["+1+1", "'+1+1"],
    ["-0.02", "-0.02"],
    ["+5", "+5"],
    ["＝1", "'＝1"],
    ['say "hi", you', '"say ""hi"", you"'],
    ["two\nlines", '"two\nlines"'],
    ["plain", "plain"],
  ])("writes %j as %j", (text, cell) => {
    expect(renderCsv([{ text }])).toEqual(["text", cell]);
  });

  it("never begins a cell of text with a sign that a spreadsheet runs", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cell = (renderCsv([{ text: `=${text}` }])[1] ?? "").replace(/^"/, "");
        expect(cell.startsWith("'=")).toBe(true);
      }),
    );
  });

  it("flattens what is nested and leaves out what is not there", () => {
    expect(renderCsv([{ a: { b: "1", c: null }, d: ["x"] }, { a: { b: "2" } }])).toEqual([
      "a.b,a.c,d",
      '1,,"[""x""]"',
      "2,,",
    ]);
    expect(renderCsv([])).toEqual([]);
  });
});

describe("a table", () => {
  const columns = [
    { title: "NAME", value: (row: string) => row },
    { title: "LENGTH", value: (row: string) => String(row.length), align: "right", optional: 1 },
    { title: "NOTE", value: () => undefined, optional: 2 },
  ] as const;

  it("aligns wide characters by the cells they take", () => {
    expect(renderTable(columns, ["龙虾", "abc"], 80, PLAIN)).toEqual([
      "NAME  LENGTH  NOTE",
      "龙虾       2  —",
      "abc        3  —",
    ]);
    expect([cellWidth("龙虾USDT"), cellWidth("é"), cellWidth("e\u0301")]).toEqual([8, 1, 1]);
  });

  it("leaves the least wanted columns out where it is narrow, and says which", () => {
    expect(renderTable(columns, ["abc"], 13, PLAIN)).toEqual([
      "NAME  LENGTH",
      "abc        3",
      "+1 column (NOTE): widen, or --json",
    ]);
    expect(renderTable(columns, ["abc"], 4, PLAIN).at(-1)).toBe("+2 columns (LENGTH, NOTE): widen, or --json");
  });

  it("never leaves out what must be seen: a row takes more lines instead", () => {
    const money = [
      { title: "ORDER", value: (row: string) => row },
      { title: "STATE", value: () => "unknown" },
      { title: "PRICE", value: () => "65000.01", align: "right" },
    ] as const;
    expect(renderTable(money, ["td-1", "td-22"], 16, PLAIN)).toEqual([
      "ORDER  STATE",
      "     PRICE",
      "td-1   unknown",
      "  65000.01",
      "td-22  unknown",
      "  65000.01",
    ]);
    expect(renderTable(money, ["td-1"], 3, PLAIN)).toHaveLength(6);
  });
});

describe("the format", () => {
  it.each([
    [{ output: undefined, json: false }, true, "table"],
    [{ output: undefined, json: false }, false, "json"],
    [{ output: undefined, json: true }, true, "json"],
    [{ output: "csv", json: false }, true, "csv"],
    [{ output: "ndjson", json: true }, true, "ndjson"],
  ] as const)("of %j with a terminal %s is %s", (asked, tty, format) => {
    expect(chooseFormat(asked, tty).format).toBe(format);
  });

  it.each([
    [{}, true, false, true],
    [{}, false, false, false],
    [{ NO_COLOR: "1" }, true, false, false],
    [{ NO_COLOR: "" }, true, false, true],
    [{ TERM: "dumb" }, true, false, false],
    [{ FORCE_COLOR: "1" }, false, false, true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false, false],
    [{ FORCE_COLOR: "1" }, true, true, false],
  ])("colours with %j, terminal %s, --no-color %s: %s", (env, tty, flag, colored) => {
    expect(wantsColor(env, tty, flag)).toBe(colored);
  });
});

describe("did you mean", () => {
  it.each([
    ["BTCUSD", ["BTCUSDT", "ETHUSDT", "BTCUSDC"], ["BTCUSDT", "BTCUSDC"]],
    ["plaec", ["place", "cancel", "ls"], ["place"]],
    ["BTC", ["BTCUSDT", "ETHUSDT"], ["BTCUSDT"]],
    ["zzzz", ["place", "cancel"], []],
  ])("%s", (word, known, meant) => {
    expect(suggest(word, known)).toEqual(meant);
  });
});
