const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
// 1970-01-01 was a Thursday; the first Monday came four days later.
const FIRST_MONDAY = 4 * DAY;

/** A candle length by both names the venue has for it. */
export interface Interval {
  readonly rest: string;
  readonly stream: string;
  /** Undefined for months, which follow the calendar. */
  readonly lengthMs: number | undefined;
  readonly offsetMs: number;
}

export const INTERVALS: readonly Interval[] = [
  { rest: "1m", stream: "Min1", lengthMs: MINUTE, offsetMs: 0 },
  { rest: "5m", stream: "Min5", lengthMs: 5 * MINUTE, offsetMs: 0 },
  { rest: "15m", stream: "Min15", lengthMs: 15 * MINUTE, offsetMs: 0 },
  { rest: "30m", stream: "Min30", lengthMs: 30 * MINUTE, offsetMs: 0 },
  { rest: "60m", stream: "Min60", lengthMs: HOUR, offsetMs: 0 },
  { rest: "4h", stream: "Hour4", lengthMs: 4 * HOUR, offsetMs: 0 },
  { rest: "8h", stream: "Hour8", lengthMs: 8 * HOUR, offsetMs: 0 },
  { rest: "1d", stream: "Day1", lengthMs: DAY, offsetMs: 0 },
  { rest: "1W", stream: "Week1", lengthMs: WEEK, offsetMs: FIRST_MONDAY },
  { rest: "1M", stream: "Month1", lengthMs: undefined, offsetMs: 0 },
];

export function intervalByRestName(name: string): Interval | undefined {
  return INTERVALS.find((interval) => interval.rest === name);
}

export function intervalByStreamName(name: string): Interval | undefined {
  return INTERVALS.find((interval) => interval.stream === name);
}

/** Start of the interval a moment falls into (UTC). */
export function openTimeOf(interval: Interval, at: number): number {
  if (interval.lengthMs === undefined) {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  return Math.floor((at - interval.offsetMs) / interval.lengthMs) * interval.lengthMs + interval.offsetMs;
}

/** Start of the next interval: the venue's closeTime, with no millisecond taken off. */
export function closeTimeOf(interval: Interval, openTime: number): number {
  if (interval.lengthMs !== undefined) return openTime + interval.lengthMs;
  const date = new Date(openTime);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
