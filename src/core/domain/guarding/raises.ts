import { maximum } from "../money.ts";
import { greatestPaidRate } from "../paid-fees.ts";
import type { ProtectionEvent } from "../protection-events.ts";
import type { ProtectionLeg } from "../protection.ts";
import { breakEvenLevel, coveredCost } from "./break-even-level.ts";
import { coveredBase } from "./covered-base.ts";
import type { GuardView } from "./guard-view.ts";
import { ratchetStep } from "./trigger-level.ts";
import { confirmedBeyond, isConfirmedSafe } from "./trigger-memory.ts";

/** What the market has done to the levels: stops that follow or move up, and legs that are live again. */
export function raises(view: GuardView): readonly ProtectionEvent[] {
  return view.protection.legs.flatMap((leg) => raise(view, leg) ?? []);
}

function raise(view: GuardView, leg: ProtectionLeg): ProtectionEvent | undefined {
  if (leg.state === "recovering") return recover(view, leg);
  if (leg.state !== "live") return undefined;
  if (leg.rule.kind === "trailing-stop") return follow(view, leg);
  return leg.rule.kind === "break-even" ? breakEven(view, leg, leg.rule) : undefined;
}

function recover({ protection, memory }: GuardView, { legId }: ProtectionLeg): ProtectionEvent | undefined {
  if (!isConfirmedSafe(memory, protection, legId)) return undefined;
  return { type: "leg-recovered", protectionId: protection.protectionId, legId };
}

function follow({ protection, memory, instrument }: GuardView, leg: ProtectionLeg): ProtectionEvent | undefined {
  const highest = memory.legs.get(leg.legId)?.highest;
  if (highest === undefined) return undefined;
  if (leg.highest !== undefined && highest - leg.highest < ratchetStep(leg.highest, instrument.tickSize))
    return undefined;
  return { type: "highest-moved", protectionId: protection.protectionId, legId: leg.legId, highest };
}

/** Not before the price stands above the new level: a stop that is moved must not fire by being moved. */
function breakEven(
  view: GuardView,
  { legId }: ProtectionLeg,
  rule: Extract<ProtectionLeg["rule"], { kind: "break-even" }>,
): ProtectionEvent | undefined {
  const { protection, memory, instrument } = view;
  const run = confirmedBeyond(memory, protection, legId);
  const cost = coveredCost(view);
  if (run === undefined || cost === undefined || coveredBase(view).covered === 0n) return undefined;
  const saleRate = maximum(rule.saleRate ?? instrument.takerFee, greatestPaidRate(view.fills, instrument));
  const triggerPrice = breakEvenLevel(cost, saleRate, instrument, rule.offset);
  if (memory.seen === undefined || memory.seen.price <= triggerPrice) return undefined;
  return { type: "stop-moved", protectionId: protection.protectionId, legId, triggerPrice };
}
