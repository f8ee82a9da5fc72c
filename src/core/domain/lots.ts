import type { Fill } from "./fill.ts";
import type { Asset, Timestamp, TradeId } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { add, averagePrice, minimum, notionalOf, subtract, ZERO_NOTIONAL, ZERO_QUANTITY } from "./money.ts";

/** What of a fill the books of one market need. */
export type Execution = Pick<Fill, "tradeId" | "side" | "quantity" | "notional" | "fee" | "at">;

/** Base bought by one fill and still held, with what it cost. */
export interface Lot {
  /** With average cost the oldest fill of those that were merged. */
  readonly tradeId: TradeId;
  readonly at: Timestamp;
  readonly quantity: Quantity;
  /** In quote, fees in quote included; shrinks with the quantity as the lot is sold. */
  readonly cost: Notional;
}

export type LotMethod = "fifo" | "average-cost";
export const LOT_METHODS: readonly LotMethod[] = ["fifo", "average-cost"];

/** What a sequence of fills of one market amounts to. Amounts are in quote where nothing else is said. */
export interface LotBook {
  /** Oldest first. With average cost there is at most one. */
  readonly lots: readonly Lot[];
  readonly held: Quantity;
  readonly heldCost: Notional;
  /** Proceeds net of quote fees minus the cost of what was sold. */
  readonly realised: Notional;
  /** Sold beyond what the fills show as bought: held from before, at an unknown cost, so it realises nothing here. */
  readonly uncovered: Quantity;
  /** What the uncovered base was sold for, net of quote fees: money that came in, and no gain that anyone can name. */
  readonly uncoveredProceeds: Notional;
  /** Fees paid in assets other than base and quote, by asset; their worth in quote is not known here. */
  readonly feesElsewhere: ReadonlyMap<Asset, Quantity>;
}

/** What one sale did to the lots. */
export interface Closing {
  /** The lots it took from, oldest first, each with the part it took and what that part had cost. */
  readonly from: readonly Lot[];
  readonly realised: Notional;
  readonly uncovered: Quantity;
}

/** The lots of one market, advanced fill by fill in the order of execution; a fill costs the same however many came. */
export interface LotTally {
  /** @returns what a sale closed; undefined for a buy. */
  add(fill: Execution): Closing | undefined;
  /** How much base is held at this point, and what it cost. */
  readonly held: Quantity;
  readonly heldCost: Notional;
  /** A copy: later fills do not change it. */
  book(): LotBook;
}

/** Taken lots are dropped from the front of the list this many at a time. */
const COMPACT_AT = 1_024;

