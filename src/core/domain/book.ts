import type { MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Price, Quantity } from "./money.ts";
import type { Side } from "./order.ts";

/** One row of the ladder: all the quantity resting at one price. */
export interface Level {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** `live` follows the exchange push by push; `syncing` is being fetched; `stale` stopped following and says so. */
export type BookState = "syncing" | "live" | "stale";

/** A frozen look at a book, best level first on each side. */
export interface Book {
  readonly symbol: MarketSymbol;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly state: BookState;
  /** When the exchange sent the newest change in it. */
  readonly at: Timestamp;
}

/** Read access to a ladder that goes on changing; valid only within the call it is handed to. */
export interface LadderView {
  /** Bids are the side `buy`, asks the side `sell`; the best level first. */
  top(side: Side, count: number): readonly Level[];
  best(side: Side): Level | undefined;
  /** Levels held on a side. */
  depth(side: Side): number;
}

export interface Ladder extends LadderView {
  /** Puts the absolute quantity at a price; zero removes the level. */
  set(side: Side, price: Price, quantity: Quantity): void;
  clear(): void;
}

/**
 * A mutable order book for the hot path: sorted arrays, the best level at the end, because nearly every change falls
 * near the best price and then moves only a few elements.
 */
export function createLadder(): Ladder {
  const sides = { buy: createSide(1n), sell: createSide(-1n) };
  return {
    set: (side, price, quantity) => sides[side].set(price, quantity),
    clear: () => {
      sides.buy.clear();
      sides.sell.clear();
    },
    top: (side, count) => sides[side].top(count),
    best: (side) => sides[side].top(1)[0],
    depth: (side) => sides[side].depth(),
  };
}

/** `direction` 1 keeps the highest price last (bids), −1 the lowest (asks). */
function createSide(direction: 1n | -1n) {
  const keys: bigint[] = [];
  const quantities: Quantity[] = [];
  return {
    set(price: Price, quantity: Quantity): void {
      const key = price * direction;
      let low = 0;
      let high = keys.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((keys[middle] as bigint) < key) low = middle + 1;
        else high = middle;
      }
      const present = keys[low] === key;
      if (quantity === 0n) {
        if (!present) return;
        keys.splice(low, 1);
        quantities.splice(low, 1);
      } else if (present) {
        quantities[low] = quantity;
      } else {
        keys.splice(low, 0, key);
        quantities.splice(low, 0, quantity);
      }
    },
    clear(): void {
      keys.length = 0;
      quantities.length = 0;
    },
    top(count: number): readonly Level[] {
      const levels: Level[] = [];
      for (let index = keys.length - 1; index >= 0 && levels.length < count; index -= 1) {
        levels.push({ price: ((keys[index] as bigint) * direction) as Price, quantity: quantities[index] as Quantity });
      }
      return levels;
    },
    depth: () => keys.length,
  };
}
