import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { notionalOf, quantityFor, ratio, scale } from "../../core/domain/money.ts";
import type { SimInstrument } from "./instrument.ts";
import type { ExchangeOrder, OrderType } from "./order.ts";
import { remainingOf } from "./order.ts";

/** The fee of an execution, in the quote asset for both sides, as the venue charges it. */
export function feeOf(instrument: SimInstrument, notional: Notional, isMaker: boolean): Quantity {
  return scale(notional, isMaker ? instrument.makerRate : instrument.takerRate, "down") as bigint as Quantity;
}

/** Who pays in MX pays a fifth less. */
const MX_SHARE = ratio("0.8");

/** A fee of so much quote, paid in MX. @param mxPrice is what one MX costs in quote */
export function feeInMx(feeInQuote: Quantity, mxPrice: Price): Quantity {
  return quantityFor(scale(feeInQuote, MX_SHARE, "down") as bigint as Notional, mxPrice, "up");
}

/** Quote a buy must set aside so that it can pay its notional and its fee whichever way it executes. */
export function withFee(instrument: SimInstrument, notional: Notional, type: OrderType): Quantity {
  const rate = type === "LIMIT_MAKER" ? instrument.makerRate : instrument.takerRate;
  return (notional + scale(notional, rate, "up")) as Quantity;
}

/** What a priced order must have set aside for the part that is not executed. */
export function lockFor(instrument: SimInstrument, order: ExchangeOrder): Quantity {
  const left = remainingOf(order);
  if (order.side === "SELL") return left;
  return withFee(instrument, notionalOf(order.price, left, "up"), order.type);
}
