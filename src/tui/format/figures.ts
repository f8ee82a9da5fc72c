import type { Money, Ratio } from "../../core/domain/money.ts";
import { formatMoney, toDrawingNumber } from "../../core/domain/money.ts";

/** Stands for a figure that is not known. Never a zero. */
export const MISSING = "—";

/** Exact decimals with grouped thousands: "64,615.78". */
export function formatFigure(value: Money | undefined, decimals: number): string {
  if (value === undefined) return MISSING;
  return groupThousands(formatMoney(value, decimals));
}

/** "64615.78" as "64,615.78". */
export function groupThousands(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** At most `width` characters: decimals are given up first, then large figures are shortened to k, M and B. */
export function formatCompact(value: Money | undefined, width: number): string {
  if (value === undefined) return MISSING;
  const size = Math.abs(toDrawingNumber(value));
  for (const [limit, suffix] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const) {
    if (size >= limit)
      return `${(toDrawingNumber(value) / (suffix === "k" ? 1e3 : limit)).toFixed(size >= limit * 100 ? 1 : 2)}${suffix}`;
  }
  const whole = formatMoney(value, 0, "down").length;
  const room = Math.max(0, Math.min(8, width - whole - 1));
  // A price below what the room can show is no zero: "4.925e-8".
  if (size !== 0 && size < 100 / 10 ** room)
    return toDrawingNumber(value).toExponential(Math.max(0, Math.min(3, width - 6)));
  return formatMoney(value, room);
}

/**
 * The exact figure where it fits, so that digits stay in their place; else a shorter one that is still true, and an
 * ellipsis where none is. Never a cut number, and never a nought that is none.
 */
export function formatFitting(value: Money | undefined, decimals: number, width: number): string {
  const exact = formatFigure(value, decimals);
  const isTrue = value === undefined || value === 0n || /[1-9]/.test(exact);
  if (exact.length <= width && isTrue) return exact;
  const short = formatCompact(value, width);
  return short.length <= width ? short : "…";
}

/** A relative change as "+1.24%". */
export function formatPercent(value: Ratio | undefined, decimals = 2): string {
  if (value === undefined) return MISSING;
  const percent = toDrawingNumber(value) * 100;
  const text = percent.toFixed(decimals);
  return percent > 0 && Number(text) !== 0 ? `+${text}%` : `${text}%`;
}

/** How old something is, in two or three characters: "0s", "12s", "3m", "2h". */
export function formatAge(ageMs: number | undefined): string {
  if (ageMs === undefined) return MISSING;
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** The time of day in the trader's own zone: "14:03:22". */
export function formatTime(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
