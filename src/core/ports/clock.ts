import type { Timestamp } from "../domain/identifiers.ts";

export interface Clock {
  /** Wall clock, ms since 1970 UTC. A person or a time server may set it, forwards or backwards. */
  now(): Timestamp;
  /** Ms since some moment of the process's own; never set, never backwards. For ages and waits, not for showing. */
  monotonic(): number;
  /** Resolves after the wait, or rejects with the signal's reason when aborted. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}
