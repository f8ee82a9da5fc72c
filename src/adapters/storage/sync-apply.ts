import type { Database } from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { AccountId, Timestamp } from "../../core/domain/identifiers.ts";
import type { Order } from "../../core/domain/order.ts";
import type { SyncRow } from "../../core/domain/sync-table.ts";
import { judgeRows } from "../../core/domain/sync-table.ts";
import type { Applied } from "../../core/ports/sync-store.ts";
import { createFillSums } from "./fill-sums.ts";
import { wallClockOf } from "./hybrid-clock.ts";
import type { Outbox } from "./outbox.ts";
import { createRowCodec } from "./row-codec.ts";
import { orderToRow, rowToOrder } from "./rows.ts";
import { orders } from "./schema.ts";
import type { ConflictKeep } from "./sync-conflicts.ts";
import { createJoins } from "./sync-joins.ts";
import type { SyncRows } from "./sync-rows.ts";
import { hashOf } from "./sync-rows.ts";

/** A row further ahead than this comes from a clock that is wrong, and would win against everything. */
const MOST_AHEAD_MS = 5 * 60_000;

export interface ApplyParts {
  readonly client: Database;
  readonly query: BetterSQLite3Database;
  readonly outbox: Outbox;
  readonly tables: ReadonlyMap<string, SyncRows>;
  readonly conflicts: ConflictKeep;
  readonly now: () => Timestamp;
}

/** Takes rows of other devices in, by the rules. Belongs inside a transaction. */
export function createApply(parts: ApplyParts): (rows: readonly SyncRow[]) => Applied {
  const { client, outbox, conflicts } = parts;
  const joins = createJoins();
  const orderCodec = createRowCodec(orders);
  const clearDirty = client.prepare<[string, string]>("DELETE FROM sync_dirty WHERE tbl = ? AND pk = ?");
  const keysByOrderId = client
    .prepare<[string, string], string>("SELECT key FROM orders WHERE account_id = ? AND order_id = ?")
    .pluck();
  const sums = new Map<AccountId, (order: Order) => Order>();

  function put(row: SyncRow): void {
    tableOf(row).put(row);
    clearDirty.run(row.table, row.key);
  }

  /** What stands here and not there is offered again, under a clock that is above both. */
  function offer(row: SyncRow, values: SyncRow["values"]): void {
    const hlc = outbox.stamp();
    tableOf(row).put({ ...row, values, hlc, hash: hashOf(row.table, values, row.deleted) });
    outbox.mark(row.table, row.key, hlc);
  }

  function tableOf(row: SyncRow): SyncRows {
    const table = parts.tables.get(row.table);
    if (table === undefined) throw new Error(`${row.table} is not synchronised`);
    return table;
  }

  /** @returns whether anything of ours had to give way */
  function settle(mine: SyncRow, theirs: SyncRow): boolean {
    const { rule } = tableOf(theirs).table;
    const join = rule.kind === "ranked" && rule.joined ? joins[theirs.table] : undefined;
    if (join !== undefined && !mine.deleted && !theirs.deleted && mine.hash !== theirs.hash) {
      const { values, isConflict } = mine.hlc < theirs.hlc ? join(mine, theirs) : join(theirs, mine);
      const hash = hashOf(theirs.table, values, false);
      if (hash === theirs.hash) put(theirs);
      else offer(theirs, values);
      return isConflict && hash !== mine.hash && conflicts.keep("lost", mine, parts.now());
    }
    switch (judgeRows(rule, mine, theirs)) {
      case "same":
        return false;
      case "keep":
        outbox.mark(mine.table, mine.key, mine.hlc);
        return false;
      case "take":
        put(theirs);
        return false;
      case "conflict":
        put(theirs);
        return conflicts.keep("lost", mine, parts.now());
    }
  }

  /** An order is filled with the sum of all fills known, whichever machine heard of which. */
  function sumUp(keys: ReadonlySet<string>): void {
    const table = parts.tables.get("orders");
    for (const key of keys) {
      const row = table?.find(key);
      if (row === undefined || row.deleted) continue;
      const stored = orderCodec.fromValues(row.values);
      const sum = sums.get(stored.accountId) ?? createFillSums(parts.query, stored.accountId);
      sums.set(stored.accountId, sum);
      const values = orderCodec.toValues(orderToRow(stored, sum(rowToOrder(stored))));
      if (hashOf("orders", values, false) !== row.hash) offer(row, values);
    }
  }

  return (rows) => {
    let taken = 0;
    let lost = 0;
    let putAside = 0;
    const touched = new Set<string>();
    for (const row of rows) {
      const ahead = wallClockOf(row.hlc) - parts.now();
      if (Number.isNaN(ahead) || hashOf(row.table, row.values, row.deleted) !== row.hash) {
        if (conflicts.keep("damaged", row, parts.now())) putAside += 1;
        continue;
      }
      if (ahead > MOST_AHEAD_MS) {
        if (conflicts.keep("clock", row, parts.now())) putAside += 1;
        continue;
      }
      outbox.receive(row.hlc);
      const mine = tableOf(row).find(row.key);
      if (mine === undefined) put(row);
      else if (settle(mine, row)) lost += 1;
      taken += 1;
      if (row.table === "orders") touched.add(row.key);
      if (row.table === "fills") {
        const { account_id: account, order_id: orderId } = row.values;
        for (const key of keysByOrderId.all(String(account), String(orderId))) touched.add(key);
      }
    }
    sumUp(touched);
    return { taken, conflicts: lost, putAside };
  };
}
