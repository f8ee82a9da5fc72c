import type { AuditEntry } from "../../core/domain/audit.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { AccountParts } from "./account-parts.ts";
import { encodeEvent } from "./event-codec.ts";
import { createRowWriter } from "./row-writer.ts";
import { journal } from "./schema.ts";

export type JournalEntry = DomainEvent | AuditEntry;

export interface EntryParts extends Pick<AccountParts, "client" | "outbox" | "accountId" | "mode"> {
  readonly ids: IdSource;
  readonly deviceId: string;
}

export interface EntryWriter {
  /** Puts the entries at the end of the account's journal, inside the transaction. @returns the sequence of the first. */
  append(entries: readonly JournalEntry[], at: Timestamp, hlc: string): number;
}

/** The end of one account's journal on this device. */
export function createEntryWriter(parts: EntryParts): EntryWriter {
  const { client, outbox, ids, accountId, mode, deviceId } = parts;
  const rows = createRowWriter(client, outbox, journal, "fail");
  const lastSequence = client
    .prepare<[string, string], number>(
      "SELECT sequence FROM journal WHERE account_id = ? AND device_id = ? ORDER BY sequence DESC LIMIT 1",
    )
    .pluck();
  return {
    append(entries, at, hlc) {
      const first = (lastSequence.get(accountId, deviceId) ?? 0) + 1;
      entries.forEach((entry, index) => {
        const row = {
          id: ids.recordId(),
          accountId,
          mode,
          deviceId,
          sequence: first + index,
          at,
          type: entry.type,
          clientOrderId: clientOrderIdOf(entry) ?? null,
          event: encodeEvent(entry),
        };
        rows.write(row, hlc);
      });
      return first;
    },
  };
}

function clientOrderIdOf(entry: JournalEntry): ClientOrderId | undefined {
  if (entry.type === "order-intended") return entry.intent.clientOrderId;
  if (entry.type === "exit-attempted") return entry.exitOrderId;
  return "clientOrderId" in entry ? entry.clientOrderId : undefined;
}
