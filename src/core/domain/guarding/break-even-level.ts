import type { Instrument } from "../instrument.ts";
import type { Price, Ratio } from "../money.ts";
import {
  add,
  averagePrice,
  ratio,
  ratioOf,
  roundToStep,
  scale,
  subtract,
  ZERO_NOTIONAL,
  ZERO_QUANTITY,
} from "../money.ts";
import type { GuardView } from "./guard-view.ts";

const ONE = ratio("1");

/**
 * The price at which a sale gives back what was paid, the fees of both ways included, and this much more; up to the next
 * tick. The market's own fee is taken for both ways: an account may pay less, never more.
 */
export function breakEvenLevel(entryPrice: Price, instrument: Instrument, offset: Ratio): Price {
  const bothWays = ratioOf(add(ONE, instrument.takerFee), subtract(ONE, instrument.takerFee), "up");
  const wanted = scale(scale(entryPrice, bothWays, "up"), add(ONE, offset), "up");
  return roundToStep(wanted, instrument.tickSize, "up");
}

/** What the covered base cost a unit: as it was said when armed, else the average of what the entry filled. */
export function entryPriceOf({ protection, orders, fills }: GuardView): Price | undefined {
  const { coverage, entryPrice } = protection;
  if (entryPrice !== undefined || coverage.kind !== "entry") return entryPrice;
  const orderId = orders.get(coverage.clientOrderId)?.orderId;
  let paid = ZERO_NOTIONAL;
  let bought = ZERO_QUANTITY;
  for (const fill of fills) {
    if (fill.side !== "buy") continue;
    if (fill.clientOrderId !== coverage.clientOrderId && fill.orderId !== orderId) continue;
    paid = add(paid, fill.notional);
    bought = add(bought, fill.quantity);
  }
  return bought > 0n ? averagePrice(paid, bought, "up") : undefined;
}
