import type { Price, Quantity } from "../../core/domain/money.ts";
import type { ExchangeOrder, Side } from "./order.ts";

/** An order standing in the book. The makers of the house have no owner. */
export interface RestingOrder {
  readonly side: Side;
  readonly price: Price;
  remaining: Quantity;
  readonly owner: ExchangeOrder | undefined;
}

export interface BookLevel {
  readonly price: Price;
  total: Quantity;
  /** First come, first served. */
  readonly queue: RestingOrder[];
}

/** Told of every change of a level with its new total; zero means the level is gone. */
export type LevelListener = (side: Side, price: Price, total: Quantity) => void;

/** Price–time ordered book of one market. Every change of a level raises the version by exactly one. */
export class OrderBook {
  // Both sides are kept from the worst to the best price, so that the busy end of the array is the cheap one.
  readonly #bids: BookLevel[] = [];
  readonly #asks: BookLevel[] = [];
  readonly #onChange: LevelListener;
  #version: number;
  #newestOrderAt = 0;

  constructor(firstVersion: number, onChange: LevelListener = () => undefined) {
    this.#version = firstVersion;
    this.#onChange = onChange;
  }

  get version(): number {
    return this.#version;
  }

  /** When the newest order was created that came to stand here, in ms; 0 when none did. */
  get newestOrderAt(): number {
    return this.#newestOrderAt;
  }

  add(order: RestingOrder, createdAt = 0): void {
    this.#newestOrderAt = Math.max(this.#newestOrderAt, createdAt);
    const levels = this.#side(order.side);
    const at = position(levels, order.side, order.price);
    let level = levels[at];
    if (level?.price !== order.price) {
      level = { price: order.price, total: 0n as Quantity, queue: [] };
      levels.splice(at, 0, level);
    }
    level.queue.push(order);
    level.total = (level.total + order.remaining) as Quantity;
    this.#changed(order.side, level);
  }

  /** Takes `amount` off a resting order, and the order out of the book when nothing is left. */
  reduce(order: RestingOrder, amount: Quantity): void {
    const levels = this.#side(order.side);
    const at = position(levels, order.side, order.price);
    const level = levels[at];
    const place = level?.price === order.price ? level.queue.indexOf(order) : -1;
    if (level === undefined || place < 0) throw new Error("the order does not rest in this book");
    if (amount > order.remaining) throw new Error("an order cannot give more than it has");
    order.remaining = (order.remaining - amount) as Quantity;
    level.total = (level.total - amount) as Quantity;
    if (order.remaining === 0n) level.queue.splice(place, 1);
    if (level.queue.length === 0) levels.splice(at, 1);
    this.#changed(order.side, level);
  }

  remove(order: RestingOrder): void {
    this.reduce(order, order.remaining);
  }

  best(side: Side): BookLevel | undefined {
    const levels = this.#side(side);
    return levels[levels.length - 1];
  }

  /** The levels of a side from the best price on. */
  *levels(side: Side): Generator<BookLevel, void, undefined> {
    const levels = this.#side(side);
    for (let at = levels.length - 1; at >= 0; at -= 1) {
      const level = levels[at];
      if (level !== undefined) yield level;
    }
  }

  /** The best `limit` levels of a side, best first. */
  top(side: Side, limit: number): readonly BookLevel[] {
    const levels = this.#side(side);
    return levels.slice(Math.max(0, levels.length - limit)).toReversed();
  }

  /** Every order of a side, best price first and oldest first, as it stands now. */
  orders(side: Side): readonly RestingOrder[] {
    return [...this.levels(side)].flatMap((level) => level.queue);
  }

  #side(side: Side): BookLevel[] {
    return side === "BUY" ? this.#bids : this.#asks;
  }

  #changed(side: Side, level: BookLevel): void {
    this.#version += 1;
    this.#onChange(side, level.price, level.total);
  }
}

/** Index of the level of this price, or where it would have to stand. */
function position(levels: readonly BookLevel[], side: Side, price: Price): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = levels[middle]?.price ?? price;
    if (side === "BUY" ? there < price : there > price) low = middle + 1;
    else high = middle;
  }
  return low;
}
