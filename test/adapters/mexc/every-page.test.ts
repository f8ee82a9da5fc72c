import fc from "fast-check";
import { expect, it } from "vitest";
import { everyPage } from "../../../src/adapters/mexc/rest/every-page.ts";

interface Row {
  readonly id: string;
  readonly at: number;
}

/** A list that gives the newest `size` rows up to a moment, with times rounded down to whole seconds. */
function listOf(rows: readonly Row[], size: number) {
  const asked: (number | undefined)[] = [];
  return {
    asked,
    all: () =>
      everyPage({
        fetch: (until) => {
          asked.push(until);
          const upTo = rows.filter((row) => until === undefined || row.at <= until);
          const newest = upTo.toSorted((left, right) => right.at - left.at).slice(0, size);
          const rounded = newest.map((row) => ({ ...row, at: Math.floor(row.at / 1_000) * 1_000 }));
          return Promise.resolve({ rows: rounded, size: rounded.length });
        },
        keyOf: (row) => row.id,
        timeOf: (row) => row.at,
        fullPage: size,
      }),
  };
}

it("asks once when the first page is not full", async () => {
  const list = listOf([{ id: "a", at: 5_000 }], 2);
  expect(await list.all()).toHaveLength(1);
  expect(list.asked).toEqual([undefined]);
});

it("brings every row once, as long as no second fills a page by itself", async () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 60_000 }), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 9 }), async (moments, size) => {
      const rows = moments.map((at) => ({ id: String(at), at }));
      const bySecond = Map.groupBy(rows, ({ at }) => Math.floor(at / 1_000));
      fc.pre([...bySecond.values()].every((group) => group.length < size));
      const found = await listOf(rows, size).all();
      expect(found.map((row) => row.id).toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    }),
  );
});

it("ends when a page brings nothing new", async () => {
  const rows = Array.from({ length: 5 }, (_, at) => ({ id: String(at), at: 1_000 + at }));
  const list = listOf(rows, 2);
  expect(await list.all()).toHaveLength(2);
  expect(list.asked).toHaveLength(2);
});
