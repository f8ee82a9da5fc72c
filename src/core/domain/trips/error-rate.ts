import { formatMoney, ratio, scale } from "../money.ts";
import type { TripRule } from "../trip-facts.ts";

export const ERROR_WINDOW_MS = 5 * 60_000;
/** One bad answer of two says nothing. */
const LEAST_ACTIONS = 5;
const HUNDRED = ratio("100");

/** When the exchange does not say what became of our orders, sending more of them makes it worse. */
export const errorRate: TripRule = ({ now, resumedAt, orderActions }, { errorRate: limit }) => {
  if (limit === undefined) return undefined;
  const since = Math.max(now - ERROR_WINDOW_MS, resumedAt);
  const lately = orderActions.filter(({ at }) => at >= since);
  const trouble = lately.filter(({ isTrouble }) => isTrouble);
  if (lately.length < LEAST_ACTIONS) return undefined;
  // Compared without dividing: trouble ÷ all ≥ limit.
  if (BigInt(trouble.length) * ratio("1") < BigInt(lately.length) * limit) return undefined;
  const value = `${trouble.length} of ${lately.length}`;
  return {
    name: "error-rate",
    reason: `the outcome of ${value} orders and cancels was not told`,
    evidence: [
      { what: "orders without an outcome", value, limit: `${formatMoney(scale(limit, HUNDRED, "up"))} %`, since },
    ],
  };
};
