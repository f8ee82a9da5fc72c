import type { Notional } from "../money.ts";
import { formatMoney, subtract } from "../money.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional, raisesExposure } from "../risk-request.ts";

/** Fees are paid in the quote asset, so a buy leaves some of it. Too little for the buy itself is another rule's word. */
export const quoteReserve: RiskRule = (request) => {
  const { draft, instrument, limits, account } = request;
  const { quote } = instrument;
  const reserve = limits.quoteReserve.get(quote);
  const notional = expectedNotional(draft);
  if (reserve === undefined || notional === undefined || !raisesExposure(request)) return undefined;
  const free = account.balances?.get(quote)?.free as bigint as Notional | undefined;
  if (free === undefined || notional > free) return undefined;
  const left = subtract(free, notional);
  if (left >= reserve) return undefined;
  return {
    code: "QUOTE_RESERVE",
    message: `The order would leave ${formatMoney(left)} ${quote} free, below your reserve of ${formatMoney(reserve)} ${quote}.`,
    hint: "Make it smaller, or lower limits.quote_reserve in the profile.",
  };
};
