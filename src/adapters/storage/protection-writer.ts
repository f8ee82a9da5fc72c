import { eq, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { ProtectionChange } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { protectionKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { protectionToRow } from "./rows.ts";
import { protections } from "./schema.ts";

export interface ProtectionWriter {
  /** @throws AppError PROTECTION_CHANGED when the stored version is not the one the change began with. */
  write(change: ProtectionChange, at: Timestamp, hlc: string): void;
}

/**
 * Takes a change only of the version that is stored. Two processes can see the same price and want to sell for the same
 * leg; the file decides which of them does, and the other is told before it sends anything.
 */
export function createProtectionWriter(parts: AccountParts): ProtectionWriter {
  const rows = createRowWriter(parts.client, parts.outbox, protections, "replace");
  const byKey = parts.query
    .select({ version: protections.version })
    .from(protections)
    .where(eq(protections.key, sql.placeholder("key")))
    .prepare();

  return {
    write({ protection, replaces }, at, hlc) {
      const stored = byKey.get({ key: protectionKey(parts.accountId, protection.protectionId) });
      if (stored?.version !== replaces) throw protectionChanged(protection.protectionId);
      rows.write(protectionToRow(parts, protection, at), hlc);
    },
  };
}

function protectionChanged(protectionId: string): AppError {
  return new AppError({
    code: "PROTECTION_CHANGED",
    message: `Protection ${protectionId} was changed by another process.`,
    notDone: "Nothing was sent.",
    hint: "See it with `tapedeck position ls`.",
    exitCode: EXIT_CODES.denied,
  });
}
