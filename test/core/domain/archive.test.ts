import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveRange } from "../../../src/core/domain/archive.ts";
import { holesOf, joinRange, pullFrom, wholeUntil } from "../../../src/core/domain/archive.ts";
import { planArchive } from "../../../src/core/domain/archive-plan.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";

const BTC = marketSymbol("BTCUSDT");
const ETH = marketSymbol("ETHUSDT");
const DAY_MS = 24 * 3_600_000;
const range = (from: number, until: number, symbol = BTC): ArchiveRange => ({ symbol, kind: "orders", from, until });
const spans = (ranges: readonly ArchiveRange[]) => ranges.map(({ from, until }) => [from, until]);

describe("ranges", () => {
  it("that touch are one, and others stay apart with a hole between them", () => {
    expect(spans(joinRange([range(0, 10)], range(10, 20)))).toEqual([[0, 20]]);
    expect(spans(joinRange([range(0, 10)], range(5, 20)))).toEqual([[0, 20]]);
    const apart = joinRange([range(0, 10)], range(15, 20));
    expect(spans(apart)).toEqual([
      [0, 10],
      [15, 20],
    ]);
    expect(holesOf(apart)).toEqual([range(10, 15)]);
    expect(holesOf([range(0, 10), range(50, 60, ETH)])).toEqual([]);
  });

  it("noted by a clock that was ahead are cut back to what was asked for since", () => {
    expect(spans(joinRange([range(0, 90)], range(40, 50)))).toEqual([[0, 50]]);
    expect(spans(joinRange([range(70, 90)], range(40, 50)))).toEqual([[40, 50]]);
  });

  it("never claim a moment that no pull has covered, however the pulls come", () => {
    const pulls = fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pulls, (asked) => {
        const noted = asked.map(([from, length]) => range(from, from + length));
        const ranges = noted.reduce<readonly ArchiveRange[]>(joinRange, []);
        const covers = (all: readonly ArchiveRange[], at: number) => all.some((it) => it.from <= at && at < it.until);
        for (let at = 0; at < 140; at += 1) if (covers(ranges, at)) expect(covers(noted, at)).toBe(true);
        for (const hole of holesOf(ranges)) expect(covers(ranges, hole.from)).toBe(false);
      }),
    );
  });

  it("say from when to ask, and what lies too far back to be listed", () => {
    const now = 100 * DAY_MS;
    const market = { symbol: BTC, kind: "orders" } as const;
    expect(pullFrom([], market, now).hole).toBeUndefined();
    expect(pullFrom([range(0, now - 60_000)], market, now)).toEqual({ from: now - 180_000, hole: undefined });
    const { from, hole } = pullFrom([range(0, now - 40 * DAY_MS)], market, now);
    expect(hole).toEqual(range(now - 40 * DAY_MS, from));
    expect(wholeUntil([range(0, now + 1)], market, now)).toBeUndefined();
  });
});

describe("the plan of a pull", () => {
  const now = 100 * DAY_MS;
  const symbols = (...names: string[]) => names.map((name) => marketSymbol(name));
  const plan = (over: Partial<Parameters<typeof planArchive>[0]>) =>
    planArchive({ ranges: [], active: [], quiet: [], now, mostQuiet: 2, ...over });

  it("has every active market, and of the quiet ones a few in turn, the longest unread first", () => {
    const ranges = [range(0, now - 3 * DAY_MS, ETH), range(0, now - 2 * DAY_MS)];
    const quiet = symbols("BTCUSDT", "ETHUSDT", "MXUSDT", "SOLUSDT");
    expect(plan({ ranges, quiet })).toEqual(["MXUSDT", "SOLUSDT"]);
    expect(plan({ ranges, quiet: symbols("BTCUSDT", "ETHUSDT") })).toEqual(["ETHUSDT", "BTCUSDT"]);
    expect(plan({ active: symbols("A", "B", "C"), quiet: symbols("A", "D"), mostQuiet: 0 })).toEqual(["A", "B", "C"]);
  });

  it("leaves a quiet market alone that was read within a day", () => {
    expect(plan({ ranges: [range(0, now - DAY_MS / 2)], quiet: symbols("BTCUSDT") })).toEqual([]);
  });
});
