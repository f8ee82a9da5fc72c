import type { ClientOrderId, MarketSymbol, OrderId } from "../domain/identifiers.ts";
import type { OrderIntent } from "../domain/events.ts";
import type { Approved } from "../domain/approved.ts";
import type { OrderDraft, OrderReason, OrderReport } from "../domain/order.ts";

/**
 * What a submit proved. `accepted` only with an order id of the exchange; `rejected` only for a refusal that every
 * delivery of the request must have met; `refused-here` when an earlier delivery of it may have been taken, so that the
 * exchange has to be asked; everything that proves nothing is `unknown`; `not-sent` when no byte left the process.
 */
export type SubmitOutcome =
  | { readonly kind: "accepted"; readonly orderId: OrderId }
  | { readonly kind: "rejected"; readonly reason: OrderReason }
  | { readonly kind: "refused-here"; readonly reason: OrderReason }
  | { readonly kind: "unknown"; readonly reason: OrderReason }
  | { readonly kind: "not-sent"; readonly reason: OrderReason };

/** What a test proved; nothing is booked by it, whatever becomes of the request. */
export type TestOutcome =
  { readonly kind: "valid" } | { readonly kind: "rejected" | "unknown" | "not-sent"; readonly reason: OrderReason };

/** `order-not-known`: the exchange has no such working order; it may have filled, so ask. */
export type CancelOutcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "rejected"; readonly reason: OrderReason }
  | { readonly kind: "order-not-known"; readonly reason: OrderReason }
  | { readonly kind: "unknown"; readonly reason: OrderReason }
  | { readonly kind: "not-sent"; readonly reason: OrderReason };

export type Urgency = "usual" | "exit";

/** Names an order to the exchange: by its id where that is known, which is never shared; else by ours. */
export interface OrderName {
  readonly symbol: MarketSymbol;
  readonly clientOrderId?: ClientOrderId;
  readonly orderId?: OrderId;
}

/** Commands to the exchange. None of them throws for what the exchange or the network does; the outcome says it. */
export interface ExchangeGateway {
  /**
   * Sends once. Never resends by itself.
   * @param urgency `exit` goes before other orders where there is not room for all: it ends a risk
   */
  submit(intent: OrderIntent, signal: AbortSignal, urgency?: Urgency): Promise<SubmitOutcome>;
  cancel(name: OrderName, signal: AbortSignal): Promise<CancelOutcome>;
  /** Asks for the end of every open order of a market, whoever placed it. `accepted` means that it will be tried. */
  cancelOpen(symbol: MarketSymbol, signal: AbortSignal): Promise<CancelOutcome>;
  /** Lets the exchange validate without booking. */
  test(draft: Approved<OrderDraft>, signal: AbortSignal): Promise<TestOutcome>;
  /** How long after the moment of its intent the exchange may still take an order, in ms. Never later, whatever happens. */
  readonly receiveWindowMs: number;
  /**
   * Why nothing could be signed now, as when this machine's clock is too far off; asks the exchange for its time where
   * that is not known. Nothing has to be put on record for an order that could not leave.
   */
  signingTrouble(signal: AbortSignal): Promise<OrderReason | undefined>;
}

export type OrderLookup = { readonly kind: "found"; readonly report: OrderReport } | { readonly kind: "not-found" };
