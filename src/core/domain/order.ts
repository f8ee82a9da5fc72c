import type { ClientOrderId, MarketSymbol, OrderId, Timestamp } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";

export type Side = "buy" | "sell";
export const SIDES: readonly Side[] = ["buy", "sell"];

/** How an order behaves on arrival. The exchange knows no stop, OCO, trailing or amend order. */
export type OrderType = "limit" | "market" | "post-only" | "immediate-or-cancel" | "fill-or-kill";

/** How much: base units to trade, or (market orders only) quote units to spend or raise. */
export type OrderSize =
  { readonly kind: "base"; readonly quantity: Quantity } | { readonly kind: "quote"; readonly notional: Notional };

/** What the trader had in front of them when they acted; the price collar and the stale-quote rule judge by it. */
export interface SeenQuote {
  readonly price: Price;
  readonly at: Timestamp;
}

/** Wanted, unchecked. */
export interface OrderDraft {
  readonly symbol: MarketSymbol;
  readonly side: Side;
  readonly type: OrderType;
  readonly size: OrderSize;
  /** Required for every type but `market`. */
  readonly limitPrice?: Price;
  /** An id the caller wants; one is minted when absent. */
  readonly clientOrderId?: ClientOrderId;
  readonly seen?: SeenQuote;
}

/**
 * Where an order stands, as far as it is proven.
 *
 * `submitted` the intent is on disk and the request may be under way · `unknown` the outcome is not proven ·
 * `denied` stopped by us before a byte left · `rejected` refused by the exchange · `cancelling` a cancel was asked
 * for and is not proven · `expired` ended without a cancel of ours: an immediate order's remainder, or a request
 * that provably never became an order · `written-off` a person ended it where nothing could prove its outcome any more:
 * neither filled nor cancelled nor failed, as far as anybody knows.
 */
export type OrderState =
  | "submitted"
  | "open"
  | "partially-filled"
  | "cancelling"
  | "unknown"
  | "filled"
  | "cancelled"
  | "expired"
  | "rejected"
  | "denied"
  | "written-off";

/** The exchange's view of an order in its own terms; the only statuses it can report. */
export type ReportedStatus = "open" | "partially-filled" | "filled" | "cancelled";

/** One look at an order by the exchange, from the private stream or a query. Sums are cumulative. */
export interface OrderReport {
  readonly orderId: OrderId;
  /** Absent for orders placed without one, e.g. on the web. */
  readonly clientOrderId?: ClientOrderId;
  readonly symbol: MarketSymbol;
  readonly side: Side;
  readonly type: OrderType;
  /** Base units asked for; absent where the order was sized in quote and the exchange states none. */
  readonly quantity?: Quantity;
  readonly limitPrice?: Price;
  readonly status: ReportedStatus;
  readonly executedQuantity: Quantity;
  readonly executedNotional: Notional;
  readonly createdAt: Timestamp;
  /** When the exchange last changed it; the exchange leaves it out while an order is untouched. */
  readonly updatedAt?: Timestamp;
}

/** Why an order is in the state it is in, for the trader: a stable code and words made safe. */
export interface OrderReason {
  readonly code: string;
  readonly message: string;
}

/**
 * `own` was placed by us; `foreign` elsewhere (web, another tool) and only seen by us; `adopted` elsewhere, and a person
 * has put it into our care since.
 */
export type OrderOrigin = "own" | "foreign" | "adopted";

/** Our record of an order. */
export interface Order {
  readonly clientOrderId: ClientOrderId;
  readonly orderId?: OrderId;
  readonly symbol: MarketSymbol;
  readonly side: Side;
  readonly type: OrderType;
  readonly size: OrderSize;
  readonly limitPrice?: Price;
  readonly state: OrderState;
  /** Sum of the fills we hold; never taken from a report. */
  readonly filledQuantity: Quantity;
  readonly filledNotional: Notional;
  /** Highest cumulative execution the exchange has reported. Above `filledQuantity` while fills are still to come. */
  readonly reportedQuantity: Quantity;
  readonly reportedNotional: Notional;
  readonly origin: OrderOrigin;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly cancelRequestedAt?: Timestamp;
  readonly reason?: OrderReason;
}

const WORKING: ReadonlySet<OrderState> = new Set(["submitted", "open", "partially-filled", "cancelling", "unknown"]);
const RESTING: ReadonlySet<OrderState> = new Set(["open", "partially-filled", "cancelling"]);

/** May still trade, as far as we can prove: counts as exposure and is looked at by every reconcile. */
export function isWorking(order: Pick<Order, "state">): boolean {
  return WORKING.has(order.state);
}
/** Proven to be on the exchange and not proven to have ended. */
export function isResting(order: Pick<Order, "state">): boolean {
  return RESTING.has(order.state);
}

/** Whether the exchange took it, or what became of it, is not proven. */
export function isUnproven(order: Pick<Order, "state">): boolean {
  return order.state === "submitted" || order.state === "unknown";
}

/** Types that never rest: what does not trade at once is given back. */
export function isImmediate(type: OrderType): boolean {
  return type === "market" || type === "immediate-or-cancel" || type === "fill-or-kill";
}

/** Base units asked for, when the order was sized in base. */
export function orderedQuantity(order: Pick<Order, "size">): Quantity | undefined {
  return order.size.kind === "base" ? order.size.quantity : undefined;
}
