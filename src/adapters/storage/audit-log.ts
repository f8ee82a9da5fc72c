import { accountId } from "../../core/domain/identifiers.ts";
import type { AuditLog } from "../../core/ports/audit-log.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { EntryParts } from "./entry-writer.ts";
import { createEntryWriter } from "./entry-writer.ts";
import { storageFailed } from "./storage-error.ts";

/** Stands where an account's id stands; no account has it, since theirs begin with their mode and a colon. */
export const NO_ACCOUNT = accountId("program");

/** The journal's part that belongs to no account. */
export function createAuditLog(parts: Omit<EntryParts, "accountId"> & { readonly clock: Clock }): AuditLog {
  const entries = createEntryWriter({ ...parts, accountId: NO_ACCOUNT });
  const transaction = parts.client.transaction((entry: Parameters<AuditLog["append"]>[0]) => {
    entries.append([entry], parts.clock.now(), parts.outbox.stamp());
  });
  return {
    append(entry) {
      try {
        transaction.immediate(entry);
      } catch (cause) {
        throw storageFailed("The journal could not be written", cause);
      }
    },
  };
}
