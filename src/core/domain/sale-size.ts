import type { Instrument } from "./instrument.ts";
import { quantizeQuantity } from "./instrument.ts";
import type { Price, Quantity } from "./money.ts";
import { formatMoney, minimum, notionalOf, quantityFor, subtract } from "./money.ts";
import { notionalBounds } from "./notional-bounds.ts";
import type { OrderType } from "./order.ts";

/** How a sale would leave, and what one unit of it is expected to bring: the exchange's bounds are judged by it. */
export interface SaleTerms {
  readonly type: OrderType;
  readonly expectedPrice: Price;
}

/** Why no sale of this much is ever taken, whatever the price. */
export function belowLeast({ base, stepSize, minQuantity }: Instrument, quantity: Quantity): string | undefined {
  if (quantity < stepSize) return `less than one step of ${formatMoney(stepSize)} ${base}`;
  if (quantity < minQuantity) return `below the least quantity of ${formatMoney(minQuantity)} ${base}`;
  return undefined;
}

/** Why the exchange would not take a sale of this much, in words; undefined when it would. */
export function tooSmall(instrument: Instrument, quantity: Quantity, terms: SaleTerms): string | undefined {
  const { quote } = instrument;
  const short = belowLeast(instrument, quantity);
  if (short !== undefined) return short;
  const { least } = notionalBounds(instrument, terms.type);
  const worth = notionalOf(terms.expectedPrice, quantity, "down");
  return worth < least
    ? `worth ${formatMoney(worth)} ${quote}, below the least of ${formatMoney(least)} ${quote}`
    : undefined;
}

/** On the step, and no more than the exchange takes in one order: the rest goes with the next, large enough to be taken. */
export function saleQuantity(instrument: Instrument, wanted: Quantity, terms: SaleTerms): Quantity {
  const { greatest: most } = notionalBounds(instrument, terms.type);
  const capped = quantizeQuantity(
    instrument,
    most > 0n ? minimum(wanted, quantityFor(most, terms.expectedPrice, "down")) : wanted,
  );
  const left = quantizeQuantity(instrument, subtract(wanted, capped));
  const evenly = left > 0n && tooSmall(instrument, left, terms) !== undefined ? ((wanted / 2n) as Quantity) : capped;
  return quantizeQuantity(instrument, evenly);
}
