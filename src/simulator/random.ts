/** A seeded source of randomness: the same seed gives the same numbers. */
export class Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** An independent source for one purpose, so that the draws of one do not shift the draws of another. */
  fork(label: string): Random {
    let hash = 2_166_136_261 ^ this.#seed;
    for (const character of label) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
    return new Random(hash);
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Normal with mean 0 and deviation 1. */
  gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Time to the next event of a process that has `rate` events a second, in ms. */
  waitMs(rate: number): number {
    return (-Math.log(1 - this.next()) / rate) * 1_000;
  }

  /** `length` characters of lower-case hex. */
  hex(length: number): string {
    let text = "";
    while (text.length < length) text += this.integer(16).toString(16);
    return text;
  }
}
