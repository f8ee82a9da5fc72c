import type { MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import type { Level } from "./book.ts";

/** 24-hour statistics of a market. A figure the exchange did not give is absent, never zero. */
export interface Ticker {
  readonly symbol: MarketSymbol;
  readonly last?: Price;
  /** Relative change over the window, −0.02 for −2 %. */
  readonly change?: Ratio;
  readonly high?: Price;
  readonly low?: Price;
  readonly baseVolume?: Quantity;
  readonly quoteVolume?: Notional;
  readonly at: Timestamp;
}

/** Best bid and ask; a side is absent when nobody stands there. */
export interface BookTop {
  readonly symbol: MarketSymbol;
  readonly bid?: Level;
  readonly ask?: Level;
  readonly at: Timestamp;
}
