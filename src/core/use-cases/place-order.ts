import type { BracketRules } from "../domain/bracket.ts";
import { bracketProtection } from "../domain/bracket.ts";
import type { Order, OrderDraft } from "../domain/order.ts";
import type { Denial } from "../domain/risk-request.ts";
import type { PricedMarket } from "../domain/risk-account.ts";
import { AppError, EXIT_CODES } from "../domain/errors.ts";
import { assessRisk } from "../domain/risk.ts";
import type { DomainEvent, OrderIntent } from "../domain/events.ts";
import type { Urgency } from "../ports/exchange-gateway.ts";
import type { Fence } from "../ports/journal.ts";
import type { ClientOrderId, Timestamp } from "../domain/identifiers.ts";
import type { RiskSubject } from "./gather-risk.ts";
import { readPrices, weighNow } from "./gather-risk.ts";
import { heldOrder } from "./held-order.ts";
import { lookPastRefusal } from "./look-past-refusal.ts";
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
  /**
   * Asked once more right before the intent is recorded: a process may have stood still since the order was decided, and
   * what was true then says nothing about now.
   */
  readonly isStillWanted?: () => boolean;
}

/**
 * Checks, records, then sends: risk first, the intent durable on disk before a byte leaves, and one single send whose
 * outcome is published whatever it is.
 *
 * @throws AppError STORAGE_FAILED when the intent could not be written, ORDER_OVERTAKEN when it is not wanted any more, or
 * what the journal says of another process that was first; then nothing was sent.
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
  const subject = { draft, instrument, purpose: urgency };
  const prices = await readPrices(context, subject, signal);
  if (options.isStillWanted?.() === false) throw overtaken();
  const intended = intend(context, { ...subject, clientOrderId }, prices, options);
  if (intended.kind === "denied") return intended;
  // From here on an abort must not stop us half-way: an intent on disk is followed by its outcome.
  const { intent } = intended;
  const outcome = await context.gateway.submit(intent, signal, urgency);
  switch (outcome.kind) {
    case "accepted":
      context.publish([{ type: "order-accepted", clientOrderId, orderId: outcome.orderId }]);
      break;
    case "rejected":
      context.publish([{ type: "order-rejected", clientOrderId, reason: outcome.reason }]);
      break;
    case "refused-here":
      await lookPastRefusal(context, clientOrderId, outcome.reason, signal);
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

/** Between two looks lie milliseconds, so whoever writes all the time is met once in a hundred. */
const MOST_LOOKS = 20;

/**
 * Weighs the order and records its intent. Two processes cannot both take the last room under a limit: the commit holds
 * only for the store that was looked at, and when another has written since, all is weighed anew. An exit passes every
 * limit that another's order counts for, and waits for nobody.
 */
function intend(
  context: TradingContext,
  { clientOrderId, ...subject }: RiskSubject & { readonly clientOrderId: ClientOrderId },
  markets: readonly PricedMarket[] | undefined,
  options: PlaceOrderOptions,
): { readonly kind: "intended"; readonly intent: OrderIntent } | Extract<PlaceOrderResult, { kind: "denied" }> {
  for (let look = 1; ; look += 1) {
    const { request, basis } = weighNow(context, subject, markets);
    const verdict = assessRisk(request);
    if (verdict.kind === "denied") return verdict;
    const at = context.clock.now();
    const intent = { clientOrderId, draft: verdict.draft, at };
    const armed = bracketEvents(context, { ...subject.draft, clientOrderId }, at, options.bracket);
    const events: DomainEvent[] = [...(options.together ?? []), ...armed, { type: "order-intended", intent }];
    try {
      context.publish(events, options.fence, subject.purpose === "exit" ? undefined : basis);
      return { kind: "intended", intent };
    } catch (cause) {
      const isOutdated = cause instanceof AppError && cause.code === "CHANGED_MEANWHILE";
      if (!isOutdated || look >= MOST_LOOKS) throw cause;
    }
  }
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

function overtaken(): AppError {
  return new AppError({
    code: "ORDER_OVERTAKEN",
    message: "What the order was decided on is not true any more.",
    notDone: "Nothing was sent.",
    exitCode: EXIT_CODES.denied,
  });
}

function denyReuse(clientOrderId: ClientOrderId): PlaceOrderResult {
  const denial: Denial = {
    code: "CLIENT_ORDER_ID_USED",
    message: `The client order id ${clientOrderId} already names an order.`,
    hint: `See it with \`tapedeck order show ${clientOrderId}\`, or choose another id.`,
  };
  return { kind: "denied", denials: [denial] };
}
