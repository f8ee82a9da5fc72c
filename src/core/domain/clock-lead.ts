/** A time server's gentle corrections stay below this; a person's hand and a night asleep do not. */
const MOVED_MS = 500;

/** How far the wall clock runs ahead of the monotonic one, ms: it changes only when somebody sets it, or in a sleep. */
export function clockLead(wallMs: number, monotonicMs: number): number {
  return wallMs - monotonicMs;
}

/** Whether somebody has set the clock, or the machine has slept, between two leads. */
export function wasClockMoved(leadBefore: number, leadNow: number): boolean {
  return Math.abs(leadNow - leadBefore) >= MOVED_MS;
}
