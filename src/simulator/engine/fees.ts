import type { Notional, Quantity } from "../../core/domain/money.ts";
import { notionalOf, scale } from "../../core/domain/money.ts";
import type { SimInstrument } from "./instrument.ts";
import type { ExchangeOrder, OrderType } from "./order.ts";
import { remainingOf } from "./order.ts";

/** The fee of an execution, in the quote asset for both sides, as the venue charges it. */
export function feeOf(instrument: SimInstrument, notional: Notional, isMaker: boolean): Quantity {
  return scale(notional, isMaker ? instrument.makerRate : instrument.takerRate, "down") as bigint as Quantity;
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
