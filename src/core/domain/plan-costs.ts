import type { BookWalk } from "./book-walk.ts";
import { isWholly } from "./book-walk.ts";
import { formatShare } from "./asked-order.ts";
import type { FeeTerms } from "./fee-terms.ts";
import { feeInMx, greatestRate } from "./fee-terms.ts";
import type { Asset } from "./identifiers.ts";
import { asset } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { formatMoney, notionalOf, quantityFor, scale, ZERO_QUANTITY } from "./money.ts";
import { notionalBounds } from "./notional-bounds.ts";
import type { OrderDraft } from "./order.ts";
import type { PlanStep } from "./plan-step.ts";
import { expectedNotional, expectedPrice } from "./risk-request.ts";

const MX = asset("MX");

/** What an order would move, should all of it fill. A figure that cannot be known is absent. */
export interface Exchanged {
  readonly base: Quantity | undefined;
  readonly quote: Notional | undefined;
}

/**
 * A limit bounds what is paid or got. Without one it is what the book gives; where the book known ends before the order
 * does, nobody knows.
 */
export function exchangedBy(draft: OrderDraft, through: BookWalk | undefined): Exchanged {
  const { size, limitPrice, side } = draft;
  const roundsTo = side === "buy" ? "up" : "down";
  if (limitPrice !== undefined && size.kind === "base")
    return { base: size.quantity, quote: notionalOf(limitPrice, size.quantity, roundsTo) };
  if (through !== undefined) {
    const known = isWholly(through);
    return {
      base: size.kind === "base" ? size.quantity : known ? through.quantity : undefined,
      // What a step of base leaves unspent of a quote amount is not spent.
      quote: known ? through.notional : undefined,
    };
  }
  const unitPrice = expectedPrice(draft);
  if (size.kind === "base") return { base: size.quantity, quote: expectedNotional(draft) };
  const base = unitPrice === undefined ? undefined : quantityFor(size.notional, unitPrice, "down");
  return { base, quote: size.notional };
}

/** The exchange's least quantity and its least and greatest notional, one step each. */
export function notionalSteps(draft: OrderDraft, instrument: Instrument): readonly PlanStep[] {
  const { base, quote, minQuantity } = instrument;
  const { least, greatest } = notionalBounds(instrument, draft.type);
  const notional = expectedNotional(draft);
  const steps: PlanStep[] = [];
  if (draft.size.kind === "base" && minQuantity > 0n) {
    const { quantity } = draft.size;
    const holds = quantity >= minQuantity;
    steps.push({
      step: "size",
      rule: "min-quantity",
      before: { amount: quantity, unit: base },
      after: { amount: minQuantity, unit: base },
      why: `${holds ? "at least" : "below"} the least quantity of ${formatMoney(minQuantity)}`,
      holds,
    });
  }
  if (notional === undefined) {
    const why = "what it is worth is not known without a price";
    return [...steps, { step: "notional", rule: "min-notional", why, holds: true }];
  }
  const bounds = [
    ["min-notional", least, notional >= least, "at least", "below", "least"],
    ["max-notional", greatest, notional <= greatest, "at most", "above", "greatest"],
  ] as const;
  for (const [rule, bound, holds, within, beyond, word] of bounds) {
    if (bound <= 0n) continue;
    steps.push({
      step: "notional",
      rule,
      before: { amount: notional, unit: quote },
      after: { amount: bound, unit: quote },
      why: `${holds ? within : beyond} the ${word} of ${formatMoney(bound)} ${quote} an order`,
      holds,
    });
  }
  return steps;
}

/** A fee at most so high, in the asset it is taken in. */
export interface PlannedFee {
  readonly asset: Asset;
  readonly amount: Quantity;
}

