import { describe, expect, it } from "vitest";
import { exchangeTime, shifted } from "../../../../src/core/domain/exchange-time.ts";
import { crossedInGap } from "../../../../src/core/domain/guarding/gap.ts";
import { price, ratio } from "../../../../src/core/domain/money.ts";
import type { LegRule, LegState } from "../../../../src/core/domain/protection.ts";
import { NOW, protectionSample } from "../samples.ts";

const SINCE = exchangeTime(NOW);
const UNTIL = exchangeTime(NOW + 60_000);

function protectedBy(rule: LegRule, state: LegState = "live", highest?: string) {
  const leg = { legId: "x", rule, state, attempts: [], ...(highest === undefined ? {} : { highest: price(highest) }) };
  return protectionSample({ legs: [leg] });
}

const gap = (...prices: readonly string[]) => ({
  since: SINCE,
  until: UNTIL,
  offsetMs: 0,
  spans: prices.map((at, index) => ({ low: price(at), high: price(at), at: shifted(SINCE, 1 + index) })),
});

const STOP: LegRule = { kind: "stop-loss", triggerPrice: price("60000") };
const TRAIL: LegRule = { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.1") } };

describe("what was crossed while nobody watched", () => {
  it.each<[what: string, rule: LegRule, prices: readonly string[], worst: string | undefined, highest?: string]>([
    ["a stop that was not reached", STOP, ["60001", "61000"], undefined],
    ["a stop that was reached exactly", STOP, ["60000", "61000"], "60000"],
    ["the worst of several", STOP, ["59000", "58000", "59500", "70000"], "58000"],
    [
      "a target: it goes on",
      { kind: "take-profit", triggerPrice: price("61000"), share: ratio("1") },
      ["62000"],
      undefined,
    ],
    ["a trail below the highest on disk", TRAIL, ["90001", "90000"], "90000", "100000"],
    ["a trail that rose on the way", TRAIL, ["110000", "99000"], "99000", "100000"],
    ["a trail that was not reached", TRAIL, ["110000", "99001"], undefined, "100000"],
    [
      "a trail that was never activated",
      { ...TRAIL, activationPrice: price("120000") },
      ["110000", "50000"],
      undefined,
    ],
    ["a trail activated on the way", { ...TRAIL, activationPrice: price("110000") }, ["110000", "99000"], "99000"],
  ])("%s", (_what, rule, prices, worst, highest) => {
    const crossed = crossedInGap(protectedBy(rule, "live", highest), gap(...prices));
    expect(crossed).toEqual(worst === undefined ? [] : [{ legId: "x", worstPrice: price(worst) }]);
  });

  it("is a time that passed in it, and not one before or after", () => {
    const at = (time: number) => crossedInGap(protectedBy({ kind: "time-stop", at: time }), gap());
    const times = [NOW, NOW + 1, NOW + 60_000, NOW + 60_001];
    expect(times.map((time) => at(time).length)).toEqual([0, 1, 1, 0]);
  });

  it.each([3_600_000, -3_600_000])("is a time of ours, %i ms away from the exchange's clock", (offsetMs) => {
    const ours = (time: number) => time - offsetMs;
    const at = (time: number) =>
      crossedInGap(protectedBy({ kind: "time-stop", at: ours(time) }), { ...gap(), offsetMs }).length;
    expect([NOW, NOW + 1, NOW + 60_000, NOW + 60_001].map(at)).toEqual([0, 1, 1, 0]);
  });

  it("leaves out prices of before", () => {
    const old = { low: price("1"), high: price("1"), at: SINCE };
    expect(crossedInGap(protectedBy(STOP), { ...gap(), spans: [old] })).toEqual([]);
  });

  it.each<LegState>(["recovering", "asking", "exiting", "done", "ended"])(
    "is not asked again of a leg that is %s",
    (state) => {
      expect(crossedInGap(protectedBy(STOP, state), gap("1"))).toEqual([]);
    },
  );

  it("takes the high of a candle to have come before its low", () => {
    const candle = { low: price("99000"), high: price("110000"), at: shifted(SINCE, 1) };
    const found = crossedInGap(protectedBy(TRAIL, "live", "100000"), { ...gap(), spans: [candle] });
    expect(found).toEqual([{ legId: "x", worstPrice: price("99000") }]);
  });
});
