import type { IntendedAt } from "../../core/domain/execution-order.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { FillStore, OrderStore } from "../../core/ports/stores.ts";

/** Every stored fill of a market, and what tells their order within a second. */
export function storedFills(
  { fills, orders }: { readonly fills: FillStore; readonly orders: Pick<OrderStore, "find"> },
  symbol: MarketSymbol,
): { readonly fills: readonly Fill[]; readonly intendedAt: IntendedAt } {
  return {
    fills: fills.list({ symbol }),
    intendedAt(orderId) {
      const order = orders.find({ orderId });
      return order?.origin === "own" ? order.createdAt : undefined;
    },
  };
}
