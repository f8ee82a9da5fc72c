import type { AskedPrice } from "../asked-order.ts";
import { priceBy } from "../asked-order.ts";
import type { Balance } from "../balance.ts";
import type { FeeTerms } from "../fee-terms.ts";
import type { Fill } from "../fill.ts";
import type { ClientOrderId, MarketSymbol, Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import { quantizePrice, quantizeQuantity } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { add, formatMoney, less, minimum, ZERO_QUANTITY } from "../money.ts";
import type { Order } from "../order.ts";
import { stillToTrade } from "../order-execution.ts";
import type { OrderPlan } from "../order-plan.ts";
import { planOrder } from "../order-plan.ts";
import type { KnownBook } from "../plan-execution.ts";
import type { Protection } from "../protection.ts";
import type { Denial } from "../risk-request.ts";
import { saleQuantity, tooSmall } from "../sale-size.ts";
import type { HeldBase, KeptBase } from "../base-holders.ts";
import { holdersOf, keptWords } from "../base-holders.ts";
import { openExits } from "../guarding/waiting.ts";
import type { Claim } from "./claims.ts";
import { claimsOf } from "./claims.ts";
import type { BeforeSale, ProtectionsAfterSale } from "./protections-after-sale.ts";
import { protectionsAfterSale } from "./protections-after-sale.ts";

/** The end of a position as a trader asks for it. */
export interface WantedClose {
  readonly symbol: MarketSymbol;
  /** A limit, or so far from what a sale gets at present; at the market when absent. */
  readonly at?: AskedPrice;
  /** Sell all base that is free, also what is not in the position. */
  readonly isAll: boolean;
  /** End our resting sales and entries of the market first. */
  readonly cancelsOrders: boolean;
  /** Never more than this, whatever has come in since it was confirmed. */
  readonly atMost?: Quantity;
}

/** The account and the market at one moment. */
export interface CloseFacts {
  readonly instrument: Instrument;
  /** What our fills show as bought and not sold: the quantity that `position ls` tells. */
  readonly position: Quantity;
  /** Of the base; undefined while the balances are not known. */
  readonly balance: Balance | undefined;
  /** Of the market: what may still trade, and the orders that its protections name. */
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  readonly working: readonly Order[];
  /** Executed by the exchange's word and not in `fills` yet, so that `position` is too high by it. */
  readonly untoldSales: Quantity;
  /** The orders that the guardian sent for any protection of the market, whatever has become of that. */
  readonly exits: ReadonlySet<ClientOrderId>;
  /** All that are stored of the market. */
  readonly fills: readonly Fill[];
  /** The armed ones of the market, the oldest first. */
  readonly protections: readonly Protection[];
  readonly book: KnownBook;
  readonly seenAt: Timestamp;
  /** The account's own; the market's when absent. */
  readonly terms?: FeeTerms;
}

/** What closing a position would do. */
export interface ClosePlan {
  readonly wanted: WantedClose;
  readonly instrument: Instrument;
  /** The one order that sells, with its cost and every step. */
  readonly order: OrderPlan;
  readonly quantity: Quantity;
  readonly bid: Price;
  readonly position: Quantity;
  /** Free and locked. */
  readonly held: Quantity;
  /** Of `quantity`, what our fills do not show as bought: to be confirmed by a person. */
  readonly beyondPosition: Quantity;
  /** Our own orders that are ended, and proven to have ended, before anything is sold. */
  readonly cancels: readonly Order[];
  /** Everything that is held and not sold, and why. */
  readonly keeps: readonly KeptBase[];
  /** Nothing of the position is left that could be sold. */
  readonly isWhole: boolean;
  /** Once all of it is sold. */
  readonly protections: ProtectionsAfterSale;
  /** What the sale takes of which protections: written down with its intent. */
  readonly claims: readonly Claim[];
  /** What the last figure was reckoned from; how much was sold in the end is put to it again. */
  readonly facts: CloseFacts;
}

export type ClosePlanResult =
  | { readonly kind: "planned"; readonly plan: ClosePlan }
  | { readonly kind: "denied"; readonly denials: readonly Denial[] };

/** What would be sold, what stays and why, and what becomes of the protections; or the objection. Pure. */
export function planClose(wanted: WantedClose, facts: CloseFacts): ClosePlanResult {
  const { instrument, balance, book, position } = facts;
  const { base } = instrument;
  const exit = exitUnderWay(facts);
  if (exit !== undefined) return exit;
  if (balance === undefined) {
    const hint = "Try again once the account has been read.";
    return denied("BALANCE_UNKNOWN", `How much ${base} is held is not known.`, hint);
  }
  const bid = book.bids[0]?.price;
  if (bid === undefined) {
    return denied("PRICE_UNKNOWN", `Nobody bids for ${base}.`, "Try again when the market has a bid.");
  }
  const cancels = wanted.cancelsOrders ? facts.working.filter((order) => isToBeCancelled(order, facts)) : [];
  const ending = new Set(cancels.map(({ clientOrderId }) => clientOrderId));
  const holders = holdersOf(balance, facts.working, ending);
  const beingSold = add(openSales(facts.working, ending), facts.untoldSales);
  const share = shareOf(wanted, holders.sellable, less(position, beingSold));
  const { counted } = share;
  const unitPrice = limitOf(wanted.at, bid, instrument) ?? bid;
  const type = wanted.at === undefined ? "market" : "limit";
  const quantity = saleQuantity(instrument, counted, { type, expectedPrice: unitPrice });
  const small = tooSmall(instrument, quantity, { type, expectedPrice: unitPrice });
  if (small !== undefined) return nothingToSell(facts, { ...holders, beingSold, counted, small });

  const planned = planOrder(
    {
      side: "sell",
      type,
      size: { kind: "base", quantity },
      ...(wanted.at === undefined ? {} : { price: wanted.at }),
      seen: { price: bid, at: facts.seenAt },
    },
    instrument,
    new Map([[base, { ...balance, free: holders.sellable, locked: less(holders.total, holders.sellable) }]]),
    book,
    facts.terms,
  );
  if (planned.kind === "impossible") return denied("ORDER_NOT_PLANNED", `${planned.why}.`, "Name a price with --at.");
  const left = less(minimum(less(position, facts.untoldSales), holders.total), quantity);
  const leastOf = (amount: Quantity) =>
    tooSmall(instrument, quantizeQuantity(instrument, amount), { type, expectedPrice: unitPrice });
  return {
    kind: "planned",
    plan: {
      wanted,
      instrument,
      order: planned.plan,
      quantity,
      bid,
      position,
      held: holders.total,
      beyondPosition: less(quantity, position),
      cancels,
      keeps: [...holders.kept, ...freeThatStays({ ...share, beingSold, quantity, leastOf })],
      isWhole: leastOf(left) !== undefined,
      protections: protectionsOnceSold(facts, cancels, quantity),
      claims: claimsOf(beforeSale(facts, cancels), quantity),
      facts,
    },
  };
}

/** What becomes of the protections once so much was sold. */
export function protectionsOnceSold(
  facts: CloseFacts,
  cancelled: readonly Order[],
  sold: Quantity,
): ProtectionsAfterSale {
  return protectionsAfterSale(beforeSale(facts, cancelled), sold);
}

function beforeSale({ balance: base, ...facts }: CloseFacts, cancelled: readonly Order[]): BeforeSale {
  const { protections, orders, fills, instrument } = facts;
  const ending = new Set(cancelled.map(({ clientOrderId }) => clientOrderId));
  return { protections, orders, fills, instrument, base, ending };
}

/** While an exit may still sell, how much is left to close is not known; nor may anything but its guardian end it. */
function exitUnderWay({ protections, orders, instrument }: CloseFacts): ClosePlanResult | undefined {
  for (const protection of protections) {
    const [id] = openExits({ protection, orders });
    if (id === undefined) continue;
    const message = `Exit ${id} of protection ${protection.protectionId} may still sell ${instrument.base} of this position.`;
    const hint = `Look with \`tapedeck order show ${id}\`, and close what is left once it has ended.`;
    return denied("EXIT_UNDER_WAY", message, hint);
  }
  return undefined;
}

function isToBeCancelled({ origin, clientOrderId }: Order, { exits }: CloseFacts): boolean {
  return origin !== "foreign" && !exits.has(clientOrderId);
}

/** What sales that stay in the market will have sold of the position. */
function openSales(working: readonly Order[], ending: ReadonlySet<ClientOrderId>): Quantity {
  return working.reduce(
    (sum, order) => (order.side === "sell" && !ending.has(order.clientOrderId) ? add(sum, stillToTrade(order)) : sum),
    ZERO_QUANTITY,
  );
}

interface Share {
  /** Free, and not meant. */
  readonly beside: Quantity;
  /** Meant, and not confirmed. */
  readonly unconfirmed: Quantity;
  /** What is to be sold, as far as one order can. */
  readonly counted: Quantity;
}

/** @param ours of the position, what no other sale sells already */
function shareOf({ isAll, atMost }: WantedClose, sellable: Quantity, ours: Quantity): Share {
  const meant = isAll ? sellable : minimum(sellable, ours);
  const counted = atMost === undefined ? meant : minimum(meant, atMost);
  return { beside: less(sellable, meant), unconfirmed: less(meant, counted), counted };
}

function limitOf(at: AskedPrice | undefined, bid: Price, instrument: Instrument): Price | undefined {
  if (at === undefined) return undefined;
  return quantizePrice(instrument, "sell", at.kind === "fixed" ? at.price : priceBy(bid, at.by, "sell"));
}

interface FreeShare extends Share {
  readonly beingSold: Quantity;
  readonly quantity: Quantity;
  readonly leastOf: (amount: Quantity) => string | undefined;
}

/** Of what no order holds: what was not meant, and what cannot be sold with the rest. */
function freeThatStays(share: FreeShare): readonly KeptBase[] {
  const { beside, unconfirmed, counted, beingSold, quantity, leastOf } = share;
  const kept: KeptBase[] = [];
  const words = beingSold > 0n ? "not in the position once its open sales are filled" : "not in the position";
  if (beside > 0n) kept.push({ quantity: beside, because: "beside", words });
  if (unconfirmed > 0n) kept.push({ quantity: unconfirmed, because: "beside", words: "beyond what was confirmed" });
  const rest = less(counted, quantity);
  const small = rest === 0n ? undefined : leastOf(rest);
  if (small !== undefined) kept.push({ quantity: rest, because: "too-small", words: `too little to sell, ${small}` });
  else if (rest > 0n)
    kept.push({ quantity: rest, because: "too-much", words: "more than the exchange takes in one order" });
  return kept;
}

interface TooLittle extends HeldBase {
  readonly beingSold: Quantity;
  readonly counted: Quantity;
  readonly small: string;
}

function nothingToSell({ instrument, position }: CloseFacts, found: TooLittle): ClosePlanResult {
  const { sellable, kept, beingSold, counted, small } = found;
  const { base, symbol } = instrument;
  const held = kept.length === 0 ? "" : `; ${keptWords(kept, base)}`;
  const open = beingSold === 0n ? "" : `, open sales sell ${formatMoney(beingSold)}`;
  const message = `The position is ${formatMoney(position)} ${base}${open} and ${formatMoney(sellable)} is free: ${formatMoney(counted)} cannot be sold, ${small}${held}.`;
  return denied("NOTHING_TO_SELL", message, nextStep(symbol, kept, sellable > counted));
}

function nextStep(symbol: MarketSymbol, kept: readonly KeptBase[], isMoreFree: boolean): string {
  const foreign = kept.find(({ because }) => because === "foreign-sale");
  if (kept.some(({ because }) => because === "sale")) return "Add --cancel-orders to end those sales first.";
  if (foreign?.order !== undefined) {
    const adopt = `tapedeck order adopt ${foreign.order.clientOrderId}`;
    return `Cancel it where it was placed, or take it into care with \`${adopt}\` and add --cancel-orders.`;
  }
  if (isMoreFree) return "What is free was not bought here: add --all to sell all of it.";
  return `See \`tapedeck market show ${symbol}\`.`;
}

function denied(code: string, message: string, hint: string): ClosePlanResult {
  return { kind: "denied", denials: [{ code, message, hint }] };
}
