import { formatMoney, negate } from "../money.ts";
import type { TripRule } from "../trip-facts.ts";

/** What the day has cost, realised or not. A resume begins the count anew. */
export const dailyLoss: TripRule = ({ gain }, { dailyLoss: limit }) => {
  if (limit === undefined || gain === undefined || negate(gain.value) < limit) return undefined;
  const value = `${formatMoney(negate(gain.value), 2)} USDT`;
  return {
    name: "daily-loss",
    reason: `the day has cost ${value}`,
    evidence: [{ what: "loss today", value, limit: `${formatMoney(limit)} USDT`, since: gain.since }],
  };
};
