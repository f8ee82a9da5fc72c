import type { Fill } from "./fill.ts";
import type { Timestamp, TradeId } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import {
  add,
  averagePrice,
  minimum,
  notionalOf,
  scale,
  ratioOf,
  subtract,
  ZERO_NOTIONAL,
  ZERO_QUANTITY,
} from "./money.ts";

/** Base bought by one fill and still held, with what it cost. */
export interface Lot {
  readonly tradeId: TradeId;
  readonly at: Timestamp;
  readonly quantity: Quantity;
  /** In quote, fees in quote included; shrinks with the quantity as the lot is sold. */
  readonly cost: Notional;
}

export type LotMethod = "fifo" | "average-cost";

/** What a sequence of fills of one market amounts to. */
export interface LotBook {
  /** Oldest first. With average cost there is at most one. */
  readonly lots: readonly Lot[];
  /** Proceeds net of quote fees minus the cost of what was sold, in quote. */
  readonly realised: Notional;
  /** Sold beyond what the fills show as bought: held from before, at an unknown cost, so it realises nothing here. */
  readonly uncovered: Quantity;
  /** Fees paid in assets other than base and quote; their worth in quote is not known here. */
  readonly feesElsewhere: readonly Fill["fee"][];
}

export const NO_LOTS: LotBook = { lots: [], realised: ZERO_NOTIONAL, uncovered: ZERO_QUANTITY, feesElsewhere: [] };

/** Adds one fill, in the order of execution. */
export function applyFillToLots(
  book: LotBook,
  fill: Fill,
  market: { readonly base: string; readonly quote: string },
  method: LotMethod,
): LotBook {
  const feeInQuote = fill.fee.asset === market.quote ? (fill.fee.quantity as bigint as Notional) : ZERO_NOTIONAL;
  const feeInBase = fill.fee.asset === market.base ? fill.fee.quantity : ZERO_QUANTITY;
  const elsewhere = fill.fee.asset === market.quote || fill.fee.asset === market.base || fill.fee.quantity === 0n;
  const feesElsewhere = elsewhere ? book.feesElsewhere : [...book.feesElsewhere, fill.fee];
  if (fill.side === "buy") {
    const lot: Lot = {
      tradeId: fill.tradeId,
      at: fill.at,
      quantity: subtract(fill.quantity, feeInBase),
      cost: add(fill.notional, feeInQuote),
    };
    return { ...book, lots: method === "fifo" ? [...book.lots, lot] : mergeLots([...book.lots, lot]), feesElsewhere };
  }
  const sold = takeLots(book.lots, add(fill.quantity, feeInBase));
  const proceeds = subtract(fill.notional, feeInQuote);
  // Only the covered part has a cost, so only its share of the proceeds is a gain or a loss.
  const covered = subtract(fill.quantity, minimum(sold.missing, fill.quantity));
  const share = covered === fill.quantity ? proceeds : scale(proceeds, ratioOf(covered, fill.quantity, "down"), "down");
  return {
    lots: sold.left,
    realised: covered === 0n ? book.realised : add(book.realised, subtract(share, sold.cost)),
    uncovered: add(book.uncovered, sold.missing),
    feesElsewhere,
  };
}

/** Takes the oldest base first. A part of a lot takes the same part of its cost, and never leaves a crumb behind. */
function takeLots(
  lots: readonly Lot[],
  wanted: Quantity,
): { readonly left: readonly Lot[]; readonly cost: Notional; readonly missing: Quantity } {
  let missing = wanted;
  let cost = ZERO_NOTIONAL;
  const left: Lot[] = [];
  for (const lot of lots) {
    const taken = minimum(lot.quantity, missing);
    if (taken === 0n) {
      left.push(lot);
      continue;
    }
    const takenCost = taken === lot.quantity ? lot.cost : ((((lot.cost as bigint) * taken) / lot.quantity) as Notional);
    cost = add(cost, takenCost);
    missing = subtract(missing, taken);
    if (taken < lot.quantity) {
      left.push({ ...lot, quantity: subtract(lot.quantity, taken), cost: subtract(lot.cost, takenCost) });
    }
  }
  return { left, cost, missing };
}

function mergeLots(lots: readonly Lot[]): readonly Lot[] {
  const [first, ...rest] = lots;
  if (first === undefined) return [];
  return [
    rest.reduce(
      (merged, lot) => ({ ...merged, quantity: add(merged.quantity, lot.quantity), cost: add(merged.cost, lot.cost) }),
      first,
    ),
  ];
}

export function heldQuantity(book: LotBook): Quantity {
  return book.lots.reduce((sum, lot) => add(sum, lot.quantity), ZERO_QUANTITY);
}

export function heldCost(book: LotBook): Notional {
  return book.lots.reduce((sum, lot) => add(sum, lot.cost), ZERO_NOTIONAL);
}

/** Cost of one base unit still held. Undefined when nothing is held. */
export function averageCost(book: LotBook): Price | undefined {
  const quantity = heldQuantity(book);
  return quantity === 0n ? undefined : averagePrice(heldCost(book), quantity, "half-even");
}

/** What the held base would bring at a price minus its cost, before the fees of selling. */
export function unrealised(book: LotBook, at: Price): Notional {
  return subtract(notionalOf(at, heldQuantity(book), "half-even"), heldCost(book));
}
