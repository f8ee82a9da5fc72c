export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A time as the venue shows it where it keeps no milliseconds. */
export function toWholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1_000) * 1_000;
}
