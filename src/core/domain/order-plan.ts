import type { Balance } from "./balance.ts";
import type { Asset } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { quantizePrice, quantizeQuantity } from "./instrument.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import { decimalsOf, parseRatio, quantityFor, ratio, ratioOf, roundToStep, scale, stepOfDecimals } from "./money.ts";
import type { OrderDraft, OrderType, SeenQuote, Side } from "./order.ts";
import { isImmediate } from "./order.ts";
import { expectedNotional, expectedPrice } from "./risk-request.ts";

/** A size as a trader says it: base, quote, or a part of what is free. */
export type AskedSize = OrderDraft["size"] | { readonly kind: "share"; readonly of: Ratio };

export interface AskedOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly size: AskedSize;
  readonly limitPrice?: Price;
  readonly seen?: SeenQuote;
}

/** What an order would be and cost, before it is sent. A figure that cannot be known is absent. */
export interface OrderPlan {
  /** Rounded to the market's rules, ready for the risk rules. */
  readonly draft: OrderDraft;
  /** True when rounding changed what was asked. It never raises the risk: smaller, or at a kinder price. */
  readonly rounded: boolean;
  readonly notional: Notional | undefined;
  /** By the market's default rates; what rests may pay the lower one. */
  readonly fee: { readonly asset: Asset; readonly amount: Notional } | undefined;
  /** Part of the free balance that the order takes: quote for a buy, base for a sale. */
  readonly shareOfFree: Ratio | undefined;
}

export type PlanResult =
  { readonly kind: "planned"; readonly plan: OrderPlan } | { readonly kind: "impossible"; readonly why: string };

const ONE = ratio("1");

/** Turns what was asked into a draft on the market's grid, with its cost. Pure; sends nothing. */
export function planOrder(
  asked: AskedOrder,
  instrument: Instrument,
  balances: ReadonlyMap<Asset, Balance>,
): PlanResult {
  const limitPrice =
    asked.limitPrice === undefined ? undefined : quantizePrice(instrument, asked.side, asked.limitPrice);
  const priced = { ...(limitPrice === undefined ? {} : { limitPrice }), ...(asked.seen ? { seen: asked.seen } : {}) };
  const sized = sizeOf(asked, expectedPrice({ ...blank(asked, instrument), ...priced }), instrument, balances);
  if (typeof sized === "string") return { kind: "impossible", why: sized };
  const draft: OrderDraft = { ...blank(asked, instrument), ...priced, size: sized.size };
  const notional = expectedNotional(draft);
  const rate = isImmediate(draft.type) ? instrument.takerFee : maxRate(instrument);
  const plan: OrderPlan = {
    draft,
    rounded: sized.rounded || limitPrice !== asked.limitPrice,
    notional,
    fee: notional === undefined ? undefined : { asset: instrument.quote, amount: scale(notional, rate, "up") },
    shareOfFree: shareOfFree(draft, notional, instrument, balances),
  };
  return { kind: "planned", plan };
}

interface Sized {
  readonly size: OrderDraft["size"];
  readonly rounded: boolean;
}

function sizeOf(
  asked: AskedOrder,
  unitPrice: Price | undefined,
  instrument: Instrument,
  balances: ReadonlyMap<Asset, Balance>,
): Sized | string {
  if (asked.size.kind === "base") return inBase(asked.size.quantity, instrument);
  if (asked.size.kind === "share") {
    const asset = asked.side === "buy" ? instrument.quote : instrument.base;
    const free = balances.get(asset)?.free;
    if (free === undefined) return `how much ${asset} is free is not known`;
    const part = scale(free, asked.size.of, "down");
    if (asked.side === "sell") return inBase(part, instrument);
    return fromQuote(part as bigint as Notional, asked.type, unitPrice, instrument);
  }
  return fromQuote(asked.size.notional, asked.type, unitPrice, instrument);
}

function inBase(quantity: Quantity, instrument: Instrument): Sized {
  const rounded = quantizeQuantity(instrument, quantity);
  return { size: { kind: "base", quantity: rounded }, rounded: rounded !== quantity };
}

/** Only a market order may name its quote amount to the exchange; for the others it is turned into base here. */
function fromQuote(
  notional: Notional,
  type: OrderType,
  unitPrice: Price | undefined,
  instrument: Instrument,
): Sized | string {
  if (type === "market") {
    const step = stepOfDecimals(decimalsOf(instrument.tickSize)) as Notional;
    const rounded = roundToStep(notional, step, "down");
    return { size: { kind: "quote", notional: rounded }, rounded: rounded !== notional };
  }
  if (unitPrice === undefined || unitPrice <= 0n) return "there is no price to turn the amount into a quantity";
  return inBase(quantityFor(notional, unitPrice, "down"), instrument);
}

function shareOfFree(
  draft: OrderDraft,
  notional: Notional | undefined,
  instrument: Instrument,
  balances: ReadonlyMap<Asset, Balance>,
): Ratio | undefined {
  const free = balances.get(draft.side === "buy" ? instrument.quote : instrument.base)?.free;
  if (free === undefined || free === 0n) return undefined;
  if (draft.side === "buy") {
    return notional === undefined ? undefined : ratioOf(notional as bigint as Quantity, free, "up");
  }
  if (draft.size.kind === "base") return ratioOf(draft.size.quantity, free, "up");
  const unitPrice = expectedPrice(draft);
  return unitPrice === undefined ? undefined : ratioOf(quantityFor(draft.size.notional, unitPrice, "up"), free, "up");
}

function maxRate(instrument: Instrument): Ratio {
  return instrument.makerFee > instrument.takerFee ? instrument.makerFee : instrument.takerFee;
}

function blank(asked: AskedOrder, instrument: Instrument): OrderDraft {
  const none: OrderDraft["size"] = { kind: "base", quantity: 0n as Quantity };
  return { symbol: instrument.symbol, side: asked.side, type: asked.type, size: none };
}

/** Reads "25%" as a quarter; undefined unless it lies above 0 and at most 100 %. */
export function parseShare(text: string): Ratio | undefined {
  const match = /^(.+)%$/.exec(text.trim());
  const percent = match?.[1] === undefined ? undefined : parseRatio(match[1]);
  if (percent === undefined || percent <= 0n) return undefined;
  const share = scale(percent, ratio("0.01"), "down");
  return share > ONE ? undefined : share;
}
