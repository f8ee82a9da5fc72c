import type { Level } from "./book.ts";
import type { Notional, Price, Quantity, Ratio } from "./money.ts";
import {
  add,
  averagePrice,
  minimum,
  notionalOf,
  quantityFor,
  ratioOf,
  roundToStep,
  subtract,
  ZERO_NOTIONAL,
  ZERO_QUANTITY,
} from "./money.ts";
import type { OrderSize, Side } from "./order.ts";

/** What an order would meet if it arrived at the book as it was seen. */
export interface BookWalk {
  readonly quantity: Quantity;
  readonly notional: Notional;
  /** Absent when nothing would trade. */
  readonly average?: Price;
  readonly worst?: Price;
  /** How far the average lies from the best price, always as a loss: 0.001 is a tenth of a per cent worse. */
  readonly slippage?: Ratio;
  /** Levels it would take from, wholly or in part. */
  readonly levels: number;
  /** What finds no counterpart within its limit and the levels known, in the unit of the order's size. */
  readonly rest: OrderSize;
}

/**
 * Walks the levels on the other side, best first, as a matching engine would.
 * @param limit the worst price it may pay or get; none for a market order
 * @param stepSize what a quote amount is cut down to at the level where it ends
 */
export function walkBook(
  levels: readonly Level[],
  side: Side,
  size: OrderSize,
  stepSize: Quantity,
  limit?: Price,
): BookWalk {
  let quantity = ZERO_QUANTITY;
  let notional = ZERO_NOTIONAL;
  let taken = 0;
  let worst: Price | undefined;
  let ended = false;
  for (const level of levels) {
    if (limit !== undefined && (side === "buy" ? level.price > limit : level.price < limit)) break;
    const wanted =
      size.kind === "base"
        ? subtract(size.quantity, quantity)
        : roundToStep(quantityFor(subtract(size.notional, notional), level.price, "down"), stepSize, "down");
    if (wanted <= 0n) {
      ended = true;
      break;
    }
    const part = minimum(wanted, level.quantity);
    quantity = add(quantity, part);
    notional = add(notional, notionalOf(level.price, part, side === "buy" ? "up" : "down"));
    worst = level.price;
    taken += 1;
    if (part === wanted) {
      ended = true;
      break;
    }
  }
  return {
    quantity,
    notional,
    levels: taken,
    rest: restOf(size, quantity, notional, ended),
    ...(worst === undefined ? {} : pricesOf(side, levels[0]?.price ?? worst, worst, quantity, notional)),
  };
}

/** Whether all of it would trade; a quote amount may leave less than a step of base unspent. */
export function isWholly(walk: BookWalk): boolean {
  return walk.rest.kind === "base" ? walk.rest.quantity === 0n : walk.rest.notional === 0n;
}

function restOf(size: OrderSize, quantity: Quantity, notional: Notional, ended: boolean): OrderSize {
  if (size.kind === "base") return { kind: "base", quantity: subtract(size.quantity, quantity) };
  return { kind: "quote", notional: ended ? ZERO_NOTIONAL : subtract(size.notional, notional) };
}

function pricesOf(side: Side, best: Price, worst: Price, quantity: Quantity, notional: Notional) {
  const average = averagePrice(notional, quantity, side === "buy" ? "up" : "down");
  const away = side === "buy" ? subtract(average, best) : subtract(best, average);
  return { average, worst, slippage: ratioOf(away, best, "up") };
}
