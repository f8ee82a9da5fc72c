import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { ReckonedSale } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { protectionChanged } from "./protection-writer.ts";
import { WORKING_STATES } from "./stores.ts";

/**
 * Whether the market still is what a closing sale was planned from, looked at inside its transaction. A version fences one
 * protection; where there is none, another sale of the same position is told by its order, and by its fills once it ended.
 */
export interface SaleCheck {
  /** @throws AppError PROTECTION_CHANGED for a protection that was armed or changed meanwhile, POSITION_CHANGED for a sale. */
  isStillReckoned(sale: ReckonedSale): void;
}

export function createSaleCheck({ client, accountId }: Pick<AccountParts, "client" | "accountId">): SaleCheck {
  const states = WORKING_STATES.map((state) => `'${state}'`).join(", ");
  // Executed beyond its fills: it has ended, and what it sold is not in the position yet.
  const sales = client
    .prepare<[string, string], string>(
      `SELECT client_order_id FROM orders WHERE account_id = ? AND symbol = ? AND side = 'sell' AND _del = 0
       AND (state IN (${states}) OR reported_quantity <> filled_quantity)`,
    )
    .pluck();
  const soldFills = client
    .prepare<[string, string], number>(
      "SELECT count(*) FROM fills WHERE account_id = ? AND symbol = ? AND side = 'sell' AND _del = 0",
    )
    .pluck();
  const armed = client.prepare<[string, string], { readonly id: string; readonly version: number }>(
    `SELECT protection_id AS id, version FROM protections
     WHERE account_id = ? AND symbol = ? AND state = 'armed' AND _del = 0`,
  );
  return {
    isStillReckoned({ symbol, sales: known, soldFills: counted, beside, takes }) {
      const now = armed.all(accountId, symbol);
      const changed = takes.find(
        (one) => !now.some(({ id, version }) => id === one.protectionId && version === one.version),
      );
      const other = changed?.protectionId ?? now.find(({ id }) => !beside.includes(id))?.id;
      if (other !== undefined) throw protectionChanged(other);
      const ids: ReadonlySet<string> = new Set(known);
      const sale = sales.all(accountId, symbol).find((id) => !ids.has(id));
      if (sale !== undefined) throw positionChanged(`Order ${sale} sells ${symbol}, too`);
      if (soldFills.get(accountId, symbol) !== counted) throw positionChanged(`${symbol} was sold`);
    },
  };
}

function positionChanged(what: string): AppError {
  return new AppError({
    code: "POSITION_CHANGED",
    message: `${what} since this sale was planned.`,
    notDone: "Nothing was sent: the same base would have been sold twice.",
    hint: "See what is left with `tapedeck position ls`, then close again.",
    exitCode: EXIT_CODES.denied,
  });
}
