import type { Clock } from "../../../core/ports/clock.ts";

/** A channel that says nothing for this long is asked after by REST, ms. */
const FIRST_MS = 5_000;
/** While it stays silent it is asked after again and again, so soon that one lost answer ends no watch, ms. */
const AGAIN_MS = 7_000;
const FAILED_MS = 2_000;

/** Knows when one channel of a market is to be asked after. */
export interface Silence {
  readonly isDue: boolean;
  readonly isAsking: boolean;
  heard(): void;
  asking(): void;
  answered(): void;
  failed(): void;
}

export function createSilence(clock: Clock): Silence {
  let dueAt = clock.monotonic() + FIRST_MS;
  let isAsking = false;
  const ended = (waitMs: number) => {
    isAsking = false;
    dueAt = clock.monotonic() + waitMs;
  };
  return {
    get isDue() {
      return !isAsking && clock.monotonic() >= dueAt;
    },
    get isAsking() {
      return isAsking;
    },
    heard() {
      dueAt = clock.monotonic() + FIRST_MS;
    },
    asking() {
      isAsking = true;
    },
    answered: () => {
      ended(AGAIN_MS);
    },
    failed: () => {
      ended(FAILED_MS);
    },
  };
}
