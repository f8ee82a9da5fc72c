import fc from "fast-check";
import { expect, it } from "vitest";
import { safeText } from "../../../src/core/domain/safe-text.ts";

it.each([
  ["\u001b]52;c;aGk=\u0007", "�]52;c;aGk=�"],
  ["a\rb\bc", "a�b�c"],
  ["\u009b31m", "�31m"],
  ["\u202egnp.exe", "�gnp.exe"],
  ["zero\u200bwidth", "zero�width"],
  ["龙虾USDT", "龙虾USDT"],
])("makes %j harmless", (text, safe) => {
  expect(safeText(text)).toBe(safe);
});

it("cuts long texts", () => {
  expect(safeText("x".repeat(300), 10)).toBe(`${"x".repeat(10)}…`);
});

it("never lets a control, bidi or zero-width character through", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(safeText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\p{Cf}/u);
    }),
  );
});