export function planFee(
  draft: OrderDraft,
  { quote }: Instrument,
  terms: FeeTerms,
  worth: Notional | undefined,
): { readonly fee: PlannedFee | undefined; readonly steps: readonly PlanStep[] } {
  const rate = greatestRate(terms, draft.type);
  const rule = draft.type === "post-only" ? "maker-rate" : "taker-rate";
  const rates =
    draft.type === "limit" && terms.makerRate !== terms.takerRate
      ? `at most ${formatShare(rate)}: ${formatShare(terms.takerRate)} where it trades at once, ${formatShare(terms.makerRate)} where it rested`
      : `${formatShare(rate)} as ${draft.type === "post-only" ? "maker" : "taker"}`;
  if (worth === undefined) {
    const why = `${rates}, of a worth that is not known`;
    return { fee: undefined, steps: [{ step: "fee", rule, why, holds: true }] };
  }
  const amount = scale(worth, rate, "up");
  const inQuote: PlanStep = {
    step: "fee",
    rule,
    before: { amount: worth, unit: quote },
    after: { amount, unit: quote },
    why: terms.inMx === undefined ? `${rates}, taken in ${quote}` : rates,
    holds: true,
  };
  if (terms.inMx === undefined)
    return { fee: { asset: quote, amount: amount as bigint as Quantity }, steps: [inQuote] };
  const mx = feeInMx(amount, terms.inMx.price);
  const inMx: PlanStep = {
    step: "fee",
    rule: "mx-deduct",
    before: { amount, unit: quote },
    ...(mx === undefined ? {} : { after: { amount: mx, unit: MX } }),
    why:
      mx === undefined
        ? `taken in MX at a fifth less; there is no price of MX in ${quote} to tell how much`
        : `taken in MX at a fifth less, at ${formatMoney(terms.inMx.price as Price)} ${quote} for one MX`,
    holds: true,
  };
  return { fee: mx === undefined ? undefined : { asset: MX, amount: mx }, steps: [inQuote, inMx] };
}

/** What stays free of each asset the order moves, should all of it fill. */
export function balanceSteps(
  draft: OrderDraft,
  instrument: Instrument,
  free: (asset: Asset) => Quantity | undefined,
  exchanged: Exchanged,
  fee: PlannedFee | undefined,
): readonly PlanStep[] {
  const { base, quote } = instrument;
  const feeOf = (name: Asset) => (fee?.asset === name ? fee.amount : ZERO_QUANTITY);
  const isBuy = draft.side === "buy";
  const signed = (amount: bigint | undefined, gains: boolean) =>
    amount === undefined ? undefined : gains ? amount : -amount;
  const changes: readonly (readonly [Asset, bigint | undefined])[] = [
    [quote, minus(signed(exchanged.quote, !isBuy), feeOf(quote))],
    [base, minus(signed(exchanged.base, isBuy), feeOf(base))],
    ...(fee === undefined || fee.asset === quote || fee.asset === base
      ? []
      : ([[fee.asset, -(fee.amount as bigint)]] as const)),
  ];
  return (isBuy ? changes : [changes[1], changes[0], ...changes.slice(2)])
    .filter((change) => change !== undefined)
    .map(([name, change]) => balanceStep(name, free(name), change));
}

function balanceStep(name: Asset, free: Quantity | undefined, change: bigint | undefined): PlanStep {
  const before = free === undefined ? {} : { before: { amount: free, unit: name } };
  if (change === undefined) {
    const why = `how much ${name} it moves is not known: the book known ends before the order does`;
    return { step: "balance", rule: "free-balance", ...before, why, holds: true };
  }
  const size = (change < 0n ? -change : change) as Quantity;
  const moved = `${change < 0n ? "takes" : "brings"} ${formatMoney(size)} ${name}`;
  if (free === undefined) {
    const why = `${moved}; how much is free is not known`;
    return { step: "balance", rule: "free-balance", why, holds: true };
  }
  const left = (free + change) as Quantity;
  return {
    step: "balance",
    rule: "free-balance",
    ...before,
    after: { amount: left, unit: name },
    why: left < 0n ? `${moved}: ${formatMoney(-left as Quantity)} more than is free` : moved,
    holds: left >= 0n,
  };
}

function minus(amount: bigint | undefined, fee: Quantity): bigint | undefined {
  return amount === undefined ? undefined : amount - fee;
}
