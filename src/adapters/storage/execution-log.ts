import type { Database } from "better-sqlite3";
import type { SymbolExecution } from "../../core/domain/explain-balances.ts";
import type { IntendedAt } from "../../core/domain/execution-order.ts";
import { inExecutionOrder, traceOf } from "../../core/domain/execution-order.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { AccountId, Asset, MarketSymbol, OrderId, Timestamp, TradeId } from "../../core/domain/identifiers.ts";
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
  orderId: OrderId,
  liquidity: Fill["liquidity"],
];
const COLUMNS = "symbol, trade_id, side, quantity, notional, fee_asset, fee_quantity, at, order_id, liquidity";

/** Reads past the query builder: ten plain columns a row, in arrays. */
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
  // Asked for the few seconds in which both sides traded.
  const intended = client
    .prepare<[string, string], Timestamp>(
      "SELECT created_at FROM orders WHERE account_id = ? AND order_id = ? AND origin = 'own' AND _del = 0 LIMIT 1",
    )
    .pluck();
  const intendedAt: IntendedAt = (orderId) => reading("The orders", () => intended.get(accountId, orderId));
  const newest = client.prepare<[], number | null>("SELECT max(rowid) FROM fills").pluck();

  return {
    mark: () => reading("The fills", () => newest.get()) ?? 0,
    visit({ symbol, upTo }, visitor) {
      const rows = reading("The fills", () =>
        symbol === undefined ? ofAll.all(accountId, upTo) : ofMarket.all(accountId, symbol, upTo),
      );
      inOrder(rows, intendedAt, visitor);
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
function inOrder(rows: readonly Row[], intendedAt: IntendedAt, visitor: (fill: SymbolExecution) => void): void {
  let second: SymbolExecution[] = [];
  let told: Row[] = [];
  const traceWithin = (fill: SymbolExecution) => {
    const row = told[second.indexOf(fill)];
    if (row === undefined) return { isTaker: false, intendedAt: undefined };
    return traceOf({ orderId: row[8], liquidity: row[9] }, intendedAt);
  };
  const flush = () => {
    for (const fill of second.length < 2 ? second : inExecutionOrder(second, traceWithin)) visitor(fill);
    second = [];
    told = [];
  };
  for (const row of rows) {
    const fill = toExecution(row);
    const [first] = second;
    if (first !== undefined && (first.symbol !== fill.symbol || secondOf(first) !== secondOf(fill))) flush();
    second.push(fill);
    told.push(row);
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
