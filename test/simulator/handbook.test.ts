import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simServe } from "../../src/commands/sim/serve.ts";
import { CONTROL_PATHS } from "../../src/simulator/control/control-calls.ts";
import { faultSchema } from "../../src/simulator/control/faults.ts";
import type { Channel } from "../../src/simulator/streams/channel.ts";
import { PUSH_FAULT_KINDS } from "../../src/simulator/streams/push-faults.ts";
import { SWITCHES } from "../../src/simulator/switches.ts";
import type { SwitchFact } from "../../src/simulator/switches.ts";

/** The rows of the handbook's tables, cell by cell, however they are padded. */
const rows = new Map<string, readonly string[]>();
const handbook = readFileSync(new URL("../../docs/simulator.md", import.meta.url), "utf8");
for (const line of handbook.split("\n")) {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  if (cells.length > 3) rows.set(cells[1] ?? "", cells.slice(2, -1));
}

/** The row that tells of each kind of channel. */
const CHANNEL_ROWS = {
  deals: "aggre.deals, 10 or 100 ms",
  depth: "aggre.depth, 10 or 100 ms",
  bookTop: "aggre.bookTicker, 10 or 100 ms",
  bookTopBatch: "bookTicker.batch, 100 ms",
  depthBatch: "increase.depth.batch",
  limitDepth: "limit.depth, 5, 10 or 20",
  kline: "kline, all ten intervals",
  miniTicker: "miniTicker, miniTickers, 25 zones",
  miniTickers: "miniTicker, miniTickers, 25 zones",
  private: "private orders, deals, account",
} satisfies Readonly<Record<Channel["kind"], string>>;

const FAULT_KINDS = faultSchema.options.flatMap(({ shape: { kind } }): readonly string[] =>
  "options" in kind ? kind.options : [...kind.values],
);

function valuesOf(fact: SwitchFact): string {
  if (!("values" in fact)) return `${String(fact.usual)}; ${String(fact.least)} to ${String(fact.most)}`;
  return [fact.usual, ...fact.values.filter((value) => value !== fact.usual)].join(", ");
}

describe("docs/simulator.md", () => {
  it.each(Object.entries<SwitchFact>(SWITCHES))("tells of the switch %s as it is", (name, fact) => {
    expect(rows.get(`\`${name}\``)).toEqual([valuesOf(fact), fact.section, fact.meaning]);
  });

  it.each(CONTROL_PATHS)("tells of %s", (path) => {
    expect(rows.get(`\`${path}\``)).toHaveLength(1);
  });

  it.each(PUSH_FAULT_KINDS)("tells of the push fault %s", (kind) => {
    expect(rows.get(`\`${kind}\``)).toHaveLength(1);
  });

  it.each(FAULT_KINDS)("names the fault %s", (kind) => {
    expect(handbook).toMatch(new RegExp(`\`(?:\\{kind: )?${kind}[\`,}]`));
  });

  it.each(Object.entries(CHANNEL_ROWS))("tells of channels of the kind %s", (_kind, row) => {
    expect(rows.get(row)).toHaveLength(1);
  });

  it("tells of every flag of sim serve, and of nothing that is not there", () => {
    const told = [...rows.keys()].filter((name) => name.startsWith("`--")).map((name) => name.replaceAll("`", ""));
    expect(told).toEqual(expect.arrayContaining((simServe.options ?? []).map(({ flags }) => flags)));
    expect(told).toHaveLength((simServe.options ?? []).length);
    const calls = [...rows.keys()].filter((name) => /^`(GET|POST) /.test(name));
    expect(calls).toHaveLength(CONTROL_PATHS.length);
  });
});
