import { formatShare } from "../../../core/domain/asked-order.ts";
import { keptWords } from "../../../core/domain/base-holders.ts";
import type { ClosePlan } from "../../../core/domain/closing/plan-close.ts";
import type { GuardStatus } from "../../../core/domain/guard-status.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import { formatDraft } from "../../../core/domain/order-grammar.ts";
import { describeLegRule } from "../../../core/domain/protection-words.ts";
import type { Coverage, ProtectionLeg } from "../../../core/domain/protection.ts";
import { isLegOpen } from "../../../core/domain/protection.ts";
import { orderStory } from "./messages.ts";
import type { Deed } from "./deed.ts";
import type { PlanLine } from "./ticket-plan.ts";

/** What would be done, in numbers, before anything is. */
export function deedLines(deed: Deed, guard: Pick<GuardStatus, "lease" | "isAlive">): readonly PlanLine[] {
  switch (deed.kind) {
    case "protect":
      return protectLines(deed, guard);
    case "unprotect":
      return [
        ...deed.protections.flatMap(({ symbol, legs }) =>
          legs.filter(isLegOpen).map((leg) => plain(`${symbol}  ${leg.legId}  ${describeLegRule(leg)}`)),
        ),
        warning("Nothing of this sells any more. An exit that is under way stands."),
      ];
    case "close":
      return closeLines(deed.plan);
    case "adopt":
      return [
        plain(orderStory(deed.order)),
        plain("It is treated like an order placed here from then on. Nothing is sent to the exchange."),
      ];
  }
}

function protectLines(
  { plan }: Extract<Deed, { kind: "protect" }>,
  { lease, isAlive }: Pick<GuardStatus, "lease" | "isAlive">,
): readonly PlanLine[] {
  const { protection, scope, hindrances, exitNow } = plan;
  const { of, outside } = scope;
  const sold = exitNow?.draft.size;
  const now = [
    ...(sold?.kind === "base" ? [formatMoney(sold.quantity)] : []),
    ...(exitNow?.notional === undefined ? [] : [`about ${formatMoney(exitNow.notional)}`]),
  ];
  return [
    plain(`Covers ${coverageWords(protection.coverage)}${of === "position" ? ", the position" : ""}`),
    ...(outside === undefined || outside === 0n
      ? []
      : [plain(`Held beside it and not covered: ${formatMoney(outside)} (--quantity, --all)`)]),
    ...protection.legs.map((leg) => plain(`${leg.legId}  ${describeLegRule(leg)}${shareWords(leg)}`)),
    ...(now.length === 0 ? [] : [plain(`If it sold at the present price: ${now.join(", ")}`)]),
    ...hindrances.map(({ message, hint }) => warning(`${message} ${hint}`)),
    lease !== undefined && isAlive
      ? plain(`Process ${lease.pid} guards.`)
      : warning("Nobody guards this account: nothing will sell until a guardian runs."),
  ];
}

function closeLines(plan: ClosePlan): readonly PlanLine[] {
  const { instrument, order, keeps, cancels, protections } = plan;
  const { base, quote } = instrument;
  const disarms = protections.over.map(({ protectionId }) => protectionId).join(", ");
  const kept = keptWords(keeps, base);
  return [
    plain(formatDraft(order.draft, instrument)),
    plain(`Position ${formatMoney(plan.position)} by its fills · held ${formatMoney(plan.held)} ${base}`),
    plain(`Sells ${formatMoney(plan.quantity)} ${base} · best bid ${formatMoney(plan.bid)} ${quote}`),
    ...(order.notional === undefined ? [] : [plain(proceedsWords(plan))]),
    ...cancels.map(({ clientOrderId, side }) => warning(`Cancels first: ${side} ${clientOrderId}`)),
    ...(kept === "" ? [] : [warning(`Keeps ${kept}`)]),
    ...(disarms === "" ? [] : [plain(`Once all is sold, takes away: ${disarms}`)]),
    ...protections.standing.map(({ protection, why }) => warning(`Stays armed: ${protection.protectionId} (${why})`)),
  ];
}

function proceedsWords({ order: { notional, fee }, instrument: { quote } }: ClosePlan): string {
  const charged = fee === undefined ? "" : ` · fee up to ${formatMoney(fee.amount)} ${fee.asset}`;
  return `Brings about ${notional === undefined ? "—" : formatMoney(notional)} ${quote}${charged}`;
}

function shareWords({ rule }: ProtectionLeg): string {
  return rule.kind === "take-profit" ? `: sells ${formatShare(rule.share)}` : "";
}

function coverageWords(coverage: Coverage): string {
  switch (coverage.kind) {
    case "quantity":
      return formatMoney(coverage.quantity);
    case "holding":
      return "all that is held when it sells";
    case "entry":
      return `what order ${coverage.clientOrderId} fills`;
  }
}

function plain(text: string): PlanLine {
  return { text, warns: false };
}

function warning(text: string): PlanLine {
  return { text, warns: true };
}
