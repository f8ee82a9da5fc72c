import { formatShare } from "./asked-order.ts";
import type { Book } from "./book.ts";
import type { BookWalk } from "./book-walk.ts";
import { isWholly, walkBook } from "./book-walk.ts";
import type { Asset } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { quantizeQuantity } from "./instrument.ts";
import type { Price, Quantity, Ratio } from "./money.ts";
import { add, formatMoney, minimum, notionalOf, subtract } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { Exchanged } from "./plan-costs.ts";
import type { PlanStep } from "./plan-step.ts";
import { expectedPrice } from "./risk-request.ts";

/** As deep as a plan looks; the exchange tells no more than twice as much. */
export const PLANNED_LEVELS = 1_000;

/** What is known of the other side's offers, best first on each side. */
export type KnownBook = Pick<Book, "bids" | "asks">;

/** The walk of an order that would trade at once; undefined where it would rest, or where the book is not known. */
export function walkOf(draft: OrderDraft, book: KnownBook | undefined, stepSize: Quantity): BookWalk | undefined {
  if (book === undefined || draft.type === "post-only") return undefined;
  const levels = draft.side === "buy" ? book.asks : book.bids;
  const walk = walkBook(levels, draft.side, draft.size, stepSize, draft.limitPrice);
  return draft.type === "limit" && walk.levels === 0 ? undefined : walk;
}

/** How an order meets the book: the price it gets on the whole, and what finds no counterpart. */
export function slippageSteps(
  draft: OrderDraft,
  { quote, base }: Instrument,
  book: KnownBook | undefined,
  walk: BookWalk | undefined,
): readonly PlanStep[] {
  const step = { step: "slippage", rule: "book", holds: true } as const;
  if (book === undefined) return [{ ...step, why: "the book is not known" }];
  const levels = draft.side === "buy" ? book.asks : book.bids;
  const otherSide = draft.side === "buy" ? "best ask" : "best bid";
  const best = levels[0]?.price;
  if (best === undefined) return [{ ...step, why: `there is no ${otherSide}`, holds: draft.type === "limit" }];
  const before = { amount: best, unit: quote };
  if (walk === undefined) {
    const limit = draft.limitPrice ?? best;
    const crosses = draft.side === "buy" ? limit >= best : limit <= best;
    const after = { amount: limit, unit: quote };
    if (!crosses) return [{ ...step, before, after, why: `it rests: the ${otherSide} is ${formatMoney(best)}` }];
    return [{ ...step, before, why: "it would trade at once, and a post-only order is then refused", holds: false }];
  }
  const steps: PlanStep[] = [];
  if (walk.average !== undefined && walk.worst !== undefined) {
    const count = walk.levels === 1 ? "1 level" : `${walk.levels} levels`;
    const beyond = `${formatShare(shortened(walk.slippage))} beyond the ${otherSide}`;
    const after = { amount: walk.average, unit: quote };
    steps.push({ ...step, before, after, why: `${beyond} on average, ${count}, worst ${formatMoney(walk.worst)}` });
  }
  if (isWholly(walk)) return steps;
  const { rest } = walk;
  return [
    ...steps,
    {
      step: "slippage",
      rule: "book-end",
      before: sizeFigure(draft.size, base, quote),
      after: sizeFigure(rest, base, quote),
      why: restWords(draft, levels.length),
      holds: draft.type === "limit" || draft.type === "immediate-or-cancel",
    },
  ];
}

function restWords({ type }: OrderDraft, levels: number): string {
  switch (type) {
    case "limit":
      return "the rest waits in the book at its limit";
    case "immediate-or-cancel":
      return "the rest finds nothing within the limit and is given back";
    case "fill-or-kill":
      return "not all of it can trade at once, so nothing does";
    case "market":
    case "post-only":
      return `the rest finds nothing in the ${levels} levels known`;
  }
}

function sizeFigure(size: OrderDraft["size"], base: Asset, quote: Asset) {
  return size.kind === "base" ? { amount: size.quantity, unit: base } : { amount: size.notional, unit: quote };
}

/** To four decimals of a per cent, away from zero: a loss is never shown smaller than it is. */
function shortened(slippage: Ratio | undefined): Ratio {
  const unit = 1_000_000_000_000n;
  return ((((slippage ?? 0n) + unit - 1n) / unit) * unit) as Ratio;
}

/** Base that will be held and that no order of its own can sell. */
export function planDust(
  draft: OrderDraft,
  instrument: Instrument,
  free: Quantity | undefined,
  exchanged: Exchanged,
  feeInBase: Quantity,
): { readonly dust: Quantity | undefined; readonly steps: readonly PlanStep[] } {
  const { base } = instrument;
  const step = { step: "dust", rule: "unsellable-rest", holds: true } as const;
  if (exchanged.base === undefined) {
    return { dust: undefined, steps: [{ ...step, why: `how much ${base} it moves is not known` }] };
  }
  const isBuy = draft.side === "buy";
  if (free === undefined && !isBuy) {
    return { dust: undefined, steps: [{ ...step, why: `how much ${base} is free is not known` }] };
  }
  const net = isBuy ? subtract(exchanged.base, feeInBase) : add(exchanged.base, feeInBase);
  const held = isBuy ? add(free ?? (0n as Quantity), net) : subtract(free ?? net, net);
  // More is sold than is free: the balance says so, and nothing is left.
  if (held < 0n) return { dust: undefined, steps: [] };
  const { amount, why } = unsellable(held, instrument, lowestPrice(draft));
  const of = free === undefined ? " of what this order buys" : "";
  const said = amount === 0n ? `nothing${of} is too little to sell` : `${why}${of}`;
  const figures = { before: { amount: held, unit: base }, after: { amount, unit: base } };
  return { dust: amount, steps: [{ ...step, ...figures, why: said }] };
}

function unsellable(held: Quantity, instrument: Instrument, unitPrice: Price | undefined) {
  const { minQuantity, minNotional, quote, stepSize } = instrument;
  const whole = quantizeQuantity(instrument, held);
  if (whole < minQuantity) return { amount: held, why: `below the least quantity of ${formatMoney(minQuantity)}` };
  if (unitPrice !== undefined && notionalOf(unitPrice, whole, "down") < minNotional)
    return { amount: held, why: `worth less than the least of ${formatMoney(minNotional)} ${quote} an order` };
  return { amount: subtract(held, whole), why: `less than a step of ${formatMoney(stepSize)}` };
}

/** What the rest is worth is judged by the lower of the prices known. */
function lowestPrice(draft: OrderDraft): Price | undefined {
  const seen = draft.seen?.price;
  return seen === undefined || draft.limitPrice === undefined ? expectedPrice(draft) : minimum(seen, draft.limitPrice);
}
