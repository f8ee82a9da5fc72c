import { describe, expect, it } from "vitest";
import { checkHeard, createWholePathScenario } from "./whole-path-scenario.ts";

describe("the bench of the whole path", () => {
  it("takes a stretch in over real sockets, in processes of its own, and both hear all of it", async () => {
    const { tables, figures } = await createWholePathScenario().run({ seed: 7, rounds: 1, size: 0.05 });
    expect(tables[0]?.rows.map(([name]) => name)).toEqual(["tapedeck", "bare"]);
    const { rounds } = figures as { rounds: Record<string, { heard: Record<string, number> }[]> };
    expect(rounds["tapedeck"]?.[0]?.heard).toMatchObject({ tickers: 2_000, trades: 300 });
    expect(rounds["tapedeck"]?.[0]?.heard["dispatches"]).toBeGreaterThan(0);
    expect(rounds["bare"]?.[0]?.heard).toMatchObject({ tickers: 2_000, trades: 300 });
  }, 60_000);

  it("fails when one has missed something", () => {
    const heard = { tickers: 2_000, trades: 10, levels: 1_000, dispatches: 3 };
    const round = { wallMs: 1, cpuMs: 1, rssBytes: 1, heard };
    checkHeard(new Map([["tapedeck", [round]]]), 10);
    for (const missed of [{ tickers: 1_999 }, { trades: 9 }, { levels: 0 }]) {
      const rounds = new Map([["tapedeck" as const, [{ ...round, heard: { ...heard, ...missed } }]]]);
      expect(() => checkHeard(rounds, 10)).toThrow(/tapedeck missed something/);
    }
  });
});
