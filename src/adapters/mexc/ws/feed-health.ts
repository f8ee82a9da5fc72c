import type { PoisonSample } from "./poison-box.ts";

/** What went wrong on a stream so far, for diagnostics. */
export interface FeedHealth {
  /** Frames and rows that could not be read and were left out. */
  readonly poison: number;
  /** The newest of them, oldest first. */
  readonly samples: readonly PoisonSample[];
  /** How often a connection was lost and made anew. */
  readonly reconnects: number;
  /** How often a new connection took over from an old one, without a gap. */
  readonly renewals: number;
  /** How often a stream was found dead on a connection that seemed alive. */
  readonly silences: number;
  /** When the newest frame of data came, on the monotonic clock in ms; undefined before the first. */
  readonly lastDataAt: number | undefined;
}
