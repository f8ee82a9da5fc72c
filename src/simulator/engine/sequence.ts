const RANGE = 100_000_000;
/** Has no factor in common with the range, so that a hundred million ids in a row differ. */
const SCATTER = 61_803_399;

/** Ids of orders and trades: unique across restarts as long as a restored sequence goes on from where it was. */
export class IdSequence {
  readonly #epoch: string;
  #last = 0;

  constructor(epochMs: number) {
    this.#epoch = String(epochMs);
  }

  get last(): number {
    return this.#last;
  }

  /** Goes on after a number that was given out earlier. */
  skipTo(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  nextOrderId(): string {
    return `C02__${this.#epoch}${this.#next()}`;
  }

  /** Unique, and in no order, as on the venue. */
  nextTradeId(): string {
    this.#last += 1;
    return `${this.#epoch}${String((this.#last * SCATTER) % RANGE).padStart(8, "0")}`;
  }

  #next(): string {
    this.#last += 1;
    return String(this.#last).padStart(8, "0");
  }
}
