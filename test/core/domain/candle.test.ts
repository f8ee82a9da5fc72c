import { expect, it } from "vitest";
import { intervalLengthMs } from "../../../src/core/domain/candle.ts";

it("knows how long an interval is, unless the calendar says", () => {
  expect(intervalLengthMs("1h")).toBe(3_600_000);
  expect(intervalLengthMs("1M")).toBeUndefined();
});
