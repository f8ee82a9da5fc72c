import type { AskedOrder } from "./asked-order.ts";
import { formatShare, ONE, priceBy } from "./asked-order.ts";
import type { Asset } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { quantizePrice, quantizeQuantity } from "./instrument.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import { add, decimalsOf, formatMoney, minimum, quantityFor, roundToStep, scale, stepOfDecimals } from "./money.ts";
import type { OrderSize } from "./order.ts";
import type { PlanStep } from "./plan-step.ts";

/** What the sizing of an order goes by. */
export interface SizingBasis {
  readonly instrument: Instrument;
  /** Free of an asset; undefined when it is not known. */
  readonly free: (asset: Asset) => Quantity | undefined;
  /** The most a buy may be charged on top, in quote. */
  readonly feeRate: Ratio;
  /** What one base unit is expected to cost or bring. */
  readonly unitPrice: Price | undefined;
}

/** A figure of the draft with the steps that led to it, or why there is none. */
export type Derived<T> = { readonly value: T; readonly steps: readonly PlanStep[] } | { readonly why: string };

/** The limit on the market's tick: a buy is rounded down, a sell up, so that it is never a worse price. */
export function derivePrice(asked: AskedOrder, instrument: Instrument): Derived<Price | undefined> {
  if (asked.price === undefined) return { value: undefined, steps: [] };
  const { quote, tickSize } = instrument;
  const otherSide = asked.side === "buy" ? "best ask" : "best bid";
  const steps: PlanStep[] = [];
  let wanted: Price;
  if (asked.price.kind === "relative") {
    const from = asked.seen?.price;
    if (from === undefined) return { why: `there is no ${otherSide} to count the price from` };
    const { by } = asked.price;
    wanted = priceBy(from, by, asked.side);
    const way = by < 0n ? "below" : "above";
    steps.push({
      step: "price",
      rule: "relative-price",
      before: { amount: from, unit: quote },
      after: { amount: wanted, unit: quote },
      why: `${formatShare((by < 0n ? -by : by) as Ratio)} ${way} the ${otherSide}`,
      holds: true,
    });
  } else wanted = asked.price.price;
  const limit = quantizePrice(instrument, asked.side, wanted);
  const way = asked.side === "buy" ? "a buy is rounded down" : "a sell is rounded up";
  steps.push(
    rounding("price", "tick-size", wanted, limit, quote, `prices move in steps of ${formatMoney(tickSize)}`, way),
  );
  return { value: limit, steps };
}

/** The size that will be sent, always rounded down. */
export function deriveSize(asked: AskedOrder, basis: SizingBasis): Derived<OrderSize> {
  const { size, side } = asked;
  const { base, quote } = basis.instrument;
  if (size.kind === "base") return inBase(size.quantity, basis.instrument);
  if (size.kind === "quote") return fromQuote(size.notional, asked, basis, []);
  const held = side === "buy" ? quote : base;
  const free = basis.free(held);
  if (free === undefined) return { why: `how much ${held} is free is not known` };
  const part = scale(free, size.of, "down");
  const step: PlanStep = {
    step: "size",
    rule: "share-of-free",
    before: { amount: free, unit: held },
    after: { amount: part, unit: held },
    why: `${formatShare(size.of)} of the free ${held}`,
    holds: true,
  };
  if (side === "sell") return inBase(part, basis.instrument, [step]);
  const payable = payableWith(free, basis.feeRate);
  const spent = minimum(part as bigint as Notional, payable);
  if (spent === (part as bigint)) return fromQuote(spent, asked, basis, [step]);
  const reserve: PlanStep = {
    step: "size",
    rule: "fee-reserve",
    before: { amount: part, unit: quote },
    after: { amount: spent, unit: quote },
    why: `a fee of up to ${formatShare(basis.feeRate)} has to be paid out of the free ${quote}, too`,
    holds: true,
  };
  return fromQuote(spent, asked, basis, [step, reserve]);
}

/** The greatest notional that a balance pays together with its fee. */
function payableWith(free: Quantity, feeRate: Ratio): Notional {
  return quantityFor(free as bigint as Notional, add(ONE, feeRate) as bigint as Price, "down") as bigint as Notional;
}

function inBase(wanted: Quantity, instrument: Instrument, before: readonly PlanStep[] = []): Derived<OrderSize> {
  const quantity = quantizeQuantity(instrument, wanted);
  const why = `quantities move in steps of ${formatMoney(instrument.stepSize)}`;
  const step = rounding("size", "step-size", wanted, quantity, instrument.base, why, "a quantity is rounded down");
  return { value: { kind: "base", quantity }, steps: [...before, step] };
}

/** Only a market order may name its quote amount to the exchange; for the others it is turned into base here. */
function fromQuote(
  notional: Notional,
  asked: AskedOrder,
  { instrument, unitPrice }: SizingBasis,
  before: readonly PlanStep[],
): Derived<OrderSize> {
  const { quote, base, tickSize } = instrument;
  if (asked.type === "market") {
    const decimals = decimalsOf(tickSize);
    const rounded = roundToStep(notional, stepOfDecimals(decimals) as Notional, "down");
    const why = `amounts of ${quote} have at most ${decimals} decimals here`;
    const step = rounding("size", "quote-decimals", notional, rounded, quote, why, "an amount is rounded down");
    return { value: { kind: "quote", notional: rounded }, steps: [...before, step] };
  }
  if (unitPrice === undefined || unitPrice <= 0n)
    return { why: "there is no price to turn the amount into a quantity" };
  const quantity = quantityFor(notional, unitPrice, "down");
  const turned: PlanStep = {
    step: "size",
    rule: "quote-into-base",
    before: { amount: notional, unit: quote },
    after: { amount: quantity, unit: base },
    why: `at ${formatMoney(unitPrice)} ${quote} for one ${base}`,
    holds: true,
  };
  return inBase(quantity, instrument, [...before, turned]);
}

function rounding(
  step: "price" | "size",
  rule: PlanStep["rule"],
  before: Price | Quantity | Notional,
  after: Price | Quantity | Notional,
  unit: string,
  grid: string,
  way: string,
): PlanStep {
  return {
    step,
    rule,
    before: { amount: before, unit },
    after: { amount: after, unit },
    why: before === after ? grid : `${grid}; ${way}`,
    holds: after > 0n,
  };
}
