import type { Database } from "better-sqlite3";
import type { SymbolExecution } from "../../core/domain/explain-balances.ts";
import type { AccountId, Asset, MarketSymbol, Timestamp, TradeId } from "../../core/domain/identifiers.ts";
import { byExecution } from "../../core/domain/lots.ts";
import type { Notional, Quantity } from "../../core/domain/money.ts";
import { parseQuantity } from "../../core/domain/money.ts";
import type { Side } from "../../core/domain/order.ts";
import type { ExecutionLog } from "../../core/ports/portfolio-stores.ts";
import { databaseUnreadable, reading } from "./storage-error.ts";

type Row = readonly [
  symbol: MarketSymbol,
  tradeId: TradeId,
  side: Side,
  quantity: string,
  notional: string,
  feeAsset: Asset,
  feeQuantity: string,
  at: Timestamp,
];
const COLUMNS = "symbol, trade_id, side, quantity, notional, fee_asset, fee_quantity, at";

/** Reads past the query builder: eight plain columns a row, in arrays. */
export function createExecutionLog(parts: { readonly client: Database; readonly accountId: AccountId }): ExecutionLog {
  const { client, accountId } = parts;
  const mine = "account_id = ? AND _del = 0";
  const select = (rest: string) =>
    client.prepare<(string | number)[], Row>(`SELECT ${COLUMNS} FROM fills ${rest}`).raw();
  const ofMarket = select(`INDEXED BY fills_symbol WHERE ${mine} AND symbol = ? AND rowid <= ? ORDER BY at`);
  const ofAll = select(`INDEXED BY fills_symbol WHERE ${mine} AND rowid <= ? ORDER BY symbol, at`);
  const since = select(`INDEXED BY fills_at WHERE ${mine} AND at >= ?`);
  // The rowid counts up with each row this file takes in, and asking for those beyond one reads no other.
  const written = select(`NOT INDEXED WHERE rowid > ? AND rowid <= ? AND ${mine} ORDER BY rowid`);
  const newest = client.prepare<[], number | null>("SELECT max(rowid) FROM fills").pluck();

  return {
    mark: () => reading("The fills", () => newest.get()) ?? 0,
    visit({ symbol, upTo }, visitor) {
      const rows = reading("The fills", () =>
        symbol === undefined ? ofAll.all(accountId, upTo) : ofMarket.all(accountId, symbol, upTo),
      );
      inOrder(rows, visitor);
    },
    visitWritten({ after, upTo }, visitor) {
      for (const row of reading("The fills", () => written.all(after, upTo, accountId))) visitor(toExecution(row));
    },
    visitSince(moment, visitor) {
      for (const row of reading("The fills", () => since.all(accountId, moment))) visitor(toExecution(row));
    },
  };
}

/** The index orders by market and time; within a second the order of execution is another. */
function inOrder(rows: readonly Row[], visitor: (fill: SymbolExecution) => void): void {
  let second: SymbolExecution[] = [];
  const flush = () => {
    if (second.length > 1) second.sort(byExecution);
    for (const fill of second) visitor(fill);
    second = [];
  };
  for (const row of rows) {
    const fill = toExecution(row);
    const [first] = second;
    if (first !== undefined && (first.symbol !== fill.symbol || secondOf(first) !== secondOf(fill))) flush();
    second.push(fill);
  }
  flush();
}

function secondOf({ at }: SymbolExecution): number {
  return Math.floor(at / 1_000);
}

function toExecution([symbol, tradeId, side, quantity, notional, feeAsset, feeQuantity, at]: Row): SymbolExecution {
  return {
    symbol,
    tradeId,
    side,
    quantity: readMoney(quantity),
    notional: readMoney(notional) as bigint as Notional,
    fee: { asset: feeAsset, quantity: readMoney(feeQuantity) },
    at,
  };
}

function readMoney(stored: string): Quantity {
  const value = parseQuantity(stored);
  if (value === undefined) throw databaseUnreadable(`The database holds ${JSON.stringify(stored)} as money.`);
  return value;
}
