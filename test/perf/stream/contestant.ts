import type { Recording } from "./recording.ts";

/** What is left after a recording was taken in, by which the contestants are held against each other. */
export type Answer = Readonly<Record<string, unknown>>;

/** One way to take in a recording. */
export interface Contestant {
  /** Makes everything new that the frames will change; not timed. */
  prepare(): void | Promise<void>;
  /** Takes in all frames of the recording; timed. */
  run(): void;
  /** Not timed. */
  answer(): Answer;
}

export const CONTESTANTS = ["tapedeck", "ccxt", "bare", "bare-text"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export type CreateContestant = (recording: Recording) => Contestant | Promise<Contestant>;

/** Levels of a book as doubles, because that is all ccxt keeps of them. */
export function levelsAsNumbers(
  levels: readonly (readonly [price: string | number, quantity: string | number])[],
): readonly (readonly [number, number])[] {
  return levels.map(([price, quantity]) => [Number(price), Number(quantity)] as const);
}
