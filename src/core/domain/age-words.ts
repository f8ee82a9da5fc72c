const HOUR_MS = 3_600_000;

/** How old something is, in its largest fitting unit: "12 min", "30 h", "5 days". A time to come counts as "0 min". */
export function ageInWords(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 1) return `${Math.max(0, Math.floor(ms / 60_000))} min`;
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
