import type { RiskRule } from "../risk-request.ts";

/** An asset that may soon be delisted is bought only by those who have said so; whoever holds it may always sell. */
export const riskMarked: RiskRule = ({ draft, instrument, limits }) => {
  if (!instrument.riskMarked || draft.side === "sell" || limits.allowsRiskMarked) return undefined;
  return {
    code: "SYMBOL_RISK_MARKED",
    message: `The exchange marks ${instrument.base} as risky (ST): it may be delisted soon.`,
    hint: "Set limits.allow_st = true in the profile to buy it all the same. Selling needs no leave.",
  };
};
