import type { Notional, Price, Quantity, Ratio } from "../../core/domain/money.ts";
import type { OrderType, Side } from "./order.ts";

/** How far a limit price may stand from the last price: buys up to last × (1 + up), sells down to last × (1 − down). */
export interface PriceBand {
  readonly bidMultiplierUp: Ratio;
  readonly askMultiplierDown: Ratio;
}

/** A market with the rules the exchange enforces. */
export interface SimInstrument {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly fullName: string;
  /** "1" online, "2" paused, "3" offline. */
  readonly status: "1" | "2" | "3";
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly tickSize: Price;
  readonly stepSize: Quantity;
  readonly minQuantity: Quantity;
  readonly minNotional: Notional;
  readonly maxNotional: Notional;
  readonly maxNotionalMarket: Notional;
  readonly makerRate: Ratio;
  readonly takerRate: Ratio;
  /** The types the venue lists. IMMEDIATE_OR_CANCEL and FILL_OR_KILL are taken wherever LIMIT is, though never listed. */
  readonly orderTypes: readonly OrderType[];
  /** The venue takes no MARKET orders here, although it lists them. */
  readonly marketOrdersOff?: boolean | undefined;
  readonly spotTradingAllowed: boolean;
  /** 1 all, 2 buy only, 3 sell only, 4 closed. */
  readonly tradeSideType: 1 | 2 | 3 | 4;
  /** Sides the venue has stopped for the time being, whatever `tradeSideType` says. */
  readonly suspendedSides?: readonly Side[] | undefined;
  /** Base units an account may come to hold by buying; undefined is any. */
  readonly largestPosition?: Quantity | undefined;
  readonly specialTreatment: boolean;
  /**
   * The accounts admitted to a market of the assessment zone: nobody else may trade it, or hear its streams, which are
   * to be had with a listen key alone. Undefined for all other markets.
   */
  readonly assessmentAccounts?: ReadonlySet<string> | undefined;
  readonly priceBand: PriceBand | undefined;
  readonly firstOpenTime: number;
}
