import { isOnStep, isOnTick, quantizePrice, quantizeQuantity } from "../instrument.ts";
import { decimalsOf, formatMoney } from "../money.ts";
import type { RiskRule } from "../risk-request.ts";

/** Prices lie on the tick and quantities on the step; nothing is rounded behind the trader's back. */
export const tickAndStep: RiskRule = ({ draft, instrument }) => {
  if (draft.limitPrice !== undefined && !isOnTick(instrument, draft.limitPrice)) {
    const nearest = quantizePrice(instrument, draft.side, draft.limitPrice);
    return {
      code: "PRICE_NOT_ON_TICK",
      message: `The price ${formatMoney(draft.limitPrice)} has too many decimals: ${instrument.symbol} moves in steps of ${formatMoney(instrument.tickSize)}.`,
      hint:
        nearest > 0n ? `The next price on the tick is ${formatMoney(nearest)}.` : "Give a price of at least one tick.",
    };
  }
  if (draft.size.kind === "base" && !isOnStep(instrument, draft.size.quantity)) {
    const nearest = quantizeQuantity(instrument, draft.size.quantity);
    return {
      code: "QUANTITY_NOT_ON_STEP",
      message: `The quantity ${formatMoney(draft.size.quantity)} has too many decimals: ${instrument.symbol} trades in steps of ${formatMoney(instrument.stepSize)} ${instrument.base}.`,
      hint:
        nearest > 0n
          ? `The next smaller quantity is ${formatMoney(nearest)}.`
          : "Give a quantity of at least one step.",
    };
  }
  if (draft.size.kind === "quote" && decimalsOf(draft.size.notional) > decimalsOf(instrument.tickSize)) {
    return {
      code: "AMOUNT_TOO_PRECISE",
      message: `The amount ${formatMoney(draft.size.notional)} ${instrument.quote} has too many decimals: ${instrument.symbol} takes ${decimalsOf(instrument.tickSize)}.`,
      hint: `Round it to ${decimalsOf(instrument.tickSize)} decimals.`,
    };
  }
  return undefined;
};
