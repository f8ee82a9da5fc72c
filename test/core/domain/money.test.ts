import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notional, Price, Quantity, Rounding } from "../../../src/core/domain/money.ts";
import {
  add,
  averagePrice,
  decimalsOf,
  formatMoney,
  fromDrawingNumber,
  notionalOf,
  parsePrice,
  parseQuantity,
  parseRatio,
  price,
  quantity,
  quantityFor,
  ratioOf,
  roundToStep,
  scale,
  stepOfDecimals,
  subtract,
} from "../../../src/core/domain/money.ts";

const Exact = Decimal.clone({ precision: 120, toExpNeg: -60, toExpPos: 60 });
const ROUNDINGS: Readonly<Record<Rounding, Decimal.Rounding>> = {
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
  "half-even": Decimal.ROUND_HALF_EVEN,
};

const anyUnits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const positiveUnits = fc.bigInt({ min: 1n, max: 10n ** 30n });
const anyRounding = fc.constantFrom<Rounding>("down", "up", "half-even");
const asDecimal = (units: bigint) => new Exact(units.toString()).div(new Exact(10).pow(18));
const toUnits = (value: Decimal, rounding: Rounding) =>
  BigInt(value.mul(new Exact(10).pow(18)).toDecimalPlaces(0, ROUNDINGS[rounding]).toFixed(0));

describe("money against decimal.js", () => {
  it("multiplies a price and a quantity with the named rounding", () => {
    fc.assert(
      fc.property(anyUnits, anyUnits, anyRounding, (left, right, rounding) => {
        const expected = toUnits(asDecimal(left).mul(asDecimal(right)), rounding);
        expect(notionalOf(left as Price, right as Quantity, rounding)).toBe(expected);
      }),
    );
  });

  it("divides into quantities, averages and ratios with the named rounding", () => {
    fc.assert(
      fc.property(anyUnits, positiveUnits, anyRounding, (left, right, rounding) => {
        const expected = toUnits(asDecimal(left).div(asDecimal(right)), rounding);
        expect(quantityFor(left as Notional, right as Price, rounding)).toBe(expected);
        expect(averagePrice(left as Notional, right as Quantity, rounding)).toBe(expected);
        expect(ratioOf(left as Price, right as Price, rounding)).toBe(expected);
      }),
    );
  });

  it("adds and subtracts exactly", () => {
    fc.assert(
      fc.property(anyUnits, anyUnits, (left, right) => {
        expect(asDecimal(add(left as Price, right as Price)).eq(asDecimal(left).add(asDecimal(right)))).toBe(true);
        expect(asDecimal(subtract(left as Price, right as Price)).eq(asDecimal(left).sub(asDecimal(right)))).toBe(true);
      }),
    );
  });

  it("rounds to a step and stays within one step of the value", () => {
    fc.assert(
      fc.property(anyUnits, positiveUnits, anyRounding, (value, step, rounding) => {
        const rounded = roundToStep(value as Price, step as Price, rounding) as bigint;
        const times = asDecimal(value).div(asDecimal(step)).toDecimalPlaces(0, ROUNDINGS[rounding]);
        expect(rounded).toBe(BigInt(times.toFixed(0)) * step);
      }),
    );
  });

  it("prints every value so that it reads back the same", () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        const text = formatMoney(units as Price);
        expect(parsePrice(text)).toBe(units);
        expect(new Exact(text).eq(asDecimal(units))).toBe(true);
      }),
    );
  });

  it("prints a fixed number of decimals like decimal.js", () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 0, max: 18 }), anyRounding, (units, decimals, rounding) => {
        const expected = asDecimal(units).toFixed(decimals, ROUNDINGS[rounding]);
        const printed = formatMoney(units as Price, decimals, rounding);
        // decimal.js drops the sign of a value that rounds to zero.
        expect(new Exact(printed).eq(new Exact(expected))).toBe(true);
        expect(printed.replace("-", "").length).toBe(expected.replace("-", "").length);
      }),
    );
  });

  it("reads scientific notation like decimal.js", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.integer({ min: -6, max: 12 }),
        (mantissa, exponent) => {
          const text = `${mantissa}e${exponent}`;
          expect(parsePrice(text)).toBe(toUnits(new Exact(text), "half-even"));
        },
      ),
    );
  });
});

describe("parsing", () => {
  it("reads every plain decimal like decimal.js, short ones and those beyond what a double holds", () => {
    const whole = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 22n }),
      fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
    );
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 8 }), (digits, decimals, zeros) => {
        const text = new Exact(digits.toString()).div(new Exact(10).pow(decimals)).toFixed(decimals);
        const units = digits * 10n ** BigInt(18 - decimals);
        expect(parsePrice("0".repeat(zeros) + text)).toBe(units);
        expect(parseRatio(`-${"0".repeat(zeros)}${text}`)).toBe(-units);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [".5", "0.5"],
    ["5.", "5"],
    ["+5", "5"],
    ["007.10", "7.1"],
    ["-0.0123", "-0.0123"],
    ["-.5", "-0.5"],
    ["-0", "0"],
    ["0.000000000000000001", "0.000000000000000001"],
  ])("takes %s", (text, value) => {
    expect(formatMoney(parsePrice(text) ?? price("-1"))).toBe(value);
  });

  it.each([
    "",
    ".",
    "-",
    "1,5",
    "1 ",
    " 1",
    "NaN",
    "Infinity",
    "0x10",
    "1e",
    "e5",
    "1e999",
    "--1",
    "-.",
    "-1-",
    "1.2.3",
    "٣",
    "1".repeat(41),
  ])("refuses %j", (text) => {
    expect(parsePrice(text)).toBeUndefined();
  });

  it("refuses a 19th decimal unless a rounding is named", () => {
    const fee = "0.0003998377369698171";
    expect(parseQuantity(fee)).toBeUndefined();
    expect(formatMoney(parseQuantity(fee, "up") ?? quantity("0"))).toBe("0.000399837736969818");
    expect(formatMoney(parseQuantity(fee, "down") ?? quantity("0"))).toBe("0.000399837736969817");
  });

  it("takes zeros beyond the 18th decimal, which change nothing", () => {
    expect(parsePrice("5.000000000000000000000")).toBe(price("5"));
  });
});

describe("steps", () => {
  it.each([
    ["0.001", 3],
    ["1", 0],
    ["10", 0],
    ["0.00000001", 8],
    ["0.5", 1],
  ])("counts the decimals of %s", (text, decimals) => {
    expect(decimalsOf(price(text))).toBe(decimals);
  });

  it("makes the step of a number of decimals", () => {
    expect(formatMoney(stepOfDecimals(8) as Price)).toBe("0.00000001");
    expect(() => stepOfDecimals(19)).toThrow(RangeError);
  });

  it("scales by a ratio with the named rounding", () => {
    expect(formatMoney(scale(price("1.000000000000000001"), ratioOf(price("1"), price("2"), "down"), "up"))).toBe(
      "0.500000000000000001",
    );
  });

  it("turns a drawn number into money on a grid", () => {
    expect(formatMoney(fromDrawingNumber(65000.126, 2) as Price)).toBe("65000.13");
    expect(() => fromDrawingNumber(Number.NaN, 2)).toThrow(RangeError);
  });
});
