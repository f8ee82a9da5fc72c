import { add, formatMoney } from "../money.ts";
import { marketPrice, symbolExposure } from "../risk-account.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional, expectedPrice, raisesExposure } from "../risk-request.ts";

/** One market must not hold more than the trader wants at stake there; orders nobody is sure of count as filled. */
export const exposurePerSymbol: RiskRule = (request) => {
  const { draft, instrument, limits, account } = request;
  const limit = limits.exposurePerSymbol.get(instrument.quote);
  const notional = expectedNotional(draft);
  if (limit === undefined || notional === undefined || !raisesExposure(request)) return undefined;
  const price = draft.seen?.price ?? marketPrice(account, draft.symbol) ?? expectedPrice(draft);
  const before = symbolExposure(account, instrument, price);
  if (before.kind === "unknown") {
    return {
      code: "EXPOSURE_UNKNOWN",
      message: `What is at stake in ${draft.symbol} is not known: ${before.what} could not be read.`,
      hint: "Try again once the account and the prices have been read.",
    };
  }
  const after = add(before.notional, notional);
  if (after <= limit) return undefined;
  return {
    code: "SYMBOL_EXPOSURE_TOO_LARGE",
    message: `With this order ${formatMoney(after, 2, "up")} ${instrument.quote} would be at stake in ${draft.symbol}, above your limit of ${formatMoney(limit)} ${instrument.quote}.`,
    hint: "Make it smaller, cancel an open buy, or raise limits.exposure_per_symbol in the profile.",
  };
};
