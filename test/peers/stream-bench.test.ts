import { expect, it } from "vitest";
import { createStreamScenario } from "../perf/stream/stream-scenario.ts";

it("the bench lets ccxt take in the same frames, and ccxt ends with the same books, trades and tickers", async () => {
  const { tables } = await createStreamScenario(["tapedeck", "ccxt"]).run({ seed: 11, rounds: 1, size: 0.005 });
  expect(tables).toHaveLength(4);
  for (const { rows } of tables) expect(rows.map(([name]) => name)).toEqual(["tapedeck", "ccxt"]);
});
