import type { RiskRule } from "../risk-request.ts";

/** A draft must mean something before its numbers are judged: positive size, and a limit exactly where one belongs. */
export const wellFormed: RiskRule = ({ draft }) => {
  const size = draft.size.kind === "base" ? draft.size.quantity : draft.size.notional;
  if (size <= 0n) {
    return { code: "SIZE_NOT_POSITIVE", message: "The size is not above zero.", hint: "Give a size above zero." };
  }
  if (draft.type === "market") {
    if (draft.limitPrice !== undefined) {
      return {
        code: "MARKET_WITH_PRICE",
        message: "A market order takes no price.",
        hint: "Leave the price away, or place a limit order.",
      };
    }
    return undefined;
  }
  if (draft.limitPrice === undefined || draft.limitPrice <= 0n) {
    return {
      code: "PRICE_MISSING",
      message: `A ${draft.type} order needs a price above zero.`,
      hint: "Add the price, for example `@ 65000`.",
    };
  }
  if (draft.size.kind === "quote") {
    return {
      code: "QUOTE_SIZE_NEEDS_MARKET",
      message: "Only a market order can be sized in the quote asset.",
      hint: "Give the quantity in the base asset.",
    };
  }
  return undefined;
};
