import { add, formatMoney, ratio, scale, subtract } from "../money.ts";
import type { RiskRule } from "../risk-request.ts";

const ONE = ratio("1");

/**
 * A buy far above, or a sell far below, what the trader saw is a slip of the finger. The harmless side is free, and so is
 * an exit: its limit is worked out, and goes lower on purpose when the price runs away.
 */
export const priceCollar: RiskRule = ({ draft, limits, purpose }) => {
  if (purpose === "exit") return undefined;
  const { limitPrice, seen, side } = draft;
  if (limitPrice === undefined || seen === undefined) return undefined;
  const edge =
    side === "buy"
      ? scale(seen.price, add(ONE, limits.priceCollar), "down")
      : scale(seen.price, subtract(ONE, limits.priceCollar), "up");
  const beyond = side === "buy" ? limitPrice > edge : limitPrice < edge;
  if (!beyond) return undefined;
  return {
    code: "PRICE_OUTSIDE_COLLAR",
    message: `A ${side} at ${formatMoney(limitPrice)} lies beyond ${formatMoney(edge)}, the edge of your price collar around ${formatMoney(seen.price)}.`,
    hint: "Check the price, or widen limits.price_collar in the profile.",
  };
};
