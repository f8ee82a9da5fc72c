import type { AskedSize } from "../../../core/domain/asked-order.ts";
import { formatAskedPrice, formatShare, parseAskedPrice, parseShare } from "../../../core/domain/asked-order.ts";
import type { BracketResult, BracketRules } from "../../../core/domain/bracket.ts";
import { planBracket } from "../../../core/domain/bracket.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import { formatMoney, parseNotional, parseQuantity } from "../../../core/domain/money.ts";
import type { KnownBalances, OrderPlan } from "../../../core/domain/order-plan.ts";
import { planOrder } from "../../../core/domain/order-plan.ts";
import type { KnownBook } from "../../../core/domain/plan-execution.ts";
import type { OrderWords } from "../../../core/domain/order-grammar.ts";
import type { OrderType, SeenQuote, Side } from "../../../core/domain/order.ts";
import type { RiskAccount } from "../../../core/domain/risk-account.ts";
import type { RiskLimits } from "../../../core/domain/risk-request.ts";
import { assessRisk } from "../../../core/domain/risk.ts";
import type { TradingState } from "../../../core/domain/trading-state.ts";

export type TicketField = "quantity" | "price";

/**
 * An order being written. `confirming` freezes the plan that the trader has in front of them: the second Enter sends
 * exactly that and nothing newer.
 */
export interface Ticket {
  readonly side: Side;
  readonly quantityText: string;
  /** Empty means a market order. */
  readonly priceText: string;
  readonly field: TicketField;
  /** What was said on the command line and has no field: how a limit behaves, what sells again, an id. */
  readonly said?: Pick<OrderWords, "exits" | "clientOrderId"> & { readonly limitType?: OrderType };
  readonly stage:
    | { readonly kind: "editing"; readonly problem?: string }
    | ({ readonly kind: "confirming" } & TicketPlan)
    | ({ readonly kind: "sending" } & TicketPlan);
}

/** What the second Enter sends. */
export interface TicketPlan {
  readonly plan: OrderPlan;
  /** What sells again what the order fills. */
  readonly bracket?: BracketRules;
}

/** What the ticket is judged by at the moment of a key press. */
export interface TicketSurroundings {
  readonly instrument: Instrument | undefined;
  readonly seen: SeenQuote | undefined;
  readonly balances: KnownBalances;
  /** While it is live. */
  readonly book: KnownBook | undefined;
  /** Everything else that the rules look at. */
  readonly account: RiskAccount;
  readonly limits: RiskLimits;
  readonly tradingState: TradingState;
  readonly now: number;
}

export function openTicket(side: Side, priceText = ""): Ticket {
  return { side, quantityText: "", priceText, field: "quantity", stage: { kind: "editing" } };
}

/** A ticket filled in by an order in words. */
export function ticketFromWords(words: OrderWords): Ticket {
  const { side, size, price, type, exits, clientOrderId } = words;
  const unit = size.kind === "amount" && size.unit !== undefined ? ` ${size.unit}` : "";
  return {
    ...openTicket(side, price === undefined ? "" : formatAskedPrice(price)),
    quantityText: size.kind === "share" ? formatShare(size.of) : `${formatMoney(size.amount)}${unit}`,
    said: {
      ...(price === undefined ? {} : { limitType: type }),
      ...(exits === undefined ? {} : { exits }),
      ...(clientOrderId === undefined ? {} : { clientOrderId }),
    },
  };
}

/** Typing goes on with the edit and takes a confirmation back. */
export function editTicket(
  ticket: Ticket,
  change: Partial<Pick<Ticket, "quantityText" | "priceText" | "field">>,
): Ticket {
  if (ticket.stage.kind === "sending") return ticket;
  return { ...ticket, ...change, stage: { kind: "editing" } };
}

