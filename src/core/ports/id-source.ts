import type { ClientOrderId } from "../domain/identifiers.ts";

/** Unique names, never reused across processes or restarts. */
export interface IdSource {
  /** At most 32 of `[a-zA-Z0-9_-]`. */
  clientOrderId(): ClientOrderId;
  /** A time-ordered unique id for rows of our own. */
  recordId(): string;
}
