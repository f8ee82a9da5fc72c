import { and, eq, sql } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Notional, Quantity } from "../../core/domain/money.ts";
import { ZERO_NOTIONAL, ZERO_QUANTITY, add, maximum } from "../../core/domain/money.ts";
import type { Order } from "../../core/domain/order.ts";
import { fills } from "./schema.ts";

/** Filled is the sum of the fills held; whoever missed some of them does not know it all. */
export function createFillSums(query: BetterSQLite3Database, accountId: AccountId): (order: Order) => Order {
  const executions = query
    .select({ quantity: fills.quantity, notional: fills.notional })
    .from(fills)
    .where(and(eq(fills.accountId, accountId), eq(fills.orderId, sql.placeholder("orderId"))))
    .prepare();
  return (order) => {
    if (order.orderId === undefined) return order;
    let quantity: Quantity = ZERO_QUANTITY;
    let notional: Notional = ZERO_NOTIONAL;
    for (const fill of executions.all({ orderId: order.orderId })) {
      quantity = add(quantity, fill.quantity);
      notional = add(notional, fill.notional);
    }
    if (quantity < order.filledQuantity) return order;
    return {
      ...order,
      filledQuantity: quantity,
      filledNotional: notional,
      reportedQuantity: maximum(order.reportedQuantity, quantity),
    };
  };
}
