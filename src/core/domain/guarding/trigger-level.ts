import type { Price } from "../money.ts";
import { maximum, ratio, roundToStep, scale, subtract, ZERO_PRICE } from "../money.ts";
import type { ProtectionLeg, TrailDistance } from "../protection.ts";

const ONE = ratio("1");

/** On which side of its level a leg fires. */
export type TriggerSide = "at-or-below" | "at-or-above";

/** The price at which a leg fires, as it stands on disk. */
export interface TriggerLevel {
  readonly price: Price;
  readonly side: TriggerSide;
}

/** @returns undefined for a time stop, and for a trailing stop that has not been activated. */
export function levelOf(leg: Pick<ProtectionLeg, "rule" | "highest">): TriggerLevel | undefined {
  const { rule, highest } = leg;
  switch (rule.kind) {
    case "stop-loss":
      return { price: rule.triggerPrice, side: "at-or-below" };
    case "take-profit":
    case "break-even":
      return { price: rule.triggerPrice, side: "at-or-above" };
    case "trailing-stop":
      if (highest === undefined) return undefined;
      return { price: below(highest, rule.distance), side: "at-or-below" };
    case "time-stop":
      return undefined;
  }
}

export function isBeyond(level: TriggerLevel, price: Price): boolean {
  return level.side === "at-or-below" ? price <= level.price : price >= level.price;
}

/** How far a stop trails: never closer to the price than asked. */
function below(highest: Price, distance: TrailDistance): Price {
  return distance.kind === "ratio"
    ? scale(highest, subtract(ONE, distance.ratio), "down")
    : maximum(subtract(highest, distance.price), ZERO_PRICE);
}

/** A trailing stop is told to follow only when it moves by at least a tick and 0.05 % of the price. */
const RATCHET_SHARE = ratio("0.0005");

/** The least rise of the highest price that is worth an entry in the journal. */
export function ratchetStep(highest: Price, tickSize: Price): Price {
  return maximum(tickSize, roundToStep(scale(highest, RATCHET_SHARE, "up"), tickSize, "up"));
}
