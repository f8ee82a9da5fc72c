import type { AccountStorage } from "../../../src/app/app-parts.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import { isWorking } from "../../../src/core/domain/order.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";

/** The journal from its beginning makes the orders and the fills that the tables hold. */
export function journalTellsAll(stored: AccountStorage): readonly string[] {
  const events = stored.journal.latest(1_000_000).toReversed();
  let ledger = EMPTY_LEDGER;
  for (const { event, at } of events) ledger = applyEvent(ledger, event, at).ledger;
  const found: string[] = [];
  const rows = stored.orders.list({});
  for (const row of rows) {
    const told = ledger.orders.get(row.clientOrderId);
    if (told === undefined) found.push(`the journal knows nothing of order ${row.clientOrderId}`);
    else if (isWorking(told) !== isWorking(row) || told.filledQuantity !== row.filledQuantity) {
      found.push(
        `order ${row.clientOrderId} is ${row.state} with ${formatMoney(row.filledQuantity)} filled, ` +
          `and ${told.state} with ${formatMoney(told.filledQuantity)} by the journal`,
      );
    }
  }
  if (ledger.orders.size !== rows.length) {
    found.push(`the journal makes ${String(ledger.orders.size)} orders, the table holds ${String(rows.length)}`);
  }
  const fills = stored.fills.list({});
  for (const fill of fills)
    if (!ledger.fills.has(fill.tradeId)) found.push(`the journal knows no fill ${fill.tradeId}`);
  if (ledger.fills.size !== fills.length) {
    found.push(`the journal makes ${String(ledger.fills.size)} fills, the table holds ${String(fills.length)}`);
  }
  return found;
}
