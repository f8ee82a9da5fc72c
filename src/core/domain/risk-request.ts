import type { Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Ratio } from "./money.ts";
import { notionalOf } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { RiskAccount } from "./risk-account.ts";
import type { TradingState } from "./trading-state.ts";

/** The trader's own limits, from the profile. */
export interface RiskLimits {
  /** Greatest notional of one order by quote asset; a quote that is not named has no limit of ours. */
  readonly largestOrder: ReadonlyMap<string, Notional>;
  /** How far beyond the seen price a limit may lie on its dangerous side: 0.1 lets a buy pay 10 % above the ask. */
  readonly priceCollar: Ratio;
  /** Oldest quote a market order may be based on, ms. */
  readonly staleQuoteMs: number;
  /** Greatest worth of one market by its quote asset: what is held, what may still be bought, and this order. */
  readonly exposurePerSymbol: ReadonlyMap<string, Notional>;
  /** The same over every market of a quote asset. */
  readonly exposureTotal: ReadonlyMap<string, Notional>;
  /** Greatest share of the account's worth in one base asset: 0.5 is half. */
  readonly concentration: Ratio | undefined;
  /** Most orders of ours within a minute. */
  readonly ordersPerMinute: number | undefined;
  /** Most orders that may rest or trade at a time, foreign and unknown ones included. */
  readonly maxOpenOrders: number;
  /** The only markets to trade; undefined allows every one that is not blocked. */
  readonly allowedSymbols: ReadonlySet<string> | undefined;
  readonly blockedSymbols: ReadonlySet<string>;
  /** Whether assets that the exchange marks as risky (ST) may be bought. */
  readonly allowsRiskMarked: boolean;
  /** What every buy must leave of its quote asset, for fees. */
  readonly quoteReserve: ReadonlyMap<string, Notional>;
}

/** `exit` ends a risk that a protection watched: no limit of the trader's that is meant for entries may hold it up. */
export type OrderPurpose = "usual" | "exit";

/** Everything a rule may look at. Gathered before; rules are pure. */
export interface RiskRequest {
  readonly draft: OrderDraft;
  readonly instrument: Instrument;
  readonly tradingState: TradingState;
  readonly limits: RiskLimits;
  readonly now: Timestamp;
  readonly purpose: OrderPurpose;
  readonly account: RiskAccount;
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

/** Whether an order can raise what is at stake: an exit never does, and on a spot market no sale does. */
export function raisesExposure({ draft, purpose }: Pick<RiskRequest, "draft" | "purpose">): boolean {
  return draft.side === "buy" && purpose === "usual";
}
