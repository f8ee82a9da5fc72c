import { describe, expect, it } from "vitest";
import { recordFrames } from "./record-frames.ts";
import { checkAnswers, createStreamScenario } from "./stream-scenario.ts";
import { createTapedeckContestant } from "./tapedeck-contestant.ts";

const SMALL = { seed: 7, frames: 300, levels: 200, changes: 20, symbols: 50 };

describe("the stream bench", () => {
  it("records the same bytes from the same seed, and others from another", () => {
    const [one, same, other] = [7, 7, 8].map((seed) => recordFrames("depth", { ...SMALL, seed }).frames);
    expect(Buffer.concat(one ?? [])).toEqual(Buffer.concat(same ?? []));
    expect(Buffer.concat(one ?? [])).not.toEqual(Buffer.concat(other ?? []));
  });

  it("follows a recorded book to its end, of as many levels as it should have", async () => {
    const contestant = createTapedeckContestant(recordFrames("depth", SMALL));
    await contestant.prepare();
    contestant.run();
    const { state, bids, asks } = contestant.answer() as { state: string; bids: unknown[]; asks: unknown[] };
    expect(state).toBe("live");
    expect(Math.abs(bids.length + asks.length - SMALL.levels)).toBeLessThan(SMALL.levels / 5);
  });

  it("runs every kind of frame in processes of its own, and the answers agree", async () => {
    const scenario = createStreamScenario(["tapedeck", "bare", "bare-text"]);
    const { tables } = await scenario.run({ seed: 7, rounds: 1, size: 0.001 });
    expect(tables.map(({ title }) => title.split(":")[0])).toEqual(["depth", "limit-depth", "deals", "mini-tickers"]);
    for (const { rows } of tables) expect(rows.map(([name]) => name)).toEqual(["tapedeck", "bare", "bare-text"]);
  }, 60_000);

  it("fails when a contestant came to another book, or a bare loop read less", () => {
    const recording = recordFrames("depth", SMALL);
    const result = { rounds: [], rssBytes: 0 };
    const tapedeck = { ...result, name: "tapedeck" as const, answer: { bids: [[1, 2]] } };
    const ccxt = { ...result, name: "ccxt" as const, answer: { bids: [[1, 3]] } };
    const bare = {
      ...result,
      name: "bare" as const,
      answer: { decimals: 1, digits: 2, behindPoint: 0, characters: 0 },
    };
    checkAnswers(recording, [tapedeck, { ...ccxt, answer: tapedeck.answer }]);
    expect(() => checkAnswers(recording, [tapedeck, ccxt])).toThrow(/ccxt came to another answer/);
    expect(() => checkAnswers(recording, [tapedeck, bare])).toThrow(/bare came to another answer/);
  });
});
