import type { Ratio } from "../money.ts";
import { add, formatMoney, ratio, ratioOf, scale } from "../money.ts";
import { accountWorth, marketPrice, symbolExposure } from "../risk-account.ts";
import type { Denial, RiskRule } from "../risk-request.ts";
import { expectedNotional, expectedPrice, raisesExposure } from "../risk-request.ts";

const HUNDRED = ratio("100");

/** No single asset may make up more of the account than the trader wants. */
export const concentration: RiskRule = (request) => {
  const { draft, instrument, limits, account } = request;
  const limit = limits.concentration;
  const notional = expectedNotional(draft);
  if (limit === undefined || notional === undefined || !raisesExposure(request)) return undefined;
  const price = draft.seen?.price ?? marketPrice(account, draft.symbol) ?? expectedPrice(draft);
  const stake = symbolExposure(account, instrument, price);
  if (stake.kind === "unknown") return cannotJudge(instrument.base, `${stake.what} could not be read`);
  const whole = accountWorth(account, instrument.quote);
  if (whole.kind === "unknown") return cannotJudge(instrument.base, `${whole.what} could not be read`);
  if (whole.notional <= 0n) return cannotJudge(instrument.base, "the account holds nothing of worth");
  const share = ratioOf(add(stake.notional, notional), whole.notional, "up");
  if (share <= limit) return undefined;
  return {
    code: "CONCENTRATION_TOO_HIGH",
    message: `With this order ${instrument.base} would make up ${percent(share)} of the account, above your limit of ${percent(limit)}.`,
    hint: "Make it smaller, or raise limits.concentration in the profile.",
  };
};

function cannotJudge(base: string, why: string): Denial {
  return {
    code: "CONCENTRATION_UNKNOWN",
    message: `What share of the account ${base} would make up is not known: ${why}.`,
    hint: "Try again once the account and the prices have been read.",
  };
}

function percent(share: Ratio): string {
  return `${formatMoney(scale(share, HUNDRED, "up"), 1, "up")} %`;
}
