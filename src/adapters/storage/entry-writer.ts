import type { AuditEntry } from "../../core/domain/audit.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import type { AccountParts } from "./account-parts.ts";
import { encodeEvent } from "./event-codec.ts";
import { CHAIN_START, chainAfter } from "./journal-chain.ts";
import { journalKey, journalKeys } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { journal } from "./schema.ts";

export type JournalEntry = DomainEvent | AuditEntry;

export interface EntryParts extends Pick<AccountParts, "client" | "outbox" | "accountId" | "mode"> {
  readonly deviceId: string;
}

export interface EntryWriter {
  /** Puts the entries at the end of the account's journal, inside the transaction. @returns the sequence of the first. */
  append(entries: readonly JournalEntry[], at: Timestamp, hlc: string): number;
}

/** The end of one account's journal on this device. */
export function createEntryWriter(parts: EntryParts): EntryWriter {
  const { client, outbox, accountId, mode, deviceId } = parts;
  const rows = createRowWriter(client, outbox, journal, "fail");
  const { after, before } = journalKeys(accountId, deviceId);
  const newest = client
    .prepare<[string, string], [sequence: number, chain: string]>(
      "SELECT sequence, chain FROM journal WHERE id > ? AND id < ? ORDER BY id DESC LIMIT 1",
    )
    .raw();
  return {
    append(entries, at, hlc) {
      let [last, chain] = newest.get(after, before) ?? [0, CHAIN_START];
      const first = last + 1;
      for (const entry of entries) {
        last += 1;
        const told = {
          accountId,
          mode,
          deviceId,
          sequence: last,
          at,
          type: entry.type,
          clientOrderId: clientOrderIdOf(entry) ?? null,
          event: encodeEvent(entry),
        };
        chain = chainAfter(chain, told);
        rows.write({ id: journalKey(accountId, deviceId, last), ...told, chain }, hlc);
      }
      return first;
    },
  };
}

function clientOrderIdOf(entry: JournalEntry): ClientOrderId | undefined {
  if (entry.type === "order-intended") return entry.intent.clientOrderId;
  if (entry.type === "exit-attempted") return entry.exitOrderId;
  return "clientOrderId" in entry ? entry.clientOrderId : undefined;
}
