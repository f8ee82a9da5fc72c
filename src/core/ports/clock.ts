import type { Timestamp } from "../domain/identifiers.ts";

export interface Clock {
  /** Wall clock, ms since 1970 UTC. */
  now(): Timestamp;
  /** Resolves after the wait, or rejects with the signal's reason when aborted. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}
