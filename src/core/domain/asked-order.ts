import type { ClientOrderId } from "./identifiers.ts";
import type { Price, Ratio } from "./money.ts";
import { add, formatMoney, parsePrice, parseRatio, ratio, scale } from "./money.ts";
import type { OrderDraft, OrderType, SeenQuote, Side } from "./order.ts";

/** A size as a trader says it: base, quote, or a part of what is free. */
export type AskedSize = OrderDraft["size"] | { readonly kind: "share"; readonly of: Ratio };

/** A price as a trader says it: a number, or so much above (+) or below (−) a price that is only known later. */
export type AskedPrice =
  { readonly kind: "fixed"; readonly price: Price } | { readonly kind: "relative"; readonly by: Ratio };

/** An order as it is wanted, before the market's rules and the balance have had their say. */
export interface AskedOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly size: AskedSize;
  /** Relative to what was seen: a buy to the ask it would pay, a sell to the bid it would get. */
  readonly price?: AskedPrice;
  readonly clientOrderId?: ClientOrderId;
  readonly seen?: SeenQuote;
}

export const ONE = ratio("1");
const HUNDREDTH = ratio("0.01");
const HUNDRED = ratio("100");

/** Reads "25%" as a quarter; undefined unless it lies above 0 and at most 100 %. */
export function parseShare(text: string): Ratio | undefined {
  const share = parsePercent(text.trim());
  return share === undefined || share <= 0n || share > ONE ? undefined : share;
}

/** Reads "65000" as a price and "-0.2%" as a distance; undefined for anything else, and for a price not above zero. */
export function parseAskedPrice(text: string): AskedPrice | undefined {
  if (text.endsWith("%")) {
    const by = parsePercent(text);
    // A distance of −100 % or more leaves no price.
    return by === undefined || by <= -ONE ? undefined : { kind: "relative", by };
  }
  const price = parsePrice(text);
  return price === undefined || price <= 0n ? undefined : { kind: "fixed", price };
}

/** What {@link parseAskedPrice} reads back as the same. */
export function formatAskedPrice(asked: AskedPrice): string {
  if (asked.kind === "fixed") return formatMoney(asked.price);
  return `${asked.by < 0n ? "" : "+"}${formatShare(asked.by)}`;
}

/** 0.25 as "25%", exactly. */
export function formatShare(share: Ratio): string {
  return `${formatMoney(scale(share, HUNDRED, "half-even"))}%`;
}

/** A price so much above or below another, rounded away from trading: a buy down, a sell up. */
export function priceBy(from: Price, by: Ratio, side: Side): Price {
  return scale(from, add(ONE, by), side === "buy" ? "down" : "up");
}

/** The factor that a percentage means; undefined where the text is none, or finer than a factor can be. */
function parsePercent(text: string): Ratio | undefined {
  const percent = text.endsWith("%") ? parseRatio(text.slice(0, -1)) : undefined;
  if (percent === undefined || percent % 100n !== 0n) return undefined;
  return scale(percent, HUNDREDTH, "down");
}
