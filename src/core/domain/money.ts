/**
 * Money: exact decimals as branded bigints at one fixed scale.
 *
 * Every price, quantity and notional is a whole number of 10^-18 units, so sums and comparisons are exact and
 * cheap. Only multiplication and division can leave the grid, and those name their rounding.
 */

declare const moneyKind: unique symbol;

/** Quote units for one base unit, scaled by 10^18. */
export type Price = bigint & { readonly [moneyKind]: "price" };
/** An amount of one asset (usually the base), scaled by 10^18. Balances and fees are quantities of their asset. */
export type Quantity = bigint & { readonly [moneyKind]: "quantity" };
/** Price × quantity: an amount of the quote asset, scaled by 10^18. */
export type Notional = bigint & { readonly [moneyKind]: "notional" };
/** A plain factor such as a fee rate (0.0005) or a relative change (−0.02), scaled by 10^18. */
export type Ratio = bigint & { readonly [moneyKind]: "ratio" };
export type Money = Price | Quantity | Notional | Ratio;

/** `down` is towards zero, `up` away from zero, `half-even` to the nearest with ties to the even neighbour. */
export type Rounding = "down" | "up" | "half-even";

/** Decimal places every money value carries. */
export const MONEY_DECIMALS = 18;
const UNIT = 10n ** BigInt(MONEY_DECIMALS);
/** "0." and eighteen decimals. */
const LONGEST_SHORT = 20;
/** 10^-places as a value, by the places. */
const STEPS = Array.from({ length: MONEY_DECIMALS + 1 }, (_, places) => 10n ** BigInt(MONEY_DECIMALS - places));

export const ZERO_PRICE = 0n as Price;
export const ZERO_QUANTITY = 0n as Quantity;
export const ZERO_NOTIONAL = 0n as Notional;

// 40 characters hold every number the exchange can mean and stop a hostile text from costing quadratic time.
const DECIMAL_PATTERN = /^([+-]?)(\d{1,40})?(?:\.(\d{0,40}))?$/;
const EXPONENT_PATTERN = /^([+-]?[\d.]{1,40})[eE]([+-]?\d{1,2})$/;

/**
 * Reads a decimal text ("0.00012", "-3", "1e-7") into the fixed scale.
 * @returns undefined when the text is no plain decimal, or carries more than 18 decimals and no `rounding` is named.
 */
function parseDecimal(text: string, rounding?: Rounding): bigint | undefined {
  return parseShort(text) ?? parseLong(text, rounding);
}

/**
 * Nearly every text is a few digits with a point. Its digits make one whole number that a double holds exactly, and
 * reading them like this is ten times faster than by pattern.
 * @returns undefined for any other text, which is not yet to say that it is no decimal
 */
function parseShort(text: string): bigint | undefined {
  if (text.length > LONGEST_SHORT) return undefined;
  // Every second relative change is negative.
  const isNegative = text.charCodeAt(0) === 0x2d;
  const first = isNegative ? 1 : 0;
  let digits = 0;
  let pointAt = -1;
  for (let at = first; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) digits = digits * 10 + (code - 0x30);
    else if (code === 0x2e && pointAt < 0 && at > first) pointAt = at;
    else return undefined;
  }
  const decimals = pointAt < 0 ? 0 : text.length - pointAt - 1;
  // Once beyond what is exact, further digits never bring the number back into it.
  if (text.length === first || digits > Number.MAX_SAFE_INTEGER || decimals > MONEY_DECIMALS) return undefined;
  return BigInt(isNegative ? -digits : digits) * (STEPS[decimals] as bigint);
}

