import type { Approved } from "./approved.ts";
import type { OrderDraft } from "./order.ts";
import type { Denial, RiskRequest, RiskRule } from "./risk-request.ts";
import { concentration } from "./risk-rules/concentration.ts";
import { exposurePerSymbol } from "./risk-rules/exposure-per-symbol.ts";
import { exposureTotal } from "./risk-rules/exposure-total.ts";
import { freeBalance } from "./risk-rules/free-balance.ts";
import { largestOrder } from "./risk-rules/largest-order.ts";
import { notionalLimits } from "./risk-rules/notional-limits.ts";
import { openOrders } from "./risk-rules/open-orders.ts";
import { orderRate } from "./risk-rules/order-rate.ts";
import { priceCollar } from "./risk-rules/price-collar.ts";
import { quoteReserve } from "./risk-rules/quote-reserve.ts";
import { riskMarked } from "./risk-rules/risk-marked.ts";
import { staleQuote } from "./risk-rules/stale-quote.ts";
import { symbolLists } from "./risk-rules/symbol-lists.ts";
import { tickAndStep } from "./risk-rules/tick-and-step.ts";
import { tradability } from "./risk-rules/tradability.ts";
import { tradingStateRule } from "./risk-rules/trading-state-rule.ts";
import { wellFormed } from "./risk-rules/well-formed.ts";

export type RiskVerdict =
  | { readonly kind: "approved"; readonly draft: Approved<OrderDraft> }
  | { readonly kind: "denied"; readonly denials: readonly Denial[] };

/** In the order in which they are told: what makes the draft meaningless comes first. */
const RULES: readonly RiskRule[] = [
  wellFormed,
  tradingStateRule,
  symbolLists,
  tradability,
  riskMarked,
  tickAndStep,
  notionalLimits,
  largestOrder,
  priceCollar,
  staleQuote,
  freeBalance,
  quoteReserve,
  exposurePerSymbol,
  exposureTotal,
  concentration,
  openOrders,
  orderRate,
];

/** Runs every rule and tells every objection. The only source of an `Approved` draft. */
export function assessRisk(request: RiskRequest): RiskVerdict {
  const malformed = wellFormed(request);
  if (malformed !== undefined) return { kind: "denied", denials: [malformed] };
  const denials = RULES.flatMap((rule) => rule(request) ?? []);
  return denials.length === 0
    ? { kind: "approved", draft: request.draft as Approved<OrderDraft> }
    : { kind: "denied", denials };
}