export function createLotTally(market: { readonly base: string; readonly quote: string }, method: LotMethod): LotTally {
  let lots: Lot[] = [];
  /** The first lot that is left; those before it are used up. */
  let first = 0;
  let held = ZERO_QUANTITY;
  let heldCost = ZERO_NOTIONAL;
  let realised = ZERO_NOTIONAL;
  let uncovered = ZERO_QUANTITY;
  let uncoveredProceeds = ZERO_NOTIONAL;
  const feesElsewhere = new Map<Asset, Quantity>();

  function put(lot: Lot): void {
    held = add(held, lot.quantity);
    heldCost = add(heldCost, lot.cost);
    const last = lots[first];
    if (method === "fifo" || last === undefined) lots.push(lot);
    else lots[first] = { ...last, quantity: add(last.quantity, lot.quantity), cost: add(last.cost, lot.cost) };
  }

  /** Takes the oldest base first. A part of a lot takes the same part of its cost, and never leaves a crumb behind. */
  function take(wanted: Quantity): {
    readonly from: readonly Lot[];
    readonly cost: Notional;
    readonly taken: Quantity;
  } {
    let missing = wanted;
    let cost = ZERO_NOTIONAL;
    const from: Lot[] = [];
    for (let lot = lots[first]; missing > 0n && lot !== undefined; lot = lots[first]) {
      const quantity = minimum(lot.quantity, missing);
      const isWhole = quantity === lot.quantity;
      const part: Lot = isWhole
        ? lot
        : { ...lot, quantity, cost: (((lot.cost as bigint) * quantity) / lot.quantity) as Notional };
      from.push(part);
      cost = add(cost, part.cost);
      missing = subtract(missing, quantity);
      if (isWhole) first += 1;
      else lots[first] = { ...lot, quantity: subtract(lot.quantity, quantity), cost: subtract(lot.cost, part.cost) };
    }
    if (first >= COMPACT_AT && first * 2 > lots.length) {
      lots = lots.slice(first);
      first = 0;
    }
    const taken = subtract(wanted, missing);
    held = subtract(held, taken);
    heldCost = subtract(heldCost, cost);
    return { from, cost, taken };
  }

  function buy(fill: Execution, feeInBase: Quantity, feeInQuote: Notional): void {
    const quantity = subtract(fill.quantity, feeInBase);
    const cost = add(fill.notional, feeInQuote);
    if (quantity > 0n) {
      put({ tradeId: fill.tradeId, at: fill.at, quantity, cost });
      return;
    }
    // The fee ate it all, and maybe older base: nothing is left that could carry the cost.
    const eaten = take(subtract(ZERO_QUANTITY, quantity));
    realised = subtract(realised, add(cost, eaten.cost));
    uncovered = subtract(subtract(uncovered, quantity), eaten.taken);
  }

  function sell(fill: Execution, feeInBase: Quantity, feeInQuote: Notional): Closing {
    const wanted = add(fill.quantity, feeInBase);
    const { from, cost, taken } = take(wanted);
    const proceeds = subtract(fill.notional, feeInQuote);
    // Only the covered part has a cost, so only its share of the proceeds is a gain or a loss.
    const covered = minimum(taken, fill.quantity);
    const share =
      covered === fill.quantity ? proceeds : ((((proceeds as bigint) * covered) / fill.quantity) as Notional);
    const gain = subtract(share, cost);
    const missing = subtract(wanted, taken);
    realised = add(realised, gain);
    uncovered = add(uncovered, missing);
    uncoveredProceeds = add(uncoveredProceeds, subtract(proceeds, share));
    return { from, realised: gain, uncovered: missing };
  }

  return {
    add(fill) {
      const { asset, quantity } = fill.fee;
      const isBase = asset === market.base;
      const isQuote = asset === market.quote;
      if (!isBase && !isQuote && quantity !== 0n) {
        feesElsewhere.set(asset, add(feesElsewhere.get(asset) ?? ZERO_QUANTITY, quantity));
      }
      const feeInBase = isBase ? quantity : ZERO_QUANTITY;
      const feeInQuote = isQuote ? (quantity as bigint as Notional) : ZERO_NOTIONAL;
      if (fill.side === "sell") return sell(fill, feeInBase, feeInQuote);
      buy(fill, feeInBase, feeInQuote);
      return undefined;
    },
    get held() {
      return held;
    },
    get heldCost() {
      return heldCost;
    },
    book: () => ({
      lots: lots.slice(first),
      held,
      heldCost,
      realised,
      uncovered,
      uncoveredProceeds,
      feesElsewhere: new Map(feesElsewhere),
    }),
  };
}

/** Cost of one base unit still held. Undefined when nothing is held. */
export function averageCost(book: Pick<LotBook, "held" | "heldCost">): Price | undefined {
  return book.held === 0n ? undefined : averagePrice(book.heldCost, book.held, "half-even");
}

/** What the held base would bring at a price minus its cost, before the fees of selling. */
export function unrealised(book: Pick<LotBook, "held" | "heldCost">, at: Price): Notional {
  return subtract(notionalOf(at, book.held, "half-even"), book.heldCost);
}

/**
 * The order in which fills count, as far as a fill tells by itself: by whole seconds, and buys first within one, because a
 * sale that seems to come before its buy would look like base of unknown cost. Where both sides traded within a second,
 * `inExecutionOrder` knows more.
 */
export function byExecution(left: Execution, right: Execution): number {
  return (
    secondOf(left) - secondOf(right) ||
    sideRank(left) - sideRank(right) ||
    left.at - right.at ||
    left.tradeId.length - right.tradeId.length ||
    (left.tradeId < right.tradeId ? -1 : left.tradeId === right.tradeId ? 0 : 1)
  );
}

/** All that the exchange's lists tell of a time. */
export function secondOf({ at }: Pick<Execution, "at">): number {
  return Math.floor(at / 1_000);
}

function sideRank({ side }: Execution): number {
  return side === "buy" ? 0 : 1;
}
