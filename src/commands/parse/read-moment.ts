import type { Timestamp } from "../../core/domain/identifiers.ts";
import { usageError } from "../usage-error.ts";

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time back like 90m, 12h or 7d, or a date, with or without a time of day. @throws AppError USAGE */
export function readMoment(option: string, text: string, now: Timestamp): Timestamp {
  const length = lengthOf(text);
  if (length !== undefined) return Math.max(0, now - length);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw badLength(option, text, ", or a date like 2026-01-31");
}

/** ms. @throws AppError USAGE */
export function readLength(option: string, text: string): number {
  const length = lengthOf(text);
  if (length === undefined) throw badLength(option, text, "");
  return length;
}

function lengthOf(text: string): number | undefined {
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS];
}

function badLength(option: string, text: string, orDate: string) {
  return usageError(
    `--${option} takes a time like 90m, 12h or 7d${orDate}, not "${text}".`,
    `For example --${option} 7d.`,
  );
}
