import type { Notional, Price, Quantity } from "../../core/domain/money.ts";

export type Side = "BUY" | "SELL";

export const ORDER_TYPES = ["LIMIT", "MARKET", "LIMIT_MAKER", "IMMEDIATE_OR_CANCEL", "FILL_OR_KILL"] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export type OrderStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "PARTIALLY_CANCELED";

export const STP_MODES = ["", "cancel_maker", "cancel_taker", "cancel_both"] as const;
/** Which order gives way when two of one strategy group would trade with each other; "" lets them trade. */
export type StpMode = (typeof STP_MODES)[number];

/** Why an order was cancelled, where the venue says so. */
export type CancelReason = "stp_cancel" | null;

/** What a caller of POST order asks for, with its numbers read but nothing checked. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity | undefined;
  readonly price: Price | undefined;
  readonly quoteOrderQty: Notional | undefined;
  readonly clientOrderId: string | undefined;
  readonly stpMode?: StpMode;
}

/** An order of an account. The engine changes it in place; whoever keeps one over time takes a copy. */
export interface ExchangeOrder {
  readonly orderId: string;
  readonly apiKey: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly clientOrderId: string | null;
  /** The limit, or for MARKET the protective price that the venue shows in its place. */
  readonly price: Price;
  /** Base asked for. An order sized in quote ends with what it got. */
  quantity: Quantity;
  readonly quoteOrderQty: Notional | undefined;
  executedQuantity: Quantity;
  executedNotional: Notional;
  /** What of the balance is still set aside for this order: quote for buys, base for sells. */
  locked: Quantity;
  status: OrderStatus;
  readonly time: number;
  readonly stpMode: StpMode;
  cancelReason: CancelReason;
  /** Null until something happened to the order after it was accepted. */
  updateTime: number | null;
}

/** One execution of an account's order. */
export interface AccountFill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly apiKey: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly notional: Notional;
  readonly fee: Quantity;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly isSelfTrade: boolean;
  readonly time: number;
}

/** One line of the public tape. */
export interface TapeTrade {
  readonly tradeId: string;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly takerSide: Side;
  readonly time: number;
}

export function oppositeOf(side: Side): Side {
  return side === "BUY" ? "SELL" : "BUY";
}

export function isOpen(status: OrderStatus): boolean {
  return status === "NEW" || status === "PARTIALLY_FILLED";
}

export function remainingOf(order: ExchangeOrder): Quantity {
  return (order.quantity - order.executedQuantity) as Quantity;
}
