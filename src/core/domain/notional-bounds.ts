import type { Instrument } from "./instrument.ts";
import type { Notional } from "./money.ts";
import type { OrderType } from "./order.ts";

/** What one order may be worth; a `greatest` of zero is no bound. Market orders have bounds of their own. */
export function notionalBounds(
  instrument: Instrument,
  type: OrderType,
): { readonly least: Notional; readonly greatest: Notional } {
  return type === "market"
    ? { least: instrument.minNotionalMarket, greatest: instrument.maxNotionalMarket }
    : { least: instrument.minNotional, greatest: instrument.maxNotional };
}
