import { describe, expect, it } from "vitest";
import { grouped, median, quantile, ratioOfRounds } from "./figures.ts";

describe("the figures of a bench", () => {
  it("take the middle, whatever the order and the outliers", () => {
    expect(median([5, 1, 900])).toBe(5);
    expect(median([4, 1, 2, 900])).toBe(3);
    expect(() => median([])).toThrow(RangeError);
  });

  it("tell which figure a share of them does not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([0.01, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it("compare medians, and the rounds that followed each other", () => {
    expect(ratioOfRounds([10, 20, 40], [60, 40, 80])).toEqual({ median: 3, fastest: 4, least: 2, most: 6 });
  });

  it("are grouped by thousands", () => {
    expect(grouped(1_234_567.8)).toBe("1 234 568");
    expect(grouped(12)).toBe("12");
  });
});
