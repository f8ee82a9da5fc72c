import type { AskedOrder } from "./asked-order.ts";
import type { Balance } from "./balance.ts";
import type { BookWalk } from "./book-walk.ts";
import type { FeeTerms } from "./fee-terms.ts";
import { defaultFeeTerms, greatestRate } from "./fee-terms.ts";
import type { Asset } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Quantity, Ratio } from "./money.ts";
import { quantityFor, ratioOf, ZERO_QUANTITY } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { PlannedFee } from "./plan-costs.ts";
import { balanceSteps, exchangedBy, notionalSteps, planFee } from "./plan-costs.ts";
import type { KnownBook } from "./plan-execution.ts";
import { planDust, slippageSteps, walkOf } from "./plan-execution.ts";
import { derivePrice, deriveSize } from "./plan-size.ts";
import type { PlanRule, PlanStep } from "./plan-step.ts";
import { expectedNotional, expectedPrice } from "./risk-request.ts";

/** Every balance there is, by asset: what it does not name is empty. Undefined while the balances are not known. */
export type KnownBalances = ReadonlyMap<Asset, Balance> | undefined;

/** What an order would be and cost, before it is sent. A figure that cannot be known is absent, never zero. */
export interface OrderPlan {
  /** Rounded to the market's rules, ready for the risk rules. */
  readonly draft: OrderDraft;
  /** True when rounding changed what was asked. It never raises the risk: smaller, or at a kinder price. */
  readonly rounded: boolean;
  /** What the risk rules judge it by, at its limit or the price seen. */
  readonly notional: Notional | undefined;
  /** The most it can be; what rests may pay the lower rate. */
  readonly fee: PlannedFee | undefined;
  /** Part of the free balance that the order takes: quote for a buy, base for a sale. */
  readonly shareOfFree: Ratio | undefined;
  /** How it would go through the book; absent where it would rest, or where the book is not known. */
  readonly through: BookWalk | undefined;
  /** Base that would be held afterwards and that no order of its own could sell. */
  readonly dust: Quantity | undefined;
  /** From what was asked to what it comes to, step by step. */
  readonly steps: readonly PlanStep[];
}

export type PlanResult =
  { readonly kind: "planned"; readonly plan: OrderPlan } | { readonly kind: "impossible"; readonly why: string };

const ROUNDINGS: ReadonlySet<PlanRule> = new Set(["tick-size", "step-size", "quote-decimals"]);

/**
 * Turns what was asked into a draft on the market's grid, with its cost and each step that led there. Pure.
 * @param terms the account's own, for the fee; the size follows from the market's alone, so that what is sent is what was
 *   explained, whether the exchange told the terms or not
 */
export function planOrder(
  asked: AskedOrder,
  instrument: Instrument,
  balances: KnownBalances,
  book?: KnownBook,
  terms: FeeTerms = defaultFeeTerms(instrument),
): PlanResult {
  const free = (asset: Asset) => (balances === undefined ? undefined : (balances.get(asset)?.free ?? ZERO_QUANTITY));
  const price = derivePrice(asked, instrument);
  if ("why" in price) return { kind: "impossible", why: price.why };
  const blank = blankDraft(asked, instrument, price.value);
  const feeRate = greatestRate(defaultFeeTerms(instrument), asked.type);
  const size = deriveSize(asked, { instrument, free, feeRate, unitPrice: expectedPrice(blank) });
  if ("why" in size) return { kind: "impossible", why: size.why };

  const draft: OrderDraft = { ...blank, size: size.value };
  const notional = expectedNotional(draft);
  const through = walkOf(draft, book, instrument.stepSize);
  const exchanged = exchangedBy(draft, through);
  const { fee, steps: feeSteps } = planFee(draft, instrument, terms, exchanged.quote);
  const feeInBase = fee?.asset === instrument.base ? fee.amount : ZERO_QUANTITY;
  const { dust, steps: dustSteps } = planDust(draft, instrument, free(instrument.base), exchanged, feeInBase);
  const derived = [...price.steps, ...size.steps];
  const plan: OrderPlan = {
    draft,
    rounded: derived.some(({ rule, before, after }) => ROUNDINGS.has(rule) && before?.amount !== after?.amount),
    notional,
    fee,
    shareOfFree: shareOfFree(draft, notional, free(draft.side === "buy" ? instrument.quote : instrument.base)),
    through,
    dust,
    steps: [
      ...derived,
      ...notionalSteps(draft, instrument),
      ...feeSteps,
      ...balanceSteps(draft, instrument, free, exchanged, fee),
      ...slippageSteps(draft, instrument, book, through),
      ...dustSteps,
    ],
  };
  return { kind: "planned", plan };
}

function blankDraft(asked: AskedOrder, instrument: Instrument, limitPrice: OrderDraft["limitPrice"]): OrderDraft {
  return {
    symbol: instrument.symbol,
    side: asked.side,
    type: asked.type,
    size: { kind: "base", quantity: ZERO_QUANTITY },
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(asked.clientOrderId === undefined ? {} : { clientOrderId: asked.clientOrderId }),
    ...(asked.seen === undefined ? {} : { seen: asked.seen }),
  };
}

function shareOfFree(draft: OrderDraft, notional: Notional | undefined, free: Quantity | undefined): Ratio | undefined {
  if (free === undefined || free === 0n) return undefined;
  if (draft.side === "buy") {
    return notional === undefined ? undefined : ratioOf(notional as bigint as Quantity, free, "up");
  }
  if (draft.size.kind === "base") return ratioOf(draft.size.quantity, free, "up");
  const unitPrice = expectedPrice(draft);
  return unitPrice === undefined ? undefined : ratioOf(quantityFor(draft.size.notional, unitPrice, "up"), free, "up");
}
