import { describe, expect, test } from "vitest";
import { runSyncSeed } from "./run-sync-seed.ts";

/** A few of the worlds that `npm run test:sync` runs by the hundred. */
const SEEDS = { sqlite: 12, libsql: 3 } as const;

describe.each(["sqlite", "libsql"] as const)("three devices and a remote on %s", (engine) => {
  test.each(Array.from({ length: SEEDS[engine] }, (_, at) => at + 1))(
    "hold the same in the end, with nothing lost: seed %i",
    async (seed) => {
      const { broken, counts } = await runSyncSeed(seed, engine);
      expect(broken, `again: npm run test:sync -- --from ${String(seed)} --seeds 1 --remote ${engine}`).toEqual([]);
      expect(counts["faults"]).toBeGreaterThan(0);
    },
  );
});
