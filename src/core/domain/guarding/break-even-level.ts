import type { Instrument } from "../instrument.ts";
import type { Price, Ratio } from "../money.ts";
import { add, ratio, ratioOf, roundToStep, scale, subtract } from "../money.ts";
import { costWithFees } from "../paid-fees.ts";
import type { GuardView } from "./guard-view.ts";

const ONE = ratio("1");

/**
 * The price at which a sale gives back what was paid and its own fee, and this much more; up to the next tick.
 * @param cost what one unit cost, the fees of the purchase included
 * @param saleRate the most that the sale is charged
 */
export function breakEvenLevel(cost: Price, saleRate: Ratio, { tickSize }: Instrument, offset: Ratio): Price {
  const grossed = scale(cost, ratioOf(ONE, subtract(ONE, saleRate), "up"), "up");
  return roundToStep(scale(grossed, add(ONE, offset), "up"), tickSize, "up");
}

/**
 * What the covered base cost a unit, fees included: by the fills of the entry, else as it was said when armed. What was
 * expected of an entry is not what it paid.
 */
export function coveredCost({ protection, orders, fills, instrument }: GuardView): Price | undefined {
  const { coverage, entryPrice } = protection;
  if (coverage.kind !== "entry") return entryPrice;
  const orderId = orders.get(coverage.clientOrderId)?.orderId;
  const its = fills.filter(
    (fill) => fill.side === "buy" && (fill.clientOrderId === coverage.clientOrderId || fill.orderId === orderId),
  );
  return costWithFees(its, instrument);
}
