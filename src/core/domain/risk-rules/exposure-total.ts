import { add, formatMoney } from "../money.ts";
import { totalExposure } from "../risk-account.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional, raisesExposure } from "../risk-request.ts";

/** All markets of a quote asset together. Assets that have a limit of their own are money, not a stake in another. */
export const exposureTotal: RiskRule = (request) => {
  const { draft, instrument, limits, account } = request;
  const limit = limits.exposureTotal.get(instrument.quote);
  const notional = expectedNotional(draft);
  if (limit === undefined || notional === undefined || !raisesExposure(request)) return undefined;
  const before = totalExposure(account, instrument.quote, new Set(limits.exposureTotal.keys()));
  if (before.kind === "unknown") {
    return {
      code: "EXPOSURE_UNKNOWN",
      message: `What is at stake in all is not known: ${before.what} could not be read.`,
      hint: "Try again once the account and the prices have been read.",
    };
  }
  const after = add(before.notional, notional);
  if (after <= limit) return undefined;
  return {
    code: "TOTAL_EXPOSURE_TOO_LARGE",
    message: `With this order ${formatMoney(after, 2, "up")} ${instrument.quote} would be at stake in all, above your limit of ${formatMoney(limit)} ${instrument.quote}.`,
    hint: "Make it smaller, sell something, or raise limits.exposure_total in the profile.",
  };
};
