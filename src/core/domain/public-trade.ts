import type { MarketSymbol, Timestamp, TradeId } from "./identifiers.ts";
import type { Price, Quantity } from "./money.ts";
import type { Side } from "./order.ts";

/** Anyone's execution on the tape. */
export interface PublicTrade {
  readonly symbol: MarketSymbol;
  readonly price: Price;
  readonly quantity: Quantity;
  /** The side that took liquidity. */
  readonly side: Side;
  readonly at: Timestamp;
  /** The exchange does not always name one. */
  readonly tradeId?: TradeId;
}
