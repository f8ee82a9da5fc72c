import { expect, it } from "vitest";
import { createPositionsScenario } from "./positions-scenario.ts";

it("counts positions of a stored past, counts one fill more, and reads the same rows beside it", async () => {
  const { tables } = await createPositionsScenario().run({ seed: 7, rounds: 1, size: 0.01 });
  expect(tables[0]?.title).toBe("positions: 1 000 stored fills, ms");
  expect(tables[0]?.rows.map(([name]) => name)).toEqual([
    "first count, first in first out",
    "the same after one more fill",
    "raw reading",
  ]);
}, 60_000);
