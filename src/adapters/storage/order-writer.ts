import { and, eq, sql } from "drizzle-orm";
import type { Fill } from "../../core/domain/fill.ts";
import type { OrderId } from "../../core/domain/identifiers.ts";
import type { Order } from "../../core/domain/order.ts";
import type { AccountParts } from "./account-parts.ts";
import { createFillSums } from "./fill-sums.ts";
import { mergeOrder } from "./order-merge.ts";
import { orderKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { ORDER_COLUMNS, orderToRow, rowToOrder } from "./rows.ts";
import { orders } from "./schema.ts";

export interface OrderWriter {
  holds(key: string): boolean;
  /**
   * Merges the views into what is stored.
   * @param freshFills the fills this transaction added; their orders are summed up anew, whoever's they are.
   */
  write(views: readonly Order[], freshFills: readonly Fill[], hlc: string): void;
}

/** Keeps each order row true to the newest evidence and to the sum of the fills in the same file. */
export function createOrderWriter(parts: AccountParts): OrderWriter {
  const rows = createRowWriter(parts.client, parts.outbox, orders, "replace");
  const byKey = parts.query
    .select(ORDER_COLUMNS)
    .from(orders)
    .where(eq(orders.key, sql.placeholder("key")))
    .prepare();
  const exists = parts.client.prepare<[string], number>("SELECT 1 FROM orders WHERE key = ?").pluck();
  const byOrderId = parts.query
    .select(ORDER_COLUMNS)
    .from(orders)
    .where(and(eq(orders.accountId, parts.accountId), eq(orders.orderId, sql.placeholder("orderId"))))
    .prepare();
  const withSumOfFills = createFillSums(parts.query, parts.accountId);

  function find(key: string): Order | undefined {
    const row = byKey.get({ key });
    return row === undefined ? undefined : rowToOrder(row);
  }

  return {
    holds: (key) => exists.get(key) !== undefined,
    write(views, freshFills, hlc) {
      const filledOrders = new Set<OrderId>(freshFills.map((fill) => fill.orderId));
      for (const view of views) {
        const stored = find(orderKey(parts.accountId, view.clientOrderId));
        const merged = stored === undefined ? view : mergeOrder(stored, view);
        const isSummed = stored?.orderId !== undefined && !filledOrders.has(stored.orderId);
        rows.write(orderToRow(parts, isSummed ? merged : withSumOfFills(merged)), hlc);
        if (merged.orderId !== undefined) filledOrders.delete(merged.orderId);
      }
      for (const orderId of filledOrders) {
        for (const row of byOrderId.all({ orderId })) {
          rows.write(orderToRow(parts, withSumOfFills(rowToOrder(row))), hlc);
        }
      }
    },
  };
}
