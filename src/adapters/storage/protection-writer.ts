import { and, eq, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { unreckonedBeside } from "../../core/domain/arming/unreckoned.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { ProtectionChange } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { protectionKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { PROTECTION_COLUMNS, protectionToRow, rowToProtection } from "./rows.ts";
import { protections } from "./schema.ts";

export interface ProtectionWriter {
  /**
   * @throws AppError PROTECTION_CHANGED when the stored version is not the one the change began with,
   * PROTECTED_MEANWHILE when the market has another one by now that a new one was planned without.
   */
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

  const armed = parts.query
    .select(PROTECTION_COLUMNS)
    .from(protections)
    .where(and(eq(protections.accountId, parts.accountId), eq(protections.state, "armed")))
    .prepare();

  function mayBeArmed(protection: Protection, beside: readonly string[]): void {
    const other = unreckonedBeside(protection, beside, armed.all().map(rowToProtection));
    if (other !== undefined) throw protectedMeanwhile(other);
  }

  return {
    write(change, at, hlc) {
      const { protection, replaces } = change;
      const stored = byKey.get({ key: protectionKey(parts.accountId, protection.protectionId) });
      if (stored?.version !== replaces) throw protectionChanged(protection.protectionId);
      if (change.replaces === undefined) mayBeArmed(protection, change.beside);
      rows.write(protectionToRow(parts, protection, at), hlc);
    },
  };
}

export function protectionChanged(protectionId: string): AppError {
  return new AppError({
    code: "PROTECTION_CHANGED",
    message: `Protection ${protectionId} was changed by another process meanwhile.`,
    notDone: "Nothing was sent.",
    hint: "See what became of it with `tapedeck guard status`, then try again.",
    exitCode: EXIT_CODES.denied,
  });
}

function protectedMeanwhile({ protectionId, symbol }: Protection): AppError {
  return new AppError({
    code: "PROTECTED_MEANWHILE",
    message: `Another process has armed protection ${protectionId} of ${symbol} since this one was planned.`,
    notDone: "Nothing was armed or sent: the same base would have been covered twice.",
    hint: "See it with `tapedeck guard status`, then try again.",
    exitCode: EXIT_CODES.denied,
  });
}
