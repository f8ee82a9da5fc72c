import { averagePrice, less, maximum, ZERO_QUANTITY } from "./money.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import type { Order } from "./order.ts";
import { orderedQuantity } from "./order.ts";

/** What an order has executed, in base and quote. What nobody has told yet is `undefined`, never zero. */
export interface OrderExecution {
  readonly quantity: Quantity;
  readonly notional: Notional | undefined;
  /** Rounded half to even; `undefined` while nothing is executed or its worth is not known. */
  readonly averagePrice: Price | undefined;
  /** Executed by the exchange's word, while the fills behind it are still to be read. */
  readonly missingFills: Quantity;
}

/** The exchange may have told of an execution whose fills we have not read yet: then its sums are what is known. */
export function executionOf(order: Order): OrderExecution {
  const quantity = executedQuantity(order);
  const isWhole = quantity === order.filledQuantity;
  const told = order.reportedNotional > order.filledNotional ? order.reportedNotional : undefined;
  const notional = isWhole ? order.filledNotional : told;
  return {
    quantity,
    notional,
    averagePrice: quantity === 0n || notional === undefined ? undefined : averagePrice(notional, quantity, "half-even"),
    missingFills: missingFills(order),
  };
}

/** Base units. An order nobody knows of has executed nothing. */
export function executedQuantity(order: Order | undefined): Quantity {
  return order === undefined ? ZERO_QUANTITY : maximum(order.reportedQuantity, order.filledQuantity);
}

/** Executed but not yet held as fills: what a back-fill must bring. Zero when the two agree. */
export function missingFills(order: Order): Quantity {
  return less(order.reportedQuantity, order.filledQuantity);
}

/** Base units that an order of a size in base may still trade; zero for one that is sized in quote. */
export function stillToTrade(order: Order): Quantity {
  const ordered = orderedQuantity(order);
  return ordered === undefined ? ZERO_QUANTITY : less(ordered, executedQuantity(order));
}
