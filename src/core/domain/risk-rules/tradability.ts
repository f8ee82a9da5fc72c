import { isImmediate } from "../order.ts";
import type { RiskRule } from "../risk-request.ts";

/** The exchange must let the API trade this market, this way. */
export const tradability: RiskRule = ({ draft, instrument }) => {
  if (instrument.tradability.kind === "restricted") {
    return {
      code: "SYMBOL_RESTRICTED",
      message: `${instrument.symbol} cannot be traded through the API: ${instrument.tradability.reason}.`,
      hint: `See \`tapedeck market show ${instrument.symbol}\`.`,
    };
  }
  if (!instrument.sides.includes(draft.side)) {
    return {
      code: "SIDE_RESTRICTED",
      message: `The exchange does not allow ${draft.side} orders for ${instrument.symbol} at present.`,
      hint: `See \`tapedeck market show ${instrument.symbol}\`.`,
    };
  }
  // Immediate types other than market are accepted everywhere although the exchange never lists them.
  const neverListed = isImmediate(draft.type) && draft.type !== "market";
  if (!neverListed && !instrument.orderTypes.includes(draft.type)) {
    return {
      code: "ORDER_TYPE_RESTRICTED",
      message: `The exchange does not take ${draft.type} orders for ${instrument.symbol}.`,
      hint: `It takes ${instrument.orderTypes.join(", ") || "none at present"}.`,
    };
  }
  return undefined;
};
