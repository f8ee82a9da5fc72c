import { formatMoney, ratio, scale } from "../money.ts";
import type { Ratio } from "../money.ts";
import type { TripRule } from "../trip-facts.ts";

const HUNDRED = ratio("100");

/** How far the account stands below its best. After a resume the best is counted from there. */
export const drawdown: TripRule = ({ drawdown: fallen }, { drawdown: limit }) => {
  if (limit === undefined || fallen === undefined || fallen.current < limit) return undefined;
  return {
    name: "drawdown",
    reason: `the account is ${percent(fallen.current)} below its best`,
    evidence: [{ what: "below the peak", value: percent(fallen.current), limit: percent(limit), since: fallen.peakAt }],
  };
};

function percent(share: Ratio): string {
  return `${formatMoney(scale(share, HUNDRED, "half-even"), 2)} %`;
}
