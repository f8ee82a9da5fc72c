import type { IntendedAt } from "./execution-order.ts";
import { inExecutionOrder, traceOf } from "./execution-order.ts";
import type { Fill } from "./fill.ts";
import type { Asset, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Execution, Lot, LotMethod } from "./lots.ts";
import { averageCost, byExecution, createLotTally, secondOf, unrealised } from "./lots.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { notionalOf, subtract } from "./money.ts";
import type { RoundTrip, SmallestOrder } from "./round-trip.ts";
import { createRoundTripLog } from "./round-trip.ts";

/** The two assets of a market: without them its fills cannot be read. */
export interface MarketAssets {
  readonly symbol: MarketSymbol;
  readonly base: Asset;
  readonly quote: Asset;
}

/** What our fills in one market amount to. Money is in the market's quote. */
export interface Position extends MarketAssets {
  readonly method: LotMethod;
  /** Base that our fills show as bought and not sold. */
  readonly quantity: Quantity;
  /** What it cost, fees in quote and base included. */
  readonly cost: Notional;
  /** Undefined when nothing is held. */
  readonly averageCost: Price | undefined;
  readonly lots: readonly Lot[];
  readonly realised: Notional;
  /** Base sold that our fills do not show as bought; its cost is not known, and `realised` leaves it out. */
  readonly uncovered: Quantity;
  readonly uncoveredProceeds: Notional;
  /** Fees in other assets than base and quote, which `realised` and `cost` leave out. */
  readonly feesElsewhere: ReadonlyMap<Asset, Quantity>;
  readonly fills: number;
  readonly firstAt: Timestamp | undefined;
  readonly lastAt: Timestamp | undefined;
  /** Those that have ended, oldest first. */
  readonly roundTrips: readonly RoundTrip[];
}

/** A position that new fills advance. */
export interface PositionTally {
  /** The next of fills that are in the order in which they count. */
  follow(fill: Execution): void;
  /**
   * One that has come to light since. @returns false when it belongs before one that was counted, or nobody can tell from
   * it alone, as when both sides traded within its second: then nothing is changed, and all have to be counted anew
   */
  add(fill: Execution): boolean;
  position(): Position;
}

/** @param rules the market's, as far as they are known: see `createRoundTripLog`. */
export function createPositionTally(market: MarketAssets, method: LotMethod, rules?: SmallestOrder): PositionTally {
  const tally = createLotTally(market, method);
  const trips = createRoundTripLog(market, rules);
  let fills = 0;
  let firstAt: Timestamp | undefined;
  let last: Execution | undefined;
  let built: Position | undefined;
  /** Of the second of the last one. */
  let sides = new Set<Execution["side"]>();

  function follow(fill: Execution): void {
    if (last === undefined || !isSameSecond(fill, last)) sides = new Set();
    sides.add(fill.side);
    trips.note(fill, tally.add(fill), tally.held);
    fills += 1;
    firstAt ??= fill.at;
    last = fill;
    built = undefined;
  }

  return {
    follow,
    add(fill) {
      if (last !== undefined) {
        const isOpen = isSameSecond(fill, last) && (sides.size > 1 || !sides.has(fill.side));
        if (isOpen || byExecution(fill, last) < 0) return false;
      }
      follow(fill);
      return true;
    },
    position() {
      if (built !== undefined) return built;
      const { lots, held, heldCost, ...book } = tally.book();
      built = {
        symbol: market.symbol,
        base: market.base,
        quote: market.quote,
        method,
        ...book,
        lots,
        quantity: held,
        cost: heldCost,
        averageCost: averageCost({ held, heldCost }),
        fills,
        firstAt,
        lastAt: last?.at,
        roundTrips: trips.closed(),
      };
      return built;
    },
  };
}

/** Of fills in any order; those of other markets are ignored. */
export function positionFromFills(
  market: MarketAssets,
  fills: Iterable<Fill>,
  method: LotMethod,
  intendedAt: IntendedAt,
): Position {
  const tally = createPositionTally(market, method);
  const own = [...fills].filter((fill) => fill.symbol === market.symbol);
  for (const fill of inExecutionOrder(own, (one) => traceOf(one, intendedAt))) tally.follow(fill);
  return tally.position();
}

function isSameSecond(left: Execution, right: Execution): boolean {
  return secondOf(left) === secondOf(right);
}

/** A position at a price: undefined figures are unknown, for want of one. */
export interface PositionValue {
  readonly value: Notional | undefined;
  /** Before the fees of selling. */
  readonly unrealised: Notional | undefined;
  /** With the fees in other assets taken off, where each has a price. */
  readonly realised: Notional;
  /** Fees that `realised` leaves out, because nobody knows their worth. */
  readonly without: ReadonlyMap<Asset, Quantity>;
}

/** @param feeValue what a fee in another asset is worth in quote; undefined when nobody knows. */
export function valuePosition(
  position: Position,
  price: Price | undefined,
  feeValue: (asset: Asset, quantity: Quantity) => Notional | undefined,
): PositionValue {
  const held = { held: position.quantity, heldCost: position.cost };
  const without = new Map<Asset, Quantity>();
  let realised = position.realised;
  for (const [asset, quantity] of position.feesElsewhere) {
    const value = feeValue(asset, quantity);
    if (value === undefined) without.set(asset, quantity);
    else realised = subtract(realised, value);
  }
  return {
    value: price === undefined ? undefined : notionalOf(price, position.quantity, "half-even"),
    unrealised: price === undefined ? undefined : unrealised(held, price),
    realised,
    without,
  };
}
