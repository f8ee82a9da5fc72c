import { createRandom } from "../sim/seeded-random.ts";

const { KILL_SEED, KILL_ROUNDS } = process.env;

/** How often each loop kills. */
export const KILLS = KILL_ROUNDS === undefined ? 200 : Number(KILL_ROUNDS);

/** One loop's choices. What the machine does in between is not in anybody's hand, so a seed repeats the plan alone. */
export interface KillRun {
  readonly seed: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** One of them. */
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** A whole number of ms from 0 up to the bound. */
  within(boundMs: number): number;
}

/** @param salt sets the loops of one seed apart */
export function createKillRun(salt: number): KillRun {
  const seed = KILL_SEED === undefined ? Date.now() % 1_000_000 : Number(KILL_SEED);
  const random = createRandom(seed * 31 + salt);
  return {
    seed,
    random,
    pick: (choices) => choices[Math.floor(random() * choices.length)] ?? choices[0],
    within: (boundMs) => Math.floor(random() * boundMs),
  };
}