function parseLong(text: string, rounding?: Rounding): bigint | undefined {
  const exponent = EXPONENT_PATTERN.exec(text);
  if (exponent !== null) return parseScientific(exponent[1] ?? "", Number(exponent[2]), rounding);
  const match = DECIMAL_PATTERN.exec(text);
  if (match === null) return undefined;
  const whole = match[2] ?? "";
  const fraction = match[3] ?? "";
  if (whole === "" && fraction === "") return undefined;
  const kept = fraction.slice(0, MONEY_DECIMALS).padEnd(MONEY_DECIMALS, "0");
  const rest = fraction.slice(MONEY_DECIMALS);
  let units = BigInt(whole + kept);
  if (/[1-9]/.test(rest)) {
    if (rounding === undefined) return undefined;
    units = divide(BigInt(whole + kept + rest), 10n ** BigInt(rest.length), rounding);
  }
  return match[1] === "-" ? -units : units;
}

function parseScientific(mantissa: string, exponent: number, rounding?: Rounding): bigint | undefined {
  const match = DECIMAL_PATTERN.exec(mantissa);
  if (match === null) return undefined;
  const whole = match[2] ?? "";
  const fraction = match[3] ?? "";
  const digits = whole + fraction;
  if (digits === "") return undefined;
  const pointAt = whole.length + exponent;
  if (pointAt > 40 || pointAt < -40) return undefined;
  const padded = digits
    .padStart(digits.length + Math.max(0, -pointAt), "0")
    .padEnd(Math.max(digits.length, pointAt), "0");
  const at = Math.max(0, pointAt);
  const plain = `${match[1] ?? ""}${padded.slice(0, at) || "0"}.${padded.slice(at)}`;
  return parseDecimal(plain, rounding);
}

/** @returns undefined for anything but a decimal of at most 18 places. */
export function parsePrice(text: string): Price | undefined {
  return parseDecimal(text) as Price | undefined;
}
/** @param rounding names what happens to a 19th decimal; without it such a text is refused. MEXC fees can have 19. */
export function parseQuantity(text: string, rounding?: Rounding): Quantity | undefined {
  return parseDecimal(text, rounding) as Quantity | undefined;
}
/** @param rounding names what happens to a 19th decimal; without it such a text is refused. */
export function parseNotional(text: string, rounding?: Rounding): Notional | undefined {
  return parseDecimal(text, rounding) as Notional | undefined;
}
export function parseRatio(text: string): Ratio | undefined {
  return parseDecimal(text) as Ratio | undefined;
}

/** Literals in code and tests: throws on a text that does not parse, which is a bug of the caller. */
export function price(text: string): Price {
  return literal(text) as Price;
}
export function quantity(text: string): Quantity {
  return literal(text) as Quantity;
}
export function notional(text: string): Notional {
  return literal(text) as Notional;
}
export function ratio(text: string): Ratio {
  return literal(text) as Ratio;
}
function literal(text: string): bigint {
  const value = parseDecimal(text);
  if (value === undefined) throw new RangeError(`not a money literal: ${JSON.stringify(text)}`);
  return value;
}

/**
 * The shortest exact decimal text ("65000", "0.000123"), or one of exactly `decimals` places.
 * @param rounding is used only where `decimals` drops digits; `half-even` unless named.
 */
export function formatMoney(value: Money, decimals?: number, rounding: Rounding = "half-even"): string {
  const places = decimals ?? MONEY_DECIMALS;
  const scaled = places >= MONEY_DECIMALS ? value : divide(value, 10n ** BigInt(MONEY_DECIMALS - places), rounding);
  const kept = Math.min(places, MONEY_DECIMALS);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(kept + 1, "0");
  const sign = scaled < 0n ? "-" : "";
  const whole = digits.slice(0, digits.length - kept);
  const fraction = digits.slice(digits.length - kept);
  if (decimals !== undefined) return kept === 0 ? sign + whole : `${sign}${whole}.${fraction.padEnd(decimals, "0")}`;
  const trimmed = fraction.replace(/0+$/, "");
  return trimmed === "" ? sign + whole : `${sign}${whole}.${trimmed}`;
}

