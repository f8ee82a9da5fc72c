import { formatMoney } from "../money.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional } from "../risk-request.ts";

/** The trader's own ceiling for one order, against a zero too many. What a protection sells was sized before. */
export const largestOrder: RiskRule = ({ draft, instrument, limits, purpose }) => {
  if (purpose === "exit") return undefined;
  const limit = limits.largestOrder.get(instrument.quote);
  const notional = expectedNotional(draft);
  if (limit === undefined || notional === undefined || notional <= limit) return undefined;
  return {
    code: "ORDER_TOO_LARGE",
    message: `The order is worth ${formatMoney(notional)} ${instrument.quote}, above your limit of ${formatMoney(limit)} ${instrument.quote} an order.`,
    hint: "Make it smaller, or raise limits.largest_order in the profile.",
  };
};
