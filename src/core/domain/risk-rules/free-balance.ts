import { formatMoney, ZERO_QUANTITY } from "../money.ts";
import type { RiskRule } from "../risk-request.ts";
import { expectedNotional } from "../risk-request.ts";

/** What is known not to be there cannot be spent. An exit is left to the exchange, whose word on balances is newer. */
export const freeBalance: RiskRule = ({ draft, instrument, account, purpose }) => {
  if (purpose === "exit" || account.balances === undefined) return undefined;
  const spent = draft.side === "buy" ? instrument.quote : instrument.base;
  const needed: bigint | undefined =
    draft.side === "sell" && draft.size.kind === "base" ? draft.size.quantity : neededNotional(draft);
  const free = account.balances.get(spent)?.free ?? ZERO_QUANTITY;
  if (needed === undefined || needed <= free) return undefined;
  return {
    code: "BALANCE_TOO_SMALL",
    message: `The order needs ${formatMoney(needed as typeof free)} ${spent}, and ${formatMoney(free)} ${spent} is free.`,
    hint: "Make it smaller, or cancel an order that holds the rest.",
  };
};

/** A sale sized in quote spends base, at a price nobody knows before. */
function neededNotional(draft: Parameters<typeof expectedNotional>[0]) {
  return draft.side === "buy" ? expectedNotional(draft) : undefined;
}
