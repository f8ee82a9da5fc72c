/** What went wrong on a stream so far, for diagnostics. */
export interface FeedHealth {
  /** Frames and rows that could not be read and were left out. */
  readonly poison: number;
  readonly reconnects: number;
  /** When the newest frame of data came, on the monotonic clock in ms; undefined before the first. */
  readonly lastDataAt: number | undefined;
}
