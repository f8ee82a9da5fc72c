import { describe, expect, it } from "vitest";
import { notional, ratio } from "../../../src/core/domain/money.ts";
import type { OrderAction, TripFacts, TripLimits } from "../../../src/core/domain/trip-facts.ts";
import { NO_TRIPS, startOfDay } from "../../../src/core/domain/trip-facts.ts";
import { findTrip } from "../../../src/core/domain/trips.ts";
import { NOW } from "./samples.ts";

const CALM: TripFacts = {
  now: NOW,
  resumedAt: 0,
  gain: { value: notional("5"), since: NOW - 3_600_000 },
  drawdown: { current: ratio("0"), peakAt: NOW },
  orderActions: [],
  marketData: { newestAt: NOW, isNeeded: true },
  clock: { offsetMs: 3, largestOffsetMs: 5_000, beyondSince: undefined },
  reconcile: { failures: 0, since: undefined },
};
const ALL: TripLimits = {
  dailyLoss: notional("100"),
  drawdown: ratio("0.2"),
  errorRate: ratio("0.5"),
  staleDataMs: 60_000,
  clockDrift: true,
  reconcileFailures: 3,
  becomes: "reducing",
};

const actions = (...trouble: readonly boolean[]): readonly OrderAction[] =>
  trouble.map((isTrouble, index) => ({ at: NOW - 1_000 - index, isTrouble }));
const lost = (value: string) => ({ gain: { value: notional(value), since: NOW - 1 } });
const drift = (sinceMs: number) => ({
  clock: { offsetMs: 6_000, largestOffsetMs: 5_000, beyondSince: NOW - sinceMs },
});

describe("trips", () => {
  it.each<[string, Partial<TripFacts>, string | undefined]>([
    ["leave a calm day alone", {}, undefined],
    ["trip at the day's loss itself", lost("-100"), "daily-loss"],
    ["leave a smaller loss alone", lost("-99.999999"), undefined],
    ["do not take an unknown gain for a loss", { gain: undefined }, undefined],
    ["trip at the drawdown itself", { drawdown: { current: ratio("0.2"), peakAt: NOW } }, "drawdown"],
    ["leave a smaller one alone", { drawdown: { current: ratio("0.1999"), peakAt: NOW } }, undefined],
    ["do not take an unknown drawdown for one", { drawdown: undefined }, undefined],
    ["trip at the share of errors", { orderActions: actions(true, true, true, false, false, false) }, "error-rate"],
    ["leave a smaller share alone", { orderActions: actions(true, true, false, false, false) }, undefined],
    ["need enough orders to speak of a share", { orderActions: actions(true, true, true, true) }, undefined],
    [
      "forget what is older than five minutes",
      { orderActions: actions(true, true, true, true, true).map((it) => ({ ...it, at: NOW - 300_001 })) },
      undefined,
    ],
    [
      "forget what a person has resumed from",
      { orderActions: actions(true, true, true, true, true), resumedAt: NOW - 500 },
      undefined,
    ],
    ["trip at the age of the data", { marketData: { newestAt: NOW - 60_000, isNeeded: true } }, "stale-data"],
    ["leave younger data alone", { marketData: { newestAt: NOW - 59_999, isNeeded: true } }, undefined],
    ["ask for no data that nothing depends on", { marketData: { newestAt: 0, isNeeded: false } }, undefined],
    [
      "give the data time after a resume",
      { marketData: { newestAt: NOW - 600_000, isNeeded: true }, resumedAt: NOW - 59_999 },
      undefined,
    ],
    [
      "trip again when it stays away",
      { marketData: { newestAt: NOW - 600_000, isNeeded: true }, resumedAt: NOW - 60_000 },
      "stale-data",
    ],
    ["trip when the clock stays off", drift(60_000), "clock-drift"],
    [
      "trip when the clock was set back behind the last resume",
      { ...drift(60_000), resumedAt: NOW + 3_500_000 },
      "clock-drift",
    ],
    ["give a time server its minute", drift(59_999), undefined],
    ["give it another after a resume", { ...drift(600_000), resumedAt: NOW - 1_000 }, undefined],
    ["trip at failed reconciles", { reconcile: { failures: 3, since: NOW - 9_000 } }, "reconcile-failure"],
    ["leave fewer alone", { reconcile: { failures: 2, since: NOW - 9_000 } }, undefined],
    ["tell of the money first", { ...lost("-500"), reconcile: { failures: 9, since: NOW } }, "daily-loss"],
  ])("%s", (_name, facts, expected) => {
    expect(findTrip({ ...CALM, ...facts }, ALL)?.name).toBe(expected);
  });

  it("are off where no limit is set, whatever happens", () => {
    const worst: TripFacts = {
      ...CALM,
      ...lost("-1000000"),
      ...drift(9_000_000),
      drawdown: { current: ratio("1"), peakAt: 0 },
      orderActions: actions(true, true, true, true, true, true),
      marketData: { newestAt: 0, isNeeded: true },
      reconcile: { failures: 99, since: 0 },
    };
    expect(findTrip(worst, NO_TRIPS)).toBe(undefined);
    for (const off of ["dailyLoss", "drawdown", "errorRate", "staleDataMs", "reconcileFailures"] as const) {
      const only: TripLimits = { ...NO_TRIPS, [off]: ALL[off] };
      expect(findTrip(worst, only), off).toBeDefined();
    }
    expect(findTrip(worst, { ...NO_TRIPS, clockDrift: true })?.name).toBe("clock-drift");
  });

  it.each<[string, Partial<TripFacts>, object]>([
    ["the loss", lost("-123.456"), { what: "loss today", value: "123.46 USDT", limit: "100 USDT", since: NOW - 1 }],
    [
      "the drawdown",
      { drawdown: { current: ratio("0.2512"), peakAt: NOW - 7 } },
      { value: "25.12 %", limit: "20.00 %", since: NOW - 7 },
    ],
    [
      "the errors",
      { orderActions: actions(true, true, true, true, false) },
      { value: "4 of 5", limit: "50 %", since: NOW - 300_000 },
    ],
    [
      "the age of the data",
      { marketData: { newestAt: NOW - 61_500, isNeeded: true } },
      { value: "61 s", limit: "60 s", since: NOW - 61_500 },
    ],
    ["the clock", drift(70_000), { value: "6000 ms", limit: "5000 ms", since: NOW - 70_000 }],
    ["the reconciles", { reconcile: { failures: 4, since: 12 } }, { value: "4 rounds", limit: "3 rounds", since: 12 }],
  ])("write down %s with its limit and since when", (_name, facts, evidence) => {
    expect(findTrip({ ...CALM, ...facts }, ALL)?.evidence).toEqual([expect.objectContaining(evidence)]);
  });

  it("count a day from midnight UTC", () => {
    expect(new Date(startOfDay(NOW)).toISOString()).toBe("2023-11-14T00:00:00.000Z");
  });
});
