import { describe, expect, it } from "vitest";
import { createCadence } from "../../../src/adapters/mexc/ws/cadence.ts";

/** When the silence that begins at `from` turns suspicious, in ms. */
function patience(cadence: ReturnType<typeof createCadence>, from: number): number {
  for (let waited = 0; waited < 3_600_000; waited += 500) if (cadence.isSuspicious(from + waited)) return waited;
  throw new Error("never suspicious within an hour");
}

describe("the pace of a stream", () => {
  it("that is guaranteed leaves four intervals of patience, whatever was heard", () => {
    const cadence = createCadence(3_000);
    cadence.begin(0);
    expect(patience(cadence, 0)).toBe(12_500);
    cadence.heard(60_000);
    expect(patience(cadence, 60_000)).toBe(12_500);
  });

  it("that is learned is four times the longest recent pause, and fifteen seconds at least", () => {
    const busy = createCadence();
    busy.begin(0);
    for (let at = 0; at <= 10_000; at += 100) busy.heard(at);
    expect(patience(busy, 10_000)).toBe(15_500);
    const slow = createCadence();
    slow.begin(0);
    for (let at = 0; at <= 600_000; at += 20_000) slow.heard(at);
    expect(patience(slow, 600_000)).toBe(80_500);
  });

  it("is learned anew when a quiet market wakes up", () => {
    const cadence = createCadence();
    cadence.begin(0);
    cadence.heard(120_000);
    let at = 120_000;
    for (let push = 0; push < 200; push += 1) cadence.heard((at += 100));
    expect(patience(cadence, at)).toBe(15_500);
  });

  it("makes the looks at a quiet market rarer and rarer, ten minutes apart at most", () => {
    const cadence = createCadence();
    cadence.begin(0);
    const looks: number[] = [];
    for (let now = 0; now < 3_600_000; now += 500) {
      if (!cadence.isSuspicious(now)) continue;
      looks.push(now);
      cadence.excuse(now);
    }
    expect(looks.slice(0, 4)).toEqual([15_500, 31_000, 62_000, 124_000]);
    expect(looks.length).toBeLessThan(13);
    expect((looks.at(-1) ?? 0) - (looks.at(-2) ?? 0)).toBe(600_000);
    cadence.heard(3_600_000);
    expect(cadence.isSuspicious(3_600_500)).toBe(false);
  });
});
