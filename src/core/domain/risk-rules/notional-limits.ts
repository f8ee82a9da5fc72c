import { formatMoney } from "../money.ts";
import { notionalBounds } from "../notional-bounds.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional } from "../risk-request.ts";

/** The exchange's least quantity and its least and greatest notional. */
export const notionalLimits: RiskRule = ({ draft, instrument }) => {
  const { symbol, base, quote } = instrument;
  if (draft.size.kind === "base" && draft.size.quantity < instrument.minQuantity) {
    return {
      code: "QUANTITY_TOO_SMALL",
      message: `${formatMoney(draft.size.quantity)} ${base} is below the least quantity of ${symbol}, ${formatMoney(instrument.minQuantity)}.`,
      hint: `Trade at least ${formatMoney(instrument.minQuantity)} ${base}.`,
    };
  }
  const notional = expectedNotional(draft);
  // A market order with no quote in sight cannot be judged here; the stale-quote rule stops it.
  if (notional === undefined) return undefined;
  const { least, greatest } = notionalBounds(instrument, draft.type);
  if (notional < least) {
    return {
      code: "NOTIONAL_TOO_SMALL",
      message: `The order is worth ${formatMoney(notional)} ${quote}, below the least of ${formatMoney(least)} ${quote} for ${symbol}.`,
      hint: `Make it worth at least ${formatMoney(least)} ${quote}.`,
    };
  }
  if (greatest > 0n && notional > greatest) {
    return {
      code: "NOTIONAL_TOO_LARGE",
      message: `The order is worth ${formatMoney(notional)} ${quote}, above the greatest of ${formatMoney(greatest)} ${quote} for ${symbol}.`,
      hint: "Split it into smaller orders.",
    };
  }
  return undefined;
};
