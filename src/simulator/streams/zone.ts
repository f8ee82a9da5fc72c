import { DAY_MS } from "../times.ts";

/** Where a mini ticker's day begins: at the midnight of a time zone, or 24 hours ago, whenever that is. */
export type Zone = { readonly offsetMs: number } | "rolling";

const MINUTE_MS = 60_000;

// In minutes. The venue knows these and no others.
const OFFSETS: readonly (readonly [name: string, minutes: number])[] = [
  ...[-10, -8, -7, -6, -5, -4, -3].map((hours) => [`UTC${String(hours)}`, hours * 60] as const),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((hours) => [`UTC+${String(hours)}`, hours * 60] as const),
  ["UTC+4:30", 270],
  ["UTC+5:30", 330],
  ["UTC+12:45", 765],
];

const ZONES: ReadonlyMap<string, Zone> = new Map<string, Zone>([
  ["24H", "rolling"],
  ...OFFSETS.map(([name, minutes]) => [name, { offsetMs: minutes * MINUTE_MS }] as const),
]);

/** The zone whose day every mini ticker carries besides the one that was asked for. */
export const HOME_ZONE: Zone = { offsetMs: 8 * 60 * MINUTE_MS };

/** @returns undefined for a zone the venue does not know */
export function parseZone(name: string): Zone | undefined {
  return ZONES.get(name);
}

/** When the day began that `at` falls into, in ms since 1970. */
export function dayStartOf(zone: Zone, at: number): number {
  if (zone === "rolling") return Math.floor(at / MINUTE_MS) * MINUTE_MS - DAY_MS;
  return Math.floor((at + zone.offsetMs) / DAY_MS) * DAY_MS - zone.offsetMs;
}
