import { isImmediate } from "../order.ts";
import type { RiskRule } from "../risk-request.ts";

/** The exchange keeps no more than so many orders an account, and a trader may want fewer. An exit never waits for it. */
export const openOrders: RiskRule = ({ draft, limits, account, purpose }) => {
  if (purpose === "exit" || isImmediate(draft.type)) return undefined;
  const count = account.workingOrders.length;
  if (count < limits.maxOpenOrders) return undefined;
  return {
    code: "TOO_MANY_OPEN_ORDERS",
    message: `${count} orders may still trade, and the limit is ${limits.maxOpenOrders}.`,
    hint: "Cancel one first, or see limits.max_open_orders in the profile; the exchange itself takes 500.",
  };
};
