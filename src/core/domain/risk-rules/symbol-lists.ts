import type { RiskRule } from "../risk-request.ts";

/** The markets the trader has chosen to trade, and those never to trade. What a protection holds may still leave. */
export const symbolLists: RiskRule = ({ draft, limits, purpose }) => {
  if (purpose === "exit") return undefined;
  if (limits.blockedSymbols.has(draft.symbol)) {
    return {
      code: "SYMBOL_BLOCKED",
      message: `Your profile blocks ${draft.symbol}.`,
      hint: "Take it off limits.block_symbols in the profile to trade it.",
    };
  }
  if (limits.allowedSymbols === undefined || limits.allowedSymbols.has(draft.symbol)) return undefined;
  return {
    code: "SYMBOL_NOT_ON_LIST",
    message: `${draft.symbol} is not among the markets that your profile allows.`,
    hint: "Add it to limits.allow_symbols in the profile to trade it.",
  };
};
