import type { BracketRules } from "../domain/bracket.ts";
import { bracketProtection } from "../domain/bracket.ts";
import type { OrderIntent } from "../domain/events.ts";
import type { Order, OrderDraft, OrderReason } from "../domain/order.ts";
import type { Denial } from "../domain/risk-request.ts";
import { assessRisk } from "../domain/risk.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { Urgency } from "../ports/exchange-gateway.ts";
import type { Fence } from "../ports/journal.ts";
import type { ClientOrderId, Timestamp } from "../domain/identifiers.ts";
import { gatherRisk } from "./gather-risk.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * `denied`: stopped by us, nothing was recorded or sent. Otherwise the order as far as it is proven: `open` (accepted),
 * `rejected`, `denied` (not sent) or `unknown`; look at its state, never at the absence of an error.
 */
export type PlaceOrderResult =
  { readonly kind: "denied"; readonly denials: readonly Denial[] } | { readonly kind: "placed"; readonly order: Order };

export interface PlaceOrderOptions {
  /** `exit` for an order that ends a risk; it goes before others when the exchange's limits are tight. */
  readonly urgency?: Urgency;
  /** Recorded in the same commit as the intent: what must never be on disk without the order, nor the order without. */
  readonly together?: readonly DomainEvent[];
  /** What sells again what a buy fills: armed in the same commit, so that neither is ever without the other. */
  readonly bracket?: BracketRules;
  /** Nothing is recorded or sent when this holds no longer. */
  readonly fence?: Fence;
}

/**
 * Checks, records, then sends: risk first, the intent durable on disk before a byte leaves, and one single send whose
 * outcome is published whatever it is.
 *
 * @throws AppError STORAGE_FAILED when the intent could not be written, or what the journal says of another process
 * that was first; then nothing was sent.
 */
export async function placeOrder(
  context: TradingContext,
  draft: OrderDraft,
  signal: AbortSignal,
  options: PlaceOrderOptions = {},
): Promise<PlaceOrderResult> {
  const instrument = await context.instrument(draft.symbol, signal);
  const given = draft.clientOrderId;
  // One that is made here names no order yet; the journal makes sure of it.
  if (given !== undefined && context.recall(given) !== undefined) return denyReuse(given);
  const clientOrderId = given ?? context.ids.clientOrderId();
  const urgency = options.urgency ?? "usual";
  const verdict = assessRisk(await gatherRisk(context, { draft, instrument, purpose: urgency }, signal));
  if (verdict.kind === "denied") return verdict;

  // From here on an abort must not stop us half-way: an intent on disk is followed by its outcome.
  const at = context.clock.now();
  const intent = { clientOrderId, draft: verdict.draft, at };
  const armed = bracketEvents(context, { ...draft, clientOrderId }, at, options.bracket);
  context.publish([...(options.together ?? []), ...armed, { type: "order-intended", intent }], options.fence);
  const outcome = await context.gateway.submit(intent, signal, urgency);
  switch (outcome.kind) {
    case "accepted":
      context.publish([{ type: "order-accepted", clientOrderId, orderId: outcome.orderId }]);
      break;
    case "rejected":
      context.publish([{ type: "order-rejected", clientOrderId, reason: outcome.reason }]);
      break;
    case "refused-here":
      await lookPastRefusal(context, intent, outcome.reason, signal);
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

function bracketEvents(
  { ids }: TradingContext,
  draft: OrderDraft & { readonly clientOrderId: ClientOrderId },
  at: Timestamp,
  rules: BracketRules | undefined,
): readonly DomainEvent[] {
  if (rules === undefined) return [];
  const protection = bracketProtection(rules, draft, { protectionId: ids.recordId(), at });
  return [{ type: "protection-armed", protection }];
}

/** The exchange may take a moment to show what it has just booked. */
const SECOND_LOOK_MS = 400;

/**
 * The refusal we were told may be of a second delivery, and the first one stand: the exchange is asked for the order.
 * Two looks that find none make the refusal good; a look that fails leaves the outcome unknown.
 */
async function lookPastRefusal(
  context: TradingContext,
  { clientOrderId, draft }: OrderIntent,
  reason: OrderReason,
  signal: AbortSignal,
): Promise<void> {
  const name = { symbol: draft.symbol, clientOrderId };
  try {
    for (const waitMs of [0, SECOND_LOOK_MS]) {
      if (waitMs > 0) await context.clock.sleep(waitMs, signal);
      const lookup = await context.accountData.findOrder(name, signal);
      if (lookup.kind === "not-found") continue;
      context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "query" }]);
      return;
    }
  } catch {
    context.publish([{ type: "order-outcome-unknown", clientOrderId, reason }]);
    return;
  }
  context.publish([{ type: "order-rejected", clientOrderId, reason }]);
}

function denyReuse(clientOrderId: ClientOrderId): PlaceOrderResult {
  const denial: Denial = {
    code: "CLIENT_ORDER_ID_USED",
    message: `The client order id ${clientOrderId} already names an order.`,
    hint: `See it with \`tapedeck order show ${clientOrderId}\`, or choose another id.`,
  };
  return { kind: "denied", denials: [denial] };
}

/** The order as it is held now. An order with a published intent is always there. */
export function heldOrder(context: TradingContext, clientOrderId: ClientOrderId): Order {
  const order = context.recall(clientOrderId);
  if (order === undefined) throw new Error(`order ${clientOrderId} is not held`);
  return order;
}
