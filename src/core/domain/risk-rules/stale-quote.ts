import type { RiskRule } from "../risk-request.ts";

/**
 * A market order trades at whatever stands there, so it needs a price that is known and fresh. An exit is better late
 * than never: in a quiet market, or at its time, the newest price may be old.
 */
export const staleQuote: RiskRule = ({ draft, limits, now, purpose }) => {
  if (draft.type !== "market" || purpose === "exit") return undefined;
  if (draft.seen === undefined) {
    return {
      code: "QUOTE_MISSING",
      message: "There is no price on the other side of the book, so what a market order would pay is unknown.",
      hint: "Wait for a price, or place a limit order.",
    };
  }
  const ageMs = now - draft.seen.at;
  if (ageMs <= limits.staleQuoteMs) return undefined;
  return {
    code: "QUOTE_STALE",
    message: `The price is ${(ageMs / 1000).toFixed(1)} s old, and market orders need one of at most ${(limits.staleQuoteMs / 1000).toFixed(1)} s.`,
    hint: "Wait for a fresh price, or place a limit order.",
  };
};
