import type { AccountId, Timestamp } from "../domain/identifiers.ts";

/** One `guard run` of this home. */
export interface GuardRun {
  /** Names the run: a process id comes again, this does not. */
  readonly runId: string;
  readonly pid: number;
  readonly accountId: AccountId;
  readonly startedAt: Timestamp;
}

/**
 * The runs of a home that do nothing but guard, and may be asked to end. A console is none of them. Nobody is ever
 * signalled by a number: the one that is asked reads it under its own name, so whoever has its process id by then does not.
 */
export interface GuardRuns {
  /**
   * Enters this process until the returned function is called.
   * @param onAsked called once when somebody asks it to end @throws the file system's error
   */
  enter(accountId: AccountId, onAsked: () => void): () => void;
  /** Those of an account whose process is there, oldest first. */
  list(accountId: AccountId): readonly GuardRun[];
  /** Asks it to end; it looks a few times a second. @throws the file system's error */
  ask(run: GuardRun): void;
  /** Whether it has not ended yet. */
  isThere(run: GuardRun): boolean;
}
