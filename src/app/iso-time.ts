import type { Timestamp } from "../core/domain/identifiers.ts";

/** ISO 8601, UTC, milliseconds. */
export function isoTime(at: Timestamp): string {
  return new Date(at).toISOString();
}
