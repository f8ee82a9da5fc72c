/** Names of things. Branded, so that an order id cannot stand where a client order id belongs. */

declare const nameOf: unique symbol;
type Name<K extends string> = string & { readonly [nameOf]: K };

/** The exchange's name of a market, as the exchange spells it: "BTCUSDT". Not always ASCII; never split by guessing. */
export type MarketSymbol = Name<"symbol">;
/** An asset's ticker: "BTC", "USDT". */
export type Asset = Name<"asset">;
/** Ours: minted before an order leaves, at most 32 of `[a-zA-Z0-9_-]`. The key of an order everywhere in the product. */
export type ClientOrderId = Name<"client-order-id">;
/** The exchange's: an opaque text, never a number. Known only after the exchange answered. */
export type OrderId = Name<"order-id">;
/** The exchange's id of one execution; the key that makes fills idempotent. */
export type TradeId = Name<"trade-id">;
/** One account of one venue, e.g. "demo:mx0abc…": orders and fills of different accounts never mix. */
export type AccountId = Name<"account">;

/** Milliseconds since 1970-01-01 UTC. */
export type Timestamp = number;

export const marketSymbol = (text: string): MarketSymbol => text as MarketSymbol;
export const asset = (text: string): Asset => text as Asset;
export const clientOrderId = (text: string): ClientOrderId => text as ClientOrderId;
export const orderId = (text: string): OrderId => text as OrderId;
export const tradeId = (text: string): TradeId => text as TradeId;
export const accountId = (text: string): AccountId => text as AccountId;

const CLIENT_ORDER_ID = /^[a-zA-Z0-9_-]{1,32}$/;
/** @returns undefined unless the text is 1–32 of `[a-zA-Z0-9_-]`, which every venue rule we know of accepts. */
export function parseClientOrderId(text: string): ClientOrderId | undefined {
  return CLIENT_ORDER_ID.test(text) ? (text as ClientOrderId) : undefined;
}
