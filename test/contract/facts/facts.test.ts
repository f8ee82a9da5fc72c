import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { VENUE_CODES } from "../../../src/adapters/mexc/rest/venue-codes.ts";
import type { Case } from "./fact.ts";
import { isMeant, readTitle } from "./fact.ts";
import { FACTS_PAGE, factsPage, listCases } from "./facts-page.ts";
import { FACTS } from "./facts.ts";

let cases: readonly Case[];

// Collecting runs every file of the contract as far as its list of cases.
beforeAll(async () => {
  cases = await listCases();
}, 120_000);

const factsOf = (section: string) => FACTS.filter((one) => one.section === section).map(({ says }) => says);

describe("the facts of the exchange", () => {
  it("each have the cases they name, or a reason to have none", () => {
    const missing = FACTS.flatMap(({ says, cases: selectors, untested }) => {
      if (selectors.length === 0) return untested === undefined || untested.length < 10 ? [says] : [];
      return selectors.filter((selector) => !cases.some(({ title }) => isMeant(selector, title)));
    });
    expect(missing).toEqual([]);
  });

  it("leave no case of a section over", () => {
    const selectors = FACTS.flatMap((one) => one.cases);
    const over = cases.filter(({ title }) => !selectors.some((selector) => isMeant(selector, title)));
    expect(over.map(({ title, file }) => `${file}: ${title}`)).toEqual([]);
  });

  it("are named once each", () => {
    const names = FACTS.map(({ section, says }) => `§${section} ${says}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it("have all 28 gotchas, each with a case of its own", () => {
    expect(factsOf("10").map((says) => Number.parseInt(says, 10))).toEqual(
      Array.from({ length: 28 }, (_, at) => at + 1),
    );
    const bearing = (row: number) =>
      cases.filter(({ title }) => readTitle(title)?.marks.includes(`§10.${row}`) === true);
    for (let row = 1; row <= 28; row += 1) expect(bearing(row).length, `§10.${row}`).toBeGreaterThan(0);
  });

  it("have every code that means something to the adapter, and no other", () => {
    const told = factsOf("2").flatMap((says) => /^-?\d+(, \d+)*/.exec(says)?.[0].split(", ").map(Number) ?? []);
    expect(told.toSorted((left, right) => left - right)).toEqual(
      [...VENUE_CODES.keys()].toSorted((left, right) => left - right),
    );
  });

  it("are written down in docs/exchange-facts.md as they are; `npm run docs:facts` writes it anew", async () => {
    expect(await readFile(FACTS_PAGE, "utf8")).toBe(await factsPage(FACTS, cases));
  });
});
