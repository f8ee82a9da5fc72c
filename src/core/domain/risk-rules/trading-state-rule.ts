import type { RiskRule } from "../risk-request.ts";

/** Nothing new leaves while we are locked or halted; while reducing, only sales do. */
export const tradingStateRule: RiskRule = ({ draft, tradingState }) => {
  switch (tradingState.kind) {
    case "active":
      return undefined;
    case "reducing":
      if (draft.side === "sell") return undefined;
      return {
        code: "TRADING_REDUCING",
        message: `Only holdings may be reduced: ${tradingState.reason}.`,
        hint: "Sell, or `tapedeck trading resume REASON` first.",
      };
    case "locked":
      return {
        code: "TRADING_LOCKED",
        message: `Trading is locked: ${tradingState.reason}.`,
        hint: "Wait until the account has been reconciled; the screen shows when.",
      };
    case "halted":
      return {
        code: "TRADING_HALTED",
        message: `Trading is halted: ${tradingState.reason}.`,
        hint: "Cancels still work. Mend the cause, then `tapedeck trading resume REASON`.",
      };
  }
};
