import type { Asset, ClientOrderId, MarketSymbol, OrderId, Timestamp, TradeId } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import type { Side } from "./order.ts";

/** One execution of one of our orders, as the exchange reported it. Immutable; its trade id is its key. */
export interface Fill {
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  /** Absent when the exchange does not name it; the order id still does. */
  readonly clientOrderId?: ClientOrderId;
  readonly symbol: MarketSymbol;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  /** The exchange's own product of price and quantity, in quote. */
  readonly notional: Notional;
  /** In units of its own asset: the quote, or the exchange's fee token. */
  readonly fee: { readonly asset: Asset; readonly quantity: Quantity };
  readonly liquidity: "maker" | "taker";
  readonly at: Timestamp;
}
