import type { Balance } from "../domain/balance.ts";
import type { Fill } from "../domain/fill.ts";
import type { MarketSymbol, OrderId, Timestamp } from "../domain/identifiers.ts";
import type { OrderReport } from "../domain/order.ts";
import type { OrderLookup, OrderName } from "./exchange-gateway.ts";

/**
 * Questions about our account. Each throws AppError when the exchange gives no usable answer. A row of a list that cannot
 * be read is left out and counted, except where the list is evidence.
 */
export interface AccountData {
  /**
   * @param clock `any` where nothing is concluded from how long ago the order was sent: then it is asked however far this
   * machine's clock is off
   */
  findOrder(name: OrderName, signal: AbortSignal, clock?: "sound" | "any"): Promise<OrderLookup>;
  fetchBalances(signal: AbortSignal): Promise<readonly Balance[]>;
  /** @param as `evidence` where the list has to prove that nothing else is open: a row that cannot be read fails it. */
  fetchOpenOrders(
    symbol: MarketSymbol | undefined,
    signal: AbortSignal,
    as?: "news" | "evidence",
  ): Promise<readonly OrderReport[]>;
  /**
   * Orders of any status created within the window, newest first; the exchange keeps at most seven days. The list proves
   * absence, so one row that cannot be read fails it.
   */
  fetchOrders(
    query: { readonly symbol: MarketSymbol; readonly since?: Timestamp },
    signal: AbortSignal,
  ): Promise<readonly OrderReport[]>;
  /** Our executions, newest first; may lag the order's status by about a second. */
  fetchFills(
    query: { readonly symbol: MarketSymbol; readonly orderId?: OrderId; readonly since?: Timestamp },
    signal: AbortSignal,
  ): Promise<readonly Fill[]>;
}
