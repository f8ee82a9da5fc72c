import type { OrderDraft, OrderReason } from "../domain/order.ts";
import type { Denial } from "../domain/risk-request.ts";
import { assessRisk } from "../domain/risk.ts";
import { gatherRisk } from "./gather-risk.ts";
import type { TradingContext } from "./trading-context.ts";

export type TestOrderResult =
  | { readonly kind: "denied"; readonly denials: readonly Denial[] }
  | { readonly kind: "valid" }
  | { readonly kind: "rejected"; readonly reason: OrderReason }
  /** The exchange gave no usable answer; nothing was booked either way. */
  | { readonly kind: "unanswered"; readonly reason: OrderReason };

/** Runs our rules and the exchange's own validation. Books nothing and records nothing. */
export async function testOrder(
  context: TradingContext,
  draft: OrderDraft,
  signal: AbortSignal,
): Promise<TestOrderResult> {
  const instrument = await context.instrument(draft.symbol, signal);
  const verdict = assessRisk(await gatherRisk(context, { draft, instrument, purpose: "usual" }, signal));
  if (verdict.kind === "denied") return verdict;
  const outcome = await context.gateway.test(verdict.draft, signal);
  switch (outcome.kind) {
    case "valid":
      return { kind: "valid" };
    case "rejected":
      return { kind: "rejected", reason: outcome.reason };
    case "unknown":
    case "not-sent":
      return { kind: "unanswered", reason: outcome.reason };
  }
}
