import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import { maximum, quantityFor, ratio, scale } from "./money.ts";
import type { OrderType } from "./order.ts";

/** What an account pays for trading on a market. */
export interface FeeTerms {
  readonly makerRate: Ratio;
  readonly takerRate: Ratio;
  /** Set when the account lets its fees be taken in MX. */
  readonly inMx?: {
    /** Quote for one MX; absent when there is no market to tell. */
    readonly price?: Price;
  };
}

/** Who pays in MX pays a fifth less. */
const MX_SHARE = ratio("0.8");

/** The market's default terms; the account's own may be better. */
export function defaultFeeTerms(instrument: Instrument): FeeTerms {
  return { makerRate: instrument.makerFee, takerRate: instrument.takerFee };
}

/** The most an order of a type can be charged: only what never takes is sure of the maker's rate. */
export function greatestRate(terms: FeeTerms, type: OrderType): Ratio {
  switch (type) {
    case "post-only":
      return terms.makerRate;
    case "limit":
      return maximum(terms.makerRate, terms.takerRate);
    case "market":
    case "immediate-or-cancel":
    case "fill-or-kill":
      return terms.takerRate;
  }
}

/** The fee of a notional in MX, rounded up. Undefined without a price of MX. */
export function feeInMx(fee: Notional, mxPrice: Price | undefined): Quantity | undefined {
  if (mxPrice === undefined || mxPrice <= 0n) return undefined;
  return quantityFor(scale(fee, MX_SHARE, "up"), mxPrice, "up");
}
