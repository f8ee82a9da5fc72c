import type { Timestamp } from "../../core/domain/identifiers.ts";

/** ISO 8601, UTC, milliseconds. */
export function isoTime(at: Timestamp): string {
  return new Date(at).toISOString();
}

export function timeOrNull(at: Timestamp | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
