import type { Asset, MarketSymbol } from "./identifiers.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import { isMultipleOf, roundToStep } from "./money.ts";
import type { OrderType, Side } from "./order.ts";
import type { Tradability } from "./tradability.ts";

/** A market with its rules, as last read from the exchange. */
export interface Instrument {
  readonly symbol: MarketSymbol;
  readonly base: Asset;
  readonly quote: Asset;
  readonly fullName: string;
  /** Smallest price step, in quote per base. */
  readonly tickSize: Price;
  /** Smallest quantity step, in base. */
  readonly stepSize: Quantity;
  /** Least base quantity of an order; zero when the exchange states none. */
  readonly minQuantity: Quantity;
  /** Least and greatest notional of a limit order, in quote. */
  readonly minNotional: Notional;
  readonly maxNotional: Notional;
  /** The same for market orders. */
  readonly minNotionalMarket: Notional;
  readonly maxNotionalMarket: Notional;
  readonly orderTypes: readonly OrderType[];
  /** A buy above last × (1 + limit) or a sell below last × (1 − limit) is refused by the exchange; absent when unlimited. */
  readonly priceLimit?: { readonly buyUp: Ratio; readonly sellDown: Ratio };
  /** Default fee rates; the account's own may be lower. */
  readonly makerFee: Ratio;
  readonly takerFee: Ratio;
  readonly tradability: Tradability;
  /** Sides the exchange allows at present. */
  readonly sides: readonly Side[];
  /** The exchange marks the asset as risky ("ST"). */
  readonly riskMarked: boolean;
}

/**
 * Puts a price on the tick so that rounding never raises the trader's risk: a buy is rounded down, a sell up.
 */
export function quantizePrice(instrument: Instrument, side: Side, wanted: Price): Price {
  return roundToStep(wanted, instrument.tickSize, side === "buy" ? "down" : "up");
}

/** Puts a quantity on the step, always downwards: never more than was asked for. */
export function quantizeQuantity(instrument: Pick<Instrument, "stepSize">, wanted: Quantity): Quantity {
  return roundToStep(wanted, instrument.stepSize, "down");
}

export function isOnTick(instrument: Instrument, wanted: Price): boolean {
  return isMultipleOf(wanted, instrument.tickSize);
}
export function isOnStep(instrument: Instrument, wanted: Quantity): boolean {
  return isMultipleOf(wanted, instrument.stepSize);
}
