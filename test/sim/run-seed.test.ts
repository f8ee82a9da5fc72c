import { afterAll, expect, it } from "vitest";
import type { SeedResult } from "./run-seed.ts";
import { runSeed } from "./run-seed.ts";
import { createDisk } from "./world/disk.ts";

const disk = createDisk();
afterAll(() => {
  disk.remove();
});

it.each([1, 2, 3, 5, 8, 13, 21, 34])("holds every invariant in world %i", async (seed) => {
  const { violations, trace } = await runSeed(seed, disk);
  expect(violations, `${trace.join("\n")}\nnpm run test:sim -- --seed ${String(seed)} --trace`).toEqual([]);
});

it("tells the same story of the same seed, whether or not it is kept, and another of another", async () => {
  const first = await runSeed(77, disk);
  const again = await runSeed(77, disk, true);
  const other = await runSeed(78, disk);
  expect(again.traceHash).toBe(first.traceHash);
  expect(other.traceHash).not.toBe(first.traceHash);
  expect(again.trace.length).toBeGreaterThan(100);
});

it("has worlds in which processes die and orders trade", async () => {
  const results: SeedResult[] = [];
  for (let seed = 100; seed < 112; seed += 1) results.push(await runSeed(seed, disk));
  const total = (count: keyof SeedResult["counts"]) => results.reduce((sum, { counts }) => sum + counts[count], 0);
  expect(total("orders")).toBeGreaterThan(10);
  expect(total("fills")).toBeGreaterThan(5);
  expect(total("deaths")).toBeGreaterThan(10);
});
