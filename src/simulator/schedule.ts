interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Things that happen at a time of the simulator's clock. They wait until `runDue` finds them due, so that a clock that
 * is moved by hand moves them too.
 */
export class Schedule {
  readonly #now: () => number;
  readonly #onSooner: () => void;
  /** Soonest first; of the same time, first come first. */
  readonly #entries: Entry[] = [];

  /** @param onSooner is called when something is due before all that waited until then */
  constructor(now: () => number, onSooner: () => void = () => undefined) {
    this.#now = now;
    this.#onSooner = onSooner;
  }

  /** When the next thing is due, in ms since 1970; undefined when nothing waits. */
  get nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  after(delayMs: number, run: () => void): void {
    const at = this.#now() + delayMs;
    const place = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(place < 0 ? this.#entries.length : place, 0, { at, run });
    if (this.#entries[0]?.run === run) this.#onSooner();
  }

  /** Fulfilled `delayMs` later on the simulator's clock. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs what is due, also what becomes due by running it. */
  runDue(): void {
    for (let next = this.#entries[0]; next !== undefined && next.at <= this.#now(); next = this.#entries[0]) {
      this.#entries.shift();
      next.run();
    }
  }
}
