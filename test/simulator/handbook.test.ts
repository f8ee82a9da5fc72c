import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simServe } from "../../src/commands/sim/serve.ts";
import { CONTROL_PATHS } from "../../src/simulator/control/control-calls.ts";
import { SWITCHES } from "../../src/simulator/switches.ts";
import type { SwitchFact } from "../../src/simulator/switches.ts";

/** The rows of the handbook's tables, cell by cell, however they are padded. */
const rows = new Map<string, readonly string[]>();
for (const line of readFileSync(new URL("../../docs/simulator.md", import.meta.url), "utf8").split("\n")) {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  if (cells.length > 3) rows.set(cells[1] ?? "", cells.slice(2, -1));
}

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

  it("tells of every flag of sim serve, and of nothing that is not there", () => {
    const told = [...rows.keys()].filter((name) => name.startsWith("`--")).map((name) => name.replaceAll("`", ""));
    expect(told).toEqual(expect.arrayContaining((simServe.options ?? []).map(({ flags }) => flags)));
    expect(told).toHaveLength((simServe.options ?? []).length);
    const calls = [...rows.keys()].filter((name) => /^`(GET|POST) /.test(name));
    expect(calls).toHaveLength(CONTROL_PATHS.length);
  });
});
