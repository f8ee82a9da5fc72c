import fc from "fast-check";
import { expect, it } from "vitest";
import { everyPage } from "../../../src/adapters/mexc/rest/every-page.ts";

interface Row {
  readonly id: string;
  readonly at: number;
}

/** A list that gives the newest `size` rows up to a moment, with times rounded down to whole seconds. */
function listOf(rows: readonly Row[], size: number, comparesSeconds = false) {
  const asked: (number | undefined)[] = [];
  const cuts: number[] = [];
  const momentOf = (row: Row) => (comparesSeconds ? Math.floor(row.at / 1_000) * 1_000 : row.at);
  return {
    asked,
    cuts,
    all: () =>
      everyPage({
        fetch: (until) => {
          asked.push(until);
          const upTo = rows.filter((row) => until === undefined || momentOf(row) <= until);
          const newest = upTo.toSorted((left, right) => right.at - left.at).slice(0, size);
          const rounded = newest.map((row) => ({ ...row, at: Math.floor(row.at / 1_000) * 1_000 }));
          return Promise.resolve({ rows: rounded, size: rounded.length });
        },
        keyOf: (row) => row.id,
        timeOf: (row) => row.at,
        fullPage: size,
        onCut: (moment) => cuts.push(moment),
      }),
  };
}

it("asks once when the first page is not full", async () => {
  const list = listOf([{ id: "a", at: 5_000 }], 2);
  expect(await list.all()).toHaveLength(1);
  expect(list.asked).toEqual([undefined]);
});

it("brings every row once, however many of them a second holds", async () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 4_000 }), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 2, max: 9 }), async (moments, size) => {
      const rows = moments.map((at) => ({ id: String(at), at }));
      const list = listOf(rows, size);
      const found = await list.all();
      expect(found.map((row) => row.id).toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    }),
  );
});

it("asks a second that fills a page by few more questions", async () => {
  const rows = Array.from({ length: 250 }, (_, at) => ({ id: String(at), at: 1_000 + at * 4 }));
  const list = listOf([...rows, { id: "older", at: 20 }], 100);
  expect(await list.all()).toHaveLength(251);
  expect(list.asked.length).toBeLessThan(16);
  expect(list.cuts).toEqual([]);
});

it("tells of a moment that may hold more than a page, and still brings what is older", async () => {
  const crowd = Array.from({ length: 5 }, (_, n) => ({ id: `crowd-${n}`, at: 7_000 }));
  const list = listOf([...crowd, { id: "older", at: 20 }], 3);
  const found = await list.all();
  expect(found.map(({ id }) => id)).toContain("older");
  expect(found).toHaveLength(4);
  expect(list.cuts).toEqual([7_000]);
});

it("ends, and brings what is older, when the exchange compares whole seconds only", async () => {
  const crowd = Array.from({ length: 150 }, (_, n) => ({ id: `crowd-${n}`, at: 7_000 + n }));
  const list = listOf([...crowd, { id: "older", at: 20 }], 100, true);
  const found = await list.all();
  expect(found.map(({ id }) => id)).toContain("older");
  expect(list.cuts).toHaveLength(1);
  expect(list.asked.length).toBeLessThan(30);
});
