import type { AuditEntry } from "../domain/audit.ts";

/**
 * The part of the journal that belongs to no account: who did what to the program and to its stores, and why. Append-only
 * like the rest of it, in the same chain of hashes, and synchronous: an entry that was appended is on disk.
 */
export interface AuditLog {
  /** @throws AppError STORAGE_FAILED; then nothing was kept, and what it announces should not be done. */
  append(entry: AuditEntry): void;
}
