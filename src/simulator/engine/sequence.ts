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

  nextTradeId(): string {
    return `${this.#epoch}${this.#next()}`;
  }

  #next(): string {
    this.#last += 1;
    return String(this.#last).padStart(8, "0");
  }
}
