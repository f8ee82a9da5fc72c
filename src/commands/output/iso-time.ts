import { isoTime } from "../../app/iso-time.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";

export { isoTime };

export function timeOrNull(at: Timestamp | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
