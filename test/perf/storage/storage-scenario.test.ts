import { expect, it } from "vitest";
import { checkWrites, createStorageScenario } from "./storage-scenario.ts";

it("writes as many entries as the raw contestant, and asks both the same of the past", async () => {
  const { tables } = await createStorageScenario().run({ seed: 7, rounds: 1, size: 0.01 });
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(["single", "batched"]);
  expect(tables[1]?.rows.map(([, rows]) => rows)).toEqual(["100", "4", "1000"]);
}, 60_000);

it("fails when an entry is missing or the chain is broken", () => {
  const sound = { entries: 3, broken: undefined };
  checkWrites([sound], 3, 3);
  expect(() => checkWrites([sound], 2, 3)).toThrow(/not every entry/);
  expect(() => checkWrites([{ ...sound, entries: 2 }], 3, 3)).toThrow(/not every entry/);
  expect(() => checkWrites([{ ...sound, broken: { sequence: 2 } }], 3, 3)).toThrow(/not every entry/);
});
