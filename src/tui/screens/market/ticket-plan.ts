import { formatShare } from "../../../core/domain/asked-order.ts";
import type { BracketResult } from "../../../core/domain/bracket.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import type { Ratio } from "../../../core/domain/money.ts";
import type { OrderPlan } from "../../../core/domain/order-plan.ts";
import type { PlanFigure, PlanRule, PlanStep } from "../../../core/domain/plan-step.ts";
import { formatFigure, formatPercent, groupThousands, MISSING } from "../../format/figures.ts";
import { sizeWords } from "./ticket.ts";
import { priceDecimals } from "./view.ts";

export interface PlanLine {
  readonly text: string;
  /** Says where the order would fall short. */
  readonly warns: boolean;
}

const RULE_WORDS: Partial<Readonly<Record<PlanRule, string>>> = {
  "tick-size": "to the tick",
  "step-size": "to the step",
  "quote-decimals": "to the decimals of the quote",
};

/** The plan in the few words that a ticket has room for: what is sent, cost, what stays, how it meets the book. */
export function ticketLines(plan: OrderPlan, instrument: Instrument): readonly PlanLine[] {
  const lines = [orderLine(plan, instrument), costLine(plan, instrument), leftLine(plan, instrument), bookLine(plan)];
  const shortfalls = plan.steps.filter((step) => !step.holds && step.rule !== "book-end");
  return [
    ...lines.filter((text) => text !== "").map((text) => ({ text, warns: false })),
    ...roundings(plan.steps).map((text) => ({ text, warns: false })),
    ...shortfalls.map(({ why }) => ({ text: why, warns: true })),
    ...unfilled(plan.steps),
  ];
}

/** What sells again, a line a level. */
export function bracketLines(bracket: BracketResult | undefined, instrument: Instrument): readonly PlanLine[] {
  if (bracket === undefined) return [];
  if (bracket.kind === "impossible") return [{ text: `tp and sl cannot be armed: ${bracket.why}`, warns: true }];
  const decimals = priceDecimals(instrument);
  const small = bracket.hindrances.map(({ message }) => ({ text: message, warns: true }));
  const levels = bracket.rules.flatMap(({ rule }) => {
    if (rule.kind === "stop-loss")
      return [{ text: `then sells all at ${formatFigure(rule.triggerPrice, decimals)} or below`, warns: false }];
    if (rule.kind !== "take-profit") return [];
    const level = formatFigure(rule.triggerPrice, decimals);
    return [{ text: `then sells ${formatShare(rule.share)} at ${level} or above`, warns: false }];
  });
  return [...levels, ...small];
}

function orderLine({ draft, ...plan }: OrderPlan, instrument: Instrument): string {
  const decimals = priceDecimals(instrument);
  const price =
    draft.limitPrice === undefined
      ? `at market, about ${formatFigure(draft.seen?.price, decimals)}`
      : `at ${formatFigure(draft.limitPrice, decimals)}`;
  const type = draft.type === "limit" || draft.type === "market" ? "" : ` (${draft.type})`;
  return `${draft.side} ${sizeWords({ draft, ...plan }, instrument)} ${draft.symbol} ${price}${type}`;
}

function costLine({ draft, notional, fee, shareOfFree }: OrderPlan, { base, quote, ...rest }: Instrument): string {
  const decimals = priceDecimals({ base, quote, ...rest });
  const isBuy = draft.side === "buy";
  const charged = fee === undefined ? MISSING : `${formatMoney(fee.amount, decimals, "up")} ${fee.asset}`;
  const part = shareOfFree === undefined ? MISSING : formatPercent(shareOfFree, 1).replace("+", "");
  return `${isBuy ? "cost" : "worth"} ${formatFigure(notional, decimals)} ${quote} · fee up to ${charged} · ${part} of free ${isBuy ? quote : base}`;
}

/** What stays free of both assets, and what of it could not be sold again. */
function leftLine({ steps, dust, draft }: OrderPlan, { quote, base, ...rest }: Instrument): string {
  const decimals = priceDecimals({ quote, base, ...rest });
  const left = steps.filter(({ step, after }) => step === "balance" && after !== undefined && after.amount >= 0n);
  if (left.length === 0) return "";
  const words = left.map(({ after }) => leftWords(after as PlanFigure, quote, decimals));
  const unsellable = dust === undefined || dust === 0n ? "" : ` · dust ${formatMoney(dust)} ${base}`;
  return `left ${words.join(", ")}${draft.type === "market" ? "" : " once filled"}${unsellable}`;
}

function leftWords({ amount, unit }: PlanFigure, quote: string, decimals: number): string {
  return unit === quote
    ? `${groupThousands(formatMoney(amount, decimals, "down"))} ${unit}`
    : `${formatMoney(amount)} ${unit}`;
}

function bookLine({ through, draft }: OrderPlan): string {
  if (through?.average === undefined || through.worst === undefined || through.slippage === undefined) return "";
  const best = draft.side === "buy" ? "ask" : "bid";
  const levels = through.levels === 1 ? "1 level" : `${through.levels} levels`;
  const average = formatMoney(through.average, 8, draft.side === "buy" ? "up" : "down").replace(/\.?0+$/, "");
  return `through ${levels}: ${average} on average, ${lossWords(through.slippage)} beyond the ${best}, worst ${formatMoney(through.worst)}`;
}

/** To three decimals, never smaller than it is. */
function lossWords(slippage: Ratio): string {
  const unit = 10n ** 13n;
  return formatShare((((slippage + unit - 1n) / unit) * unit) as Ratio);
}

function roundings(steps: readonly PlanStep[]): readonly string[] {
  return steps.flatMap(({ rule, before, after }) => {
    const words = RULE_WORDS[rule];
    if (words === undefined || before === undefined || after === undefined || before.amount === after.amount) return [];
    return [`rounded ${words}: ${formatMoney(before.amount)} → ${formatMoney(after.amount)} ${after.unit}`];
  });
}

function unfilled(steps: readonly PlanStep[]): readonly PlanLine[] {
  return steps.flatMap(({ rule, after, why, holds }) =>
    rule !== "book-end" || after === undefined
      ? []
      : [{ text: `${formatMoney(after.amount)} ${after.unit}: ${why}`, warns: !holds }],
  );
}
