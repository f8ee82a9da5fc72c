import { describe, expect, it } from "vitest";
import type { EquitySample } from "../../../src/core/domain/equity-history.ts";
import { measureDrawdown, measureGain } from "../../../src/core/domain/equity-history.ts";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { StoredTransfer } from "../../../src/core/domain/transfer.ts";

const USDT = asset("USDT");
const sample = (at: number, known: string, unknown: readonly string[] = []): EquitySample => ({
  at,
  quote: USDT,
  known: notional(known),
  unknown: unknown.map((name) => ({ asset: asset(name), quantity: quantity("1"), reason: "no market trades it" })),
  totals: undefined,
});
const moved = (at: number, amount: string, over: Partial<StoredTransfer> = {}): StoredTransfer => ({
  transferId: `m-${at}`,
  kind: "deposit",
  asset: USDT,
  quantity: quantity(amount),
  state: "done",
  at,
  pendingUntil: undefined,
  worth: undefined,
  ...over,
});
const figures = (samples: readonly EquitySample[], transfers: readonly StoredTransfer[] = []) => {
  const drawdown = measureDrawdown(samples, transfers);
  if (drawdown.kind === "unknown") throw new Error(drawdown.reason);
  return drawdown.value;
};

describe("the drawdown", () => {
  it("is how far below its peak the equity stands, and stood at worst", () => {
    const samples = [sample(1, "100"), sample(2, "200"), sample(3, "150"), sample(4, "180")];
    expect(figures(samples)).toEqual({
      current: ratio("0.1"),
      worst: ratio("0.25"),
      peakAt: 2,
      worstAt: 3,
      since: 1,
      blindStretches: 0,
    });
  });

  it("is neither hidden by a deposit nor made by a withdrawal", () => {
    const samples = [sample(10, "200"), sample(20, "300"), sample(30, "100")];
    // 200 → 150 by trading, 150 came in; then 200 left and trading changed nothing.
    const transfers = [moved(30, "-200", { kind: "withdrawal" }), moved(15, "150")];
    expect(figures(samples, transfers)).toMatchObject({ current: ratio("0.25"), worst: ratio("0.25"), peakAt: 10 });
  });

  it("counts neither money that came before the first sample nor money that never came", () => {
    const samples = [sample(10, "200"), sample(20, "200")];
    const transfers = [moved(10, "500"), moved(15, "70", { state: "failed" }), moved(16, "70", { state: "pending" })];
    expect(figures(samples, transfers)).toMatchObject({ current: 0n, worst: 0n });
  });

  it("leaves out stretches whose return nobody knows, and counts them", () => {
    const samples = [sample(1, "100"), sample(2, "60", ["ODD"]), sample(3, "54", ["ODD"]), sample(4, "95")];
    expect(figures(samples)).toMatchObject({ current: ratio("0.1"), blindStretches: 2 });
    const unpriced = moved(15, "3", { asset: asset("NEW") });
    expect(figures([sample(10, "100"), sample(20, "100")], [unpriced])).toMatchObject({ blindStretches: 1 });
    const priced = { ...unpriced, worth: { value: notional("50"), quote: USDT } };
    expect(figures([sample(10, "100"), sample(20, "100")], [priced])).toMatchObject({ current: ratio("0.5") });
  });

  it("is unknown before the first sample, and nothing at it", () => {
    expect(measureDrawdown([], [])).toMatchObject({ kind: "unknown" });
    expect(figures([sample(1, "100")])).toMatchObject({ current: 0n, worst: 0n });
  });
});

describe("the gain since a moment", () => {
  const samples = [sample(10, "100"), sample(20, "110"), sample(30, "150")];

  it("counts from the last sample before it, money that came in left out", () => {
    expect(measureGain(samples, [moved(25, "30")], 22)).toEqual({
      kind: "known",
      value: { value: notional("10"), since: 20 },
    });
  });

  it("counts from the first sample there is, and says from when", () => {
    expect(measureGain(samples, [], 5)).toEqual({ kind: "known", value: { value: notional("50"), since: 10 } });
  });

  it("is unknown, with the reason, where a price is missing", () => {
    expect(measureGain([sample(10, "100")], [], 5)).toMatchObject({ kind: "unknown" });
    const odd = measureGain([sample(10, "100"), sample(20, "90", ["ODD"])], [], 5);
    expect(odd).toMatchObject({ kind: "unknown", reason: expect.stringContaining("ODD") as string });
    const unpriced = measureGain(samples, [moved(25, "3", { asset: asset("NEW") })], 5);
    expect(unpriced).toMatchObject({ kind: "unknown", reason: "a deposit of NEW came or went without a price" });
  });
});
