import type { Timestamp } from "../../core/domain/identifiers.ts";

const COUNTER_LIMIT = 0xffff;

/**
 * The next reading of a hybrid logical clock: 12 hex digits of milliseconds, 4 of a counter, a dash and the device.
 * Plain text comparison is causal order; it never runs backwards, whatever the wall clock does.
 *
 * @param last the reading before, of whatever device; "" for the first.
 */
export function nextReading(last: string, now: Timestamp, deviceId: string): string {
  const { ms, counter } = last === "" ? { ms: -1, counter: 0 } : parseReading(last);
  if (now > ms) return formatReading(now, 0, deviceId);
  return counter < COUNTER_LIMIT ? formatReading(ms, counter + 1, deviceId) : formatReading(ms + 1, 0, deviceId);
}

/** The wall clock of a reading, ms; NaN for a text that is none. */
export function wallClockOf(reading: string): Timestamp {
  return /^[0-9a-f]{16}-/.test(reading) ? parseReading(reading).ms : Number.NaN;
}

function parseReading(reading: string): { readonly ms: number; readonly counter: number } {
  return { ms: Number.parseInt(reading.slice(0, 12), 16), counter: Number.parseInt(reading.slice(12, 16), 16) };
}

function formatReading(ms: number, counter: number, deviceId: string): string {
  return `${ms.toString(16).padStart(12, "0")}${counter.toString(16).padStart(4, "0")}-${deviceId}`;
}
