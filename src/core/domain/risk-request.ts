import type { Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Ratio } from "./money.ts";
import { notionalOf } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { TradingState } from "./trading-state.ts";

/** The trader's own limits, from the profile. */
export interface RiskLimits {
  /** Greatest notional of one order by quote asset; a quote that is not named has no limit of ours. */
  readonly largestOrder: ReadonlyMap<string, Notional>;
  /** How far beyond the seen price a limit may lie on its dangerous side: 0.1 lets a buy pay 10 % above the ask. */
  readonly priceCollar: Ratio;
  /** Oldest quote a market order may be based on, ms. */
  readonly staleQuoteMs: number;
}

/** Everything a rule may look at. Gathered before; rules are pure. */
export interface RiskRequest {
  readonly draft: OrderDraft;
  readonly instrument: Instrument;
  readonly tradingState: TradingState;
  readonly limits: RiskLimits;
  readonly now: Timestamp;
}

/** Why an order may not leave: a stable code, what is wrong in words, and the next step. */
export interface Denial {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type RiskRule = (request: RiskRequest) => Denial | undefined;

/** The price an order will trade at as far as one can say beforehand: its limit, else what was seen. */
export function expectedPrice(draft: OrderDraft): Price | undefined {
  return draft.limitPrice ?? draft.seen?.price;
}

/** What an order costs or raises in quote, before fees, at its expected price. Undefined when no price is known. */
export function expectedNotional(draft: OrderDraft): Notional | undefined {
  if (draft.size.kind === "quote") return draft.size.notional;
  const unitPrice = expectedPrice(draft);
  return unitPrice === undefined ? undefined : notionalOf(unitPrice, draft.size.quantity, "half-even");
}
