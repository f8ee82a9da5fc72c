import type { Fill } from "./fill.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import { add, averagePrice, less, maximum, ratioOf, scale, ZERO_NOTIONAL, ZERO_QUANTITY } from "./money.ts";

type Charged = Pick<Fill, "side" | "quantity" | "notional" | "fee">;
type FeeMarket = Pick<Instrument, "base" | "quote" | "takerFee">;

/**
 * The highest rate these fills were charged, and no less than the market's default: an account may pay more than that.
 * What was charged in an asset of neither side, as in MX, tells no rate.
 */
export function greatestPaidRate(fills: Iterable<Charged>, market: FeeMarket): Ratio {
  let greatest = market.takerFee;
  for (const fill of fills) {
    const rate = rateOf(fill, market);
    if (rate !== undefined) greatest = maximum(greatest, rate);
  }
  return greatest;
}

/**
 * What one unit of base has really cost by these purchases, their fees included. A fee in an asset of neither side counts
 * at the market's default rate, as nobody knows here what it was worth.
 * @returns undefined when they bought nothing
 */
export function costWithFees(buys: Iterable<Charged>, market: FeeMarket): Price | undefined {
  let paid = ZERO_NOTIONAL;
  let bought = ZERO_QUANTITY;
  for (const { quantity, notional, fee } of buys) {
    bought = add(bought, fee.asset === market.base ? less(quantity, fee.quantity) : quantity);
    paid = add(paid, add(notional, feeInQuote(notional, fee, market)));
  }
  return bought > 0n ? averagePrice(paid, bought, "up") : undefined;
}

function feeInQuote(notional: Notional, fee: Fill["fee"], { base, quote, takerFee }: FeeMarket): Notional {
  if (fee.asset === quote) return fee.quantity as bigint as Notional;
  return fee.asset === base ? ZERO_NOTIONAL : scale(notional, takerFee, "up");
}

function rateOf({ quantity, notional, fee }: Charged, { base, quote }: FeeMarket): Ratio | undefined {
  if (fee.asset === quote && notional > 0n) return ratioOf(fee.quantity, notional as bigint as Quantity, "up");
  if (fee.asset === base && quantity > 0n) return ratioOf(fee.quantity, quantity, "up");
  return undefined;
}
