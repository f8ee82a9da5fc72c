import { expect, it } from "vitest";
import { cancelProgressText } from "../../../src/core/domain/cancel-progress.ts";

it("does not call an account empty that nobody could be asked about", () => {
  expect(cancelProgressText({ open: 0, unproven: 0, isListRead: true })).toBe("0 open, 0 unknown");
  expect(cancelProgressText({ open: 0, unproven: 0, isListRead: false })).toContain("does not tell");
});
