import type { Order, OrderDraft } from "../domain/order.ts";
import type { Denial } from "../domain/risk-request.ts";
import { assessRisk } from "../domain/risk.ts";
import type { Urgency } from "../ports/exchange-gateway.ts";
import type { ClientOrderId } from "../domain/identifiers.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * `denied`: stopped by us, nothing was recorded or sent. Otherwise the order as far as it is proven: `open` (accepted),
 * `rejected`, `denied` (not sent) or `unknown`; look at its state, never at the absence of an error.
 */
export type PlaceOrderResult =
  { readonly kind: "denied"; readonly denials: readonly Denial[] } | { readonly kind: "placed"; readonly order: Order };

/**
 * Checks, records, then sends: risk first, the intent durable on disk before a byte leaves, and one single send whose
 * outcome is published whatever it is.
 *
 * @param urgency `exit` for an order that ends a risk; it goes before others when the exchange's limits are tight
 * @throws AppError STORAGE_FAILED when the intent could not be written; then nothing was sent.
 */
export async function placeOrder(
  context: TradingContext,
  draft: OrderDraft,
  signal: AbortSignal,
  urgency: Urgency = "usual",
): Promise<PlaceOrderResult> {
  const instrument = await context.instrument(draft.symbol, signal);
  const clientOrderId = draft.clientOrderId ?? context.ids.clientOrderId();
  if (context.ledger().orders.has(clientOrderId)) return denyReuse(clientOrderId);
  const verdict = assessRisk({
    draft,
    instrument,
    tradingState: context.ledger().tradingState,
    limits: context.limits,
    now: context.clock.now(),
  });
  if (verdict.kind === "denied") return verdict;

  // From here on an abort must not stop us half-way: an intent on disk is followed by its outcome.
  const intent = { clientOrderId, draft: verdict.draft, at: context.clock.now() };
  context.publish([{ type: "order-intended", intent }]);
  const outcome = await context.gateway.submit(intent, signal, urgency);
  switch (outcome.kind) {
    case "accepted":
      context.publish([{ type: "order-accepted", clientOrderId, orderId: outcome.orderId }]);
      break;
    case "rejected":
      context.publish([{ type: "order-rejected", clientOrderId, reason: outcome.reason }]);
      break;
    case "not-sent":
      context.publish([{ type: "order-not-sent", clientOrderId, reason: outcome.reason }]);
      break;
    case "unknown":
      context.publish([{ type: "order-outcome-unknown", clientOrderId, reason: outcome.reason }]);
      break;
  }
  return { kind: "placed", order: heldOrder(context, clientOrderId) };
}

function denyReuse(clientOrderId: ClientOrderId): PlaceOrderResult {
  const denial: Denial = {
    code: "CLIENT_ORDER_ID_USED",
    message: `The client order id ${clientOrderId} already names an order.`,
    hint: `See it with \`tapedeck order show ${clientOrderId}\`, or choose another id.`,
  };
  return { kind: "denied", denials: [denial] };
}

/** The order as the ledger holds it now. An order with a published intent is always there. */
export function heldOrder(context: TradingContext, clientOrderId: ClientOrderId): Order {
  const order = context.ledger().orders.get(clientOrderId);
  if (order === undefined) throw new Error(`order ${clientOrderId} left the ledger`);
  return order;
}
