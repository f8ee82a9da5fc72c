import type { ClosePlan } from "../../core/domain/closing/plan-close.ts";
import type { KeptBase } from "../../core/domain/base-holders.ts";
import { keptWords } from "../../core/domain/base-holders.ts";
import type { StandingProtection } from "../../core/domain/closing/protections-after-sale.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { formatDraft } from "../../core/domain/order-grammar.ts";
import { planJson, stepLines } from "../order/plan-view.ts";
import type { Printer } from "../output/printer.ts";

/** The one order in canonical words. */
export function closeOrder({ order, instrument }: ClosePlan): string {
  return formatDraft(order.draft, instrument);
}

/** Shows what closing would do: what is sold, what stays and why, and what becomes of the protections. */
export function printClosePlan(print: Printer, plan: ClosePlan): void {
  const { instrument, order, cancels, keeps, protections, beyondPosition } = plan;
  const { base, quote } = instrument;
  const bid = formatMoney(plan.bid);
  const disarms = protections.over.map(({ protectionId }) => protectionId);
  const cancelled = cancels.map(({ clientOrderId }) => clientOrderId);
  const { fee } = order;
  print.record({
    schema: "tapedeck.close-plan/1",
    json: {
      order: closeOrder(plan),
      bid,
      position: formatMoney(plan.position),
      held: formatMoney(plan.held),
      sells: formatMoney(plan.quantity),
      beyondPosition: formatMoney(beyondPosition),
      whole: plan.isWhole,
      ...planJson(order),
      cancels: cancelled,
      keeps: keeps.map(keptJson),
      disarms,
      stays: protections.standing.map(({ protection }) => protection.protectionId),
    },
    fields: [
      ["order", closeOrder(plan)],
      ["bid", `${bid} ${quote}`],
      ["position", `${formatMoney(plan.position)} ${base}`],
      ["held", `${formatMoney(plan.held)} ${base}`],
      ["sells", `${formatMoney(plan.quantity)} ${base}`],
      ...(beyondPosition > 0n ? ([["beyond it", `${formatMoney(beyondPosition)} ${base}`]] as const) : []),
      ["fee up to", fee === undefined ? null : `${formatMoney(fee.amount)} ${fee.asset}`],
      ["cancels", cancelled.join(", ") || null],
      ["keeps", keptWords(keeps, base) || null],
      ["disarms", disarms.join(", ") || null],
      ["stays", standingWords(protections.standing) || null],
    ],
    below: ["", ...stepLines(print, order.steps)],
  });
}

export function standingWords(standing: readonly StandingProtection[]): string {
  return standing.map(({ protection, why }) => `${protection.protectionId} (${why})`).join(", ");
}

function keptJson({ quantity, because, order, words }: KeptBase) {
  return { quantity: formatMoney(quantity), because, clientOrderId: order?.clientOrderId ?? null, why: words };
}
