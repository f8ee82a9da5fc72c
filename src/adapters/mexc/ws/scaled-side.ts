import type { Level } from "../../../core/domain/book.ts";
import type { Price, Quantity } from "../../../core/domain/money.ts";
import { MONEY_DECIMALS } from "../../../core/domain/money.ts";

const POWERS = Array.from({ length: MONEY_DECIMALS + 1 }, (_, exponent) => 10 ** exponent);
const FEWEST_SLOTS = 256;
/** No price is negative. */
const EMPTY = -1;
/** 2^32 divided by the golden ratio: spreads prices that all are multiples of some step. */
const SPREAD = 0x9e3779b1;

/**
 * One side of a book in whole numbers at the side's own scale: exact while they stay below 2^53, and many times faster
 * to take in than bigints. Quantities stand in a hash table by price, so that a change of a known price, which nearly
 * all are, costs one look; beside it the prices are kept in order. A price whose level is gone stays known, with the
 * quantity zero, until too many of them have gathered.
 */
export class ScaledSide {
  /** 1 keeps the highest price last (bids), −1 the lowest (asks), whose prices then stand negative in the order. */
  readonly #direction: 1 | -1;
  /** Slots of a price and its quantity; a power of two of them, at most half of them used. */
  #table = new Float64Array(0);
  #shift = 0;
  /** All known prices in ascending order. */
  #order = new Float64Array(0);
  #known = 0;
  #priceDecimals = 0;
  #quantityDecimals = 0;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
    this.clear();
  }

  /** Levels held. Counted when asked, because counting along at every change costs more than looking now and then. */
  get depth(): number {
    let count = 0;
    for (let at = 0; at < this.#known; at += 1) if (this.#table[this.#slotAt(at) + 1] !== 0) count += 1;
    return count;
  }

  clear(): void {
    this.#known = 0;
    this.#priceDecimals = 0;
    this.#quantityDecimals = 0;
    this.#resize(FEWEST_SLOTS);
  }

  /**
   * Puts the absolute quantity at a price; zero removes the level. Each comes as its digits and its decimals.
   * @returns false, and no level has changed, when a number cannot be held exactly
   */
  set(priceDigits: number, priceDecimals: number, quantityDigits: number, quantityDecimals: number): boolean {
    if (priceDecimals > this.#priceDecimals && !this.#rescale(priceDecimals, this.#quantityDecimals)) return false;
    if (quantityDecimals > this.#quantityDecimals && !this.#rescale(this.#priceDecimals, quantityDecimals))
      return false;
    const price = priceDigits * (POWERS[this.#priceDecimals - priceDecimals] as number);
    const quantity = quantityDigits * (POWERS[this.#quantityDecimals - quantityDecimals] as number);
    if (price > Number.MAX_SAFE_INTEGER || quantity > Number.MAX_SAFE_INTEGER) return false;
    const slot = this.#find(price);
    const table = this.#table;
    if (table[slot] === price) table[slot + 1] = quantity;
    else if (quantity !== 0) this.#add(slot, price, quantity);
    return true;
  }

  /** The best level first. */
  top(count: number): readonly Level[] {
    const priceUnit = 10n ** BigInt(MONEY_DECIMALS - this.#priceDecimals);
    const quantityUnit = 10n ** BigInt(MONEY_DECIMALS - this.#quantityDecimals);
    const levels: Level[] = [];
    let gone = 0;
    for (let at = this.#known - 1; at >= 0 && levels.length < count; at -= 1) {
      const price = (this.#order[at] as number) * this.#direction;
      const quantity = this.#table[this.#find(price) + 1] as number;
      if (quantity === 0) {
        gone += 1;
        continue;
      }
      levels.push({
        price: (BigInt(price) * priceUnit) as Price,
        quantity: (BigInt(quantity) * quantityUnit) as Quantity,
      });
    }
    // After a great move the best levels would be found behind all those that it left.
    if (gone > FEWEST_SLOTS) this.#rebuild(1, 1);
    return levels;
  }

  /** Where the price at a place in the order stands in the table. */
  #slotAt(at: number): number {
    return this.#find((this.#order[at] as number) * this.#direction);
  }

  /** @returns where a price stands in the table, or the free place where it would */
  #find(price: number): number {
    const table = this.#table;
    let slot = (Math.imul(price | 0, SPREAD) >>> this.#shift) * 2;
    for (let known = table[slot]; known !== price && known !== EMPTY; known = table[slot]) {
      slot += 2;
      if (slot === table.length) slot = 0;
    }
    return slot;
  }

  #add(slot: number, price: number, quantity: number): void {
    if ((this.#known + 1) * 4 > this.#table.length) {
      this.#rebuild(1, 1);
      this.#add(this.#find(price), price, quantity);
      return;
    }
    const key = price * this.#direction;
    const at = this.#placeOf(key);
    if (at < this.#known) this.#order.copyWithin(at + 1, at, this.#known);
    this.#order[at] = key;
    this.#table[slot] = price;
    this.#table[slot + 1] = quantity;
    this.#known += 1;
  }

  /** The first place in the order whose price is not worse. */
  #placeOf(key: number): number {
    let low = 0;
    let high = this.#known;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Goes over to more decimals. @returns false, and nothing has changed, when a number would no longer fit */
  #rescale(priceDecimals: number, quantityDecimals: number): boolean {
    const priceFactor = POWERS[priceDecimals - this.#priceDecimals] as number;
    const quantityFactor = POWERS[quantityDecimals - this.#quantityDecimals] as number;
    for (let at = 0; at < this.#known; at += 1) {
      const price = Math.abs(this.#order[at] as number);
      const quantity = this.#table[this.#find(price) + 1] as number;
      if (Math.max(price * priceFactor, quantity * quantityFactor) > Number.MAX_SAFE_INTEGER) return false;
    }
    this.#rebuild(priceFactor, quantityFactor);
    this.#priceDecimals = priceDecimals;
    this.#quantityDecimals = quantityDecimals;
    return true;
  }

  /** Writes all anew without the prices whose levels are gone, and with room for as many again. */
  #rebuild(priceFactor: number, quantityFactor: number): void {
    const prices = new Float64Array(this.#known);
    const quantities = new Float64Array(this.#known);
    let count = 0;
    for (let at = 0; at < this.#known; at += 1) {
      const price = (this.#order[at] as number) * this.#direction;
      const quantity = this.#table[this.#find(price) + 1] as number;
      if (quantity === 0) continue;
      prices[count] = price * priceFactor;
      quantities[count] = quantity * quantityFactor;
      count += 1;
    }
    let slots = FEWEST_SLOTS;
    while (slots < count * 4) slots *= 2;
    this.#resize(slots);
    for (let at = 0; at < count; at += 1) {
      const price = prices[at] as number;
      const slot = this.#find(price);
      this.#table[slot] = price;
      this.#table[slot + 1] = quantities[at] as number;
      this.#order[at] = price * this.#direction;
    }
    this.#known = count;
  }

  #resize(slots: number): void {
    if (this.#table.length !== slots * 2) {
      this.#table = new Float64Array(slots * 2);
      this.#order = new Float64Array(slots / 2);
      this.#shift = 32 - Math.log2(slots);
    }
    this.#table.fill(EMPTY);
  }
}
