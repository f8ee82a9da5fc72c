import { formatShare } from "../../core/domain/asked-order.ts";
import type { BracketRules } from "../../core/domain/bracket.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { OrderPlan } from "../../core/domain/order-plan.ts";
import type { PlanFigure, PlanStep } from "../../core/domain/plan-step.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import { amountOrNull } from "../output/amounts.ts";
import type { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import { UNKNOWN_VALUE } from "../output/table.ts";
import type { PlannedOrder } from "./plan-asked.ts";

const STEP_COLUMNS: readonly Column<PlanStep>[] = [
  { title: "STEP", value: ({ step }) => step },
  { title: "FROM", value: ({ before }) => figureText(before), align: "right" },
  { title: "TO", value: ({ after }) => figureText(after), align: "right" },
  { title: "RULE", value: ({ rule }) => rule },
  { title: "", value: ({ holds }) => (holds ? "" : "falls short") },
];

/** Shows what would be sent and every step that led there. What is not known is null, and — for people. */
export function printPlan(print: Printer, planned: PlannedOrder, denials: readonly Denial[]): void {
  const { plan, instrument, order } = planned;
  const { draft, fee } = plan;
  const seen = amountOrNull(draft.seen?.price);
  const notional = amountOrNull(plan.notional);
  const approved = denials.length === 0;
  print.record({
    schema: "tapedeck.order-plan/1",
    json: {
      order,
      ...planJson(plan),
      exits: (planned.bracket?.rules ?? []).map(exitJson),
      hindrances: planned.bracket?.hindrances ?? [],
      approved,
      denials,
    },
    fields: [
      ["would send", `${order} (${draft.type})`],
      [draft.side === "buy" ? "best ask" : "best bid", seen],
      ["worth", notional === null ? UNKNOWN_VALUE : `${notional} ${instrument.quote} before fees`],
      ["fee up to", fee === undefined ? UNKNOWN_VALUE : figureText({ amount: fee.amount, unit: fee.asset })],
      ["of what is free", plan.shareOfFree === undefined ? UNKNOWN_VALUE : formatShare(plan.shareOfFree)],
      ...(planned.bracket?.rules ?? []).map((leg) => ["then", exitText(leg, instrument.quote)] as const),
      ["risk rules", approved ? "approve" : "deny"],
    ],
    below: ["", ...stepLines(print, plan.steps)],
  });
}

/** Every figure of a plan and each step that led to it. */
export function planJson({ draft, rounded, notional, fee, shareOfFree, through, dust, steps }: OrderPlan) {
  return {
    type: draft.type,
    rounded,
    seenPrice: amountOrNull(draft.seen?.price),
    notional: amountOrNull(notional),
    fee: fee === undefined ? null : { amount: formatMoney(fee.amount), asset: fee.asset },
    shareOfFree: amountOrNull(shareOfFree),
    averagePrice: amountOrNull(through?.average),
    worstPrice: amountOrNull(through?.worst),
    slippage: amountOrNull(through?.slippage),
    levels: through?.levels ?? null,
    dust: amountOrNull(dust),
    steps: steps.map(stepJson),
  };
}

/** The table of steps, with the reason of each on a line of its own: reasons are longer than a terminal is wide. */
export function stepLines(print: Printer, steps: readonly PlanStep[]): readonly string[] {
  const [heading = "", ...rows] = print.table(STEP_COLUMNS, steps);
  return [heading, ...rows.flatMap((row, index) => [row, print.paint.dim(`  ${steps[index]?.why ?? ""}`)])];
}

function exitJson({ legId, rule }: BracketRules[number]) {
  return {
    leg: legId,
    kind: rule.kind,
    triggerPrice: "triggerPrice" in rule ? formatMoney(rule.triggerPrice) : null,
    share: rule.kind === "take-profit" ? formatMoney(rule.share) : null,
  };
}

function exitText({ rule }: BracketRules[number], quote: string): string {
  const level = "triggerPrice" in rule ? `${formatMoney(rule.triggerPrice)} ${quote}` : UNKNOWN_VALUE;
  if (rule.kind === "take-profit") return `sell ${formatShare(rule.share)} of what it fills at ${level} or above`;
  return `sell what is left of it at ${level} or below`;
}

function stepJson({ step, rule, before, after, why, holds }: PlanStep) {
  return { step, rule, before: figureJson(before), after: figureJson(after), why, holds };
}

function figureJson(figure: PlanFigure | undefined) {
  return figure === undefined ? null : { amount: formatMoney(figure.amount), unit: figure.unit };
}

function figureText(figure: PlanFigure | undefined): string | undefined {
  return figure === undefined ? undefined : `${formatMoney(figure.amount)} ${figure.unit}`;
}
