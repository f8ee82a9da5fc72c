import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAskedPrice, parseAskedPrice, parseShare } from "../../../src/core/domain/asked-order.ts";
import type { Price, Ratio } from "../../../src/core/domain/money.ts";
import { price, ratio } from "../../../src/core/domain/money.ts";

it.each([
  ["25%", ratio("0.25")],
  ["100%", ratio("1")],
  ["0.5 %", undefined],
  ["101%", undefined],
  ["0%", undefined],
  ["-5%", undefined],
  ["5", undefined],
  ["0.00000000000000001%", undefined],
])("reads %s as a share", (text, share) => {
  expect(parseShare(text)).toBe(share);
});

it.each([
  ["65000", { kind: "fixed", price: price("65000") }],
  ["-0.2%", { kind: "relative", by: ratio("-0.002") }],
  ["+3%", { kind: "relative", by: ratio("0.03") }],
  ["0.1%", { kind: "relative", by: ratio("0.001") }],
  ["-99.9%", { kind: "relative", by: ratio("-0.999") }],
  ["-100%", undefined],
  ["0", undefined],
  ["-5", undefined],
  ["%", undefined],
  ["0.00000000000000001%", undefined],
])("reads %s as a price", (text, asked) => {
  expect(parseAskedPrice(text)).toEqual(asked);
});

it("reads back what it prints", () => {
  const fixed = fc.bigInt({ min: 1n, max: 10n ** 27n }).map((at) => ({ kind: "fixed" as const, price: at as Price }));
  const relative = fc
    .bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 20n })
    .map((by) => ({ kind: "relative" as const, by: by as Ratio }));
  fc.assert(
    fc.property(fc.oneof(fixed, relative), (asked) => {
      expect(parseAskedPrice(formatAskedPrice(asked))).toEqual(asked);
    }),
  );
});