export function add<M extends Money>(left: M, right: M): M {
  return ((left as bigint) + (right as bigint)) as M;
}
export function subtract<M extends Money>(left: M, right: M): M {
  return ((left as bigint) - (right as bigint)) as M;
}
/** What is left of a whole; never below zero. */
export function less<M extends Money>(whole: M, part: M): M {
  return part >= whole ? (0n as M) : subtract(whole, part);
}
export function negate<M extends Money>(value: M): M {
  return -(value as bigint) as M;
}
export function absolute<M extends Money>(value: M): M {
  return value < 0n ? negate(value) : value;
}
export function minimum<M extends Money>(left: M, right: M): M {
  return left < right ? left : right;
}
export function maximum<M extends Money>(left: M, right: M): M {
  return left > right ? left : right;
}

/** Price × quantity in quote units. Exact whenever the decimals of both add up to at most 18. */
export function notionalOf(unitPrice: Price, amount: Quantity, rounding: Rounding): Notional {
  return divide(unitPrice * amount, UNIT, rounding) as Notional;
}
/** How much base a notional buys at a price. @throws RangeError on a zero price. */
export function quantityFor(total: Notional, unitPrice: Price, rounding: Rounding): Quantity {
  return divide(total * UNIT, unitPrice, rounding) as Quantity;
}
/** Notional ÷ quantity: the average price. @throws RangeError on a zero quantity. */
export function averagePrice(total: Notional, amount: Quantity, rounding: Rounding): Price {
  return divide(total * UNIT, amount, rounding) as Price;
}
/** value × factor, in the unit of the value. */
export function scale<M extends Money>(value: M, factor: Ratio, rounding: Rounding): M {
  return divide(value * factor, UNIT, rounding) as M;
}
/** part ÷ whole as a plain factor. @throws RangeError when `whole` is zero. */
export function ratioOf<M extends Money>(part: M, whole: M, rounding: Rounding): Ratio {
  return divide(part * UNIT, whole, rounding) as Ratio;
}
/** The multiple of `step` next to `value`. @throws RangeError when `step` is not positive. */
export function roundToStep<M extends Money>(value: M, step: M, rounding: Rounding): M {
  if (step <= 0n) throw new RangeError("a step is positive");
  return (divide(value, step, rounding) * (step as bigint)) as M;
}
export function isMultipleOf<M extends Money>(value: M, step: M): boolean {
  if (step <= 0n) throw new RangeError("a step is positive");
  return (value as bigint) % (step as bigint) === 0n;
}
/** How many decimals a value needs at least; a step of 0.001 answers 3, one of 10 answers 0. */
export function decimalsOf(value: Money): number {
  if (value === 0n) return 0;
  let places = MONEY_DECIMALS;
  for (let rest: bigint = value; places > 0 && rest % 10n === 0n; rest /= 10n) places -= 1;
  return places;
}
/** 10^-places as a value, the step of a market that quotes `places` decimals. */
export function stepOfDecimals(places: number): bigint {
  if (!Number.isInteger(places) || places < 0 || places > MONEY_DECIMALS)
    throw new RangeError(`no step of ${places} decimals`);
  return STEPS[places] as bigint;
}
/** For drawing only (charts, bars): the nearest double. Never feed the result back into money. */
export function toDrawingNumber(value: Money): number {
  return Number(value) / 1e18;
}
/** The inverse for generators of synthetic data: a double rounded to `places` decimals. */
export function fromDrawingNumber(value: number, places: number): bigint {
  if (!Number.isFinite(value)) throw new RangeError("not a finite number");
  return BigInt(Math.round(value * 10 ** places)) * stepOfDecimals(places);
}

/** Integer division with a named rounding; bigint division alone truncates towards zero. */
function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError("division by zero");
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n || rounding === "down") return quotient;
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  if (rounding === "up") return quotient + away;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  if (twice === size) return quotient % 2n === 0n ? quotient : quotient + away;
  return twice > size ? quotient + away : quotient;
}