/** The first Enter: from the words to a plan that passed the rules, or to the reason why not. */
export function confirmTicket(ticket: Ticket, around: TicketSurroundings): Ticket {
  if (ticket.stage.kind !== "editing") return ticket;
  const outcome = planTicket(ticket, around);
  if (typeof outcome === "string") return { ...ticket, stage: { kind: "editing", problem: outcome } };
  const verdict = assessRisk({
    draft: outcome.draft,
    instrument: around.instrument as Instrument,
    limits: around.limits,
    tradingState: around.tradingState,
    now: around.now,
    purpose: "usual",
    account: around.account,
  });
  if (verdict.kind === "denied") {
    const problem = verdict.denials.map((denial) => `${denial.message} ${denial.hint}`).join(" ");
    return { ...ticket, stage: { kind: "editing", problem } };
  }
  const bracket = bracketOf(ticket, outcome, around.instrument as Instrument);
  if (bracket?.kind === "impossible") {
    return { ...ticket, stage: { kind: "editing", problem: `tp and sl cannot be armed: ${bracket.why}.` } };
  }
  const rules = bracket === undefined ? {} : { bracket: bracket.rules };
  return { ...ticket, stage: { kind: "confirming", plan: outcome, ...rules } };
}

/** The levels of what was said to sell again; undefined when nothing was. */
export function bracketOf(ticket: Ticket, plan: OrderPlan, instrument: Instrument): BracketResult | undefined {
  const exits = ticket.said?.exits;
  return exits === undefined ? undefined : planBracket(exits, plan.draft, instrument);
}

/** The second Enter. Anything but a confirmed ticket stays where it is. */
export function sendTicket(ticket: Ticket): Ticket {
  if (ticket.stage.kind !== "confirming") return ticket;
  return { ...ticket, stage: { ...ticket.stage, kind: "sending" } };
}

/** The plan as it would be now, or what is missing; shown live while the trader types. */
export function planTicket(ticket: Ticket, around: Omit<TicketSurroundings, "account">): OrderPlan | string {
  const { instrument } = around;
  if (instrument === undefined) return "The rules of this market are not loaded yet.";
  const size = parseSize(ticket.quantityText, instrument);
  if (size === undefined) {
    return `Type a quantity in ${instrument.base}, an amount like "50 ${instrument.quote}", or a share like "25%".`;
  }
  const priceText = ticket.priceText.trim();
  const price = priceText === "" ? undefined : parseAskedPrice(priceText);
  if (priceText !== "" && price === undefined)
    return 'The price is no number above zero, and no distance like "-0.2%".';
  const result = planOrder(
    {
      side: ticket.side,
      type: price === undefined ? "market" : (ticket.said?.limitType ?? "limit"),
      size,
      ...(ticket.said?.clientOrderId === undefined ? {} : { clientOrderId: ticket.said.clientOrderId }),
      ...(price === undefined ? {} : { price }),
      ...(around.seen === undefined ? {} : { seen: around.seen }),
    },
    instrument,
    around.balances,
    around.book,
  );
  return result.kind === "planned" ? result.plan : `It cannot be planned: ${result.why}.`;
}

function parseSize(text: string, instrument: Instrument): AskedSize | undefined {
  const words = text.trim().split(/\s+/);
  const [first = "", unit] = words;
  if (words.length > 2) return undefined;
  if (unit === undefined) {
    const share = parseShare(first);
    if (share !== undefined) return { kind: "share", of: share };
    const quantity = parseQuantity(first);
    return quantity === undefined || quantity <= 0n ? undefined : { kind: "base", quantity };
  }
  if (unit.toUpperCase() === instrument.base) return parseSize(first, instrument);
  if (unit.toUpperCase() !== instrument.quote) return undefined;
  const notional = parseNotional(first);
  return notional === undefined || notional <= 0n ? undefined : { kind: "quote", notional };
}

/** The size as it will be sent, in words: "0.01 BTC", or "50 USDT worth". */
export function sizeWords(plan: OrderPlan, instrument: Instrument): string {
  const { size } = plan.draft;
  return size.kind === "base"
    ? `${formatMoney(size.quantity)} ${instrument.base}`
    : `${formatMoney(size.notional)} ${instrument.quote} worth`;
}
