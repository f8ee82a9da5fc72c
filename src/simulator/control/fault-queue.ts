import { Random } from "../random.ts";

/** How often a fault strikes. */
export interface Strikes {
  /** The next `count` that fit, unless there is a share. */
  readonly count: number;
  /** This share of all that fit, until the faults are cleared. */
  readonly share?: number | undefined;
  /** Of the dice: the same seed strikes the same ones of a sequence again. */
  readonly seed: number;
}

/** Faults waiting for what they befall, oldest first. */
export class FaultQueue<F extends Strikes> {
  #waiting: { readonly fault: F; readonly dice: Random; left: number }[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(fault: F): void {
    this.#waiting.push({ fault, dice: new Random(fault.seed), left: fault.count });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault that strikes now, used up by one, and the dice it goes on with. */
  take(fits: (fault: F) => boolean): { readonly fault: F; readonly dice: Random } | undefined {
    const hit = this.#waiting.find(
      ({ fault, dice }) => fits(fault) && (fault.share === undefined || dice.next() < fault.share),
    );
    if (hit === undefined) return undefined;
    if (hit.fault.share === undefined) {
      hit.left -= 1;
      if (hit.left === 0) this.#waiting = this.#waiting.filter((one) => one !== hit);
    }
    return hit;
  }
}
