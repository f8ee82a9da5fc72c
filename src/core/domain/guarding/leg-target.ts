import { quantizeQuantity } from "../instrument.ts";
import type { Quantity, Ratio } from "../money.ts";
import { add, minimum, ratio, scale, subtract, ZERO_QUANTITY } from "../money.ts";
import type { LegRule, ProtectionLeg } from "../protection.ts";
import { isLegOpen } from "../protection.ts";
import type { CoveredBase } from "./covered-base.ts";
import { soldBy } from "./covered-base.ts";
import type { GuardView } from "./guard-view.ts";

type Rung = ProtectionLeg & { readonly rule: Extract<LegRule, { kind: "take-profit" }> };

const WHOLE = ratio("1");
const NONE = ratio("0");

/**
 * What a leg still has to sell. A stop sells all that is left; a rung of a ladder its share of what was covered in all,
 * down to a step, and the last one of a ladder that shares out everything takes the rest. Undefined while the balances
 * it depends on are not known.
 */
export function legTarget(view: GuardView, leg: ProtectionLeg, base: CoveredBase): Quantity | undefined {
  const { covered, left } = base;
  if (covered === undefined || left === undefined) return undefined;
  if (leg.target !== undefined && isRung(leg)) {
    const sold = soldBy(view, leg);
    return sold >= leg.target ? ZERO_QUANTITY : minimum(subtract(leg.target, sold), left);
  }
  if (!isRung(leg)) return left;
  const rungs = rungsOf(view);
  const isLast = !rungs.some((other) => other.legId !== leg.legId && isLegOpen(other));
  const isShared = rungs.reduce((sum, { rule }) => add(sum, rule.share), NONE) === WHOLE;
  if (isLast && isShared) return left;
  return minimum(quantizeQuantity(view.instrument, scale(covered, shareOf(rungs, leg), "down")), left);
}

/** The next rung up that is still to come, which takes over what this one is too small to sell. */
export function nextRung(view: GuardView, leg: ProtectionLeg): ProtectionLeg | undefined {
  const rungs = rungsOf(view);
  const at = rungs.findIndex((rung) => rung.legId === leg.legId);
  return at === -1 ? undefined : rungs.slice(at + 1).find(isLegOpen);
}

/** A rung's own share, and those of the rungs right below it that ended without selling because they were too small. */
function shareOf(rungs: readonly Rung[], leg: Rung): Ratio {
  let carried = NONE;
  for (const rung of rungs) {
    if (rung.legId === leg.legId) return add(carried, rung.rule.share);
    carried = rung.state === "ended" && rung.attempts.length === 0 ? add(carried, rung.rule.share) : NONE;
  }
  return leg.rule.share;
}

/** The lowest first, which is the order in which the price reaches them. */
function rungsOf({ protection }: GuardView): readonly Rung[] {
  return protection.legs
    .filter(isRung)
    .sort((left, right) =>
      left.rule.triggerPrice === right.rule.triggerPrice
        ? 0
        : left.rule.triggerPrice < right.rule.triggerPrice
          ? -1
          : 1,
    );
}

function isRung(leg: ProtectionLeg): leg is Rung {
  return leg.rule.kind === "take-profit";
}
