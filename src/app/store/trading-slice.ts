import type { UnknownAction } from "@reduxjs/toolkit";
import { createAction } from "@reduxjs/toolkit";
import type { StampedEvent } from "../../core/domain/events.ts";
import type { Order } from "../../core/domain/order.ts";
import type { TradingLedger } from "../../core/domain/trading-ledger.ts";
import { applyEvent, EMPTY_LEDGER } from "../../core/domain/trading-ledger.ts";

/** Journaled events, in order. The only way trading state changes; none is ever dropped or conflated. */
export const tradingAdvanced = createAction<readonly StampedEvent[]>("trading/advanced");
/** Stored rows put back at start. */
export const ledgerRestored = createAction<TradingLedger>("trading/restored");
/** An order another process of ours has written, read from the store when its first news came in. */
export const orderAdopted = createAction<Order>("trading/orderAdopted");

export function tradingReducer(ledger: TradingLedger = EMPTY_LEDGER, action: UnknownAction): TradingLedger {
  if (tradingAdvanced.match(action)) {
    return action.payload.reduce((state, stamped) => applyEvent(state, stamped.event, stamped.at).ledger, ledger);
  }
  if (ledgerRestored.match(action)) return action.payload;
  if (orderAdopted.match(action)) {
    const order = action.payload;
    if (ledger.orders.has(order.clientOrderId)) return ledger;
    return {
      ...ledger,
      orders: new Map(ledger.orders).set(order.clientOrderId, order),
      keyByOrderId:
        order.orderId === undefined
          ? ledger.keyByOrderId
          : new Map(ledger.keyByOrderId).set(order.orderId, order.clientOrderId),
    };
  }
  return ledger;
}
