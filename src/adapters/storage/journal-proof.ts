import type { Database } from "better-sqlite3";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { VerifiedJournal } from "../../core/ports/journal-record.ts";
import { decodeEntry } from "./event-codec.ts";
import type { ChainedRow } from "./journal-chain.ts";
import { CHAIN_START, chainAfter } from "./journal-chain.ts";
import { journalKey } from "./row-keys.ts";

const PAGE_ROWS = 1_000;
const COLUMNS = `id, account_id accountId, mode, device_id deviceId, sequence, at, type, client_order_id clientOrderId,
  event, chain, _del deleted`;

type Row = ChainedRow & { readonly id: string; readonly chain: string; readonly deleted: number };

/** Looks at every entry: its key, its number, its chain, and whether it can be read. */
export function verifyJournals(client: Database): readonly VerifiedJournal[] {
  const page = client.prepare<[string, number], Row>(`SELECT ${COLUMNS} FROM journal WHERE id > ? ORDER BY id LIMIT ?`);
  const found: VerifiedJournal[] = [];
  let current: VerifiedJournal | undefined;
  for (let after = ""; ;) {
    const rows = page.all(after, PAGE_ROWS);
    for (const row of rows) {
      if (current?.accountId !== row.accountId || current.deviceId !== row.deviceId) {
        if (current !== undefined) found.push(current);
        current = beginningOf(row);
      }
      current = withEntry(current, row);
    }
    const last = rows.at(-1);
    if (last === undefined) return current === undefined ? found : [...found, current];
    after = last.id;
  }
}

function beginningOf({ accountId, deviceId, mode }: Row): VerifiedJournal {
  const names = { accountId: accountId as AccountId, mode: mode as Mode, deviceId };
  return { ...names, entries: 0, chain: CHAIN_START, broken: undefined };
}

function withEntry(journal: VerifiedJournal, row: Row): VerifiedJournal {
  if (journal.broken !== undefined) return journal;
  const sequence = journal.entries + 1;
  const why = faultOf(row, sequence, journal);
  return why === undefined
    ? { ...journal, entries: sequence, chain: row.chain }
    : { ...journal, broken: { sequence, why } };
}

function faultOf(row: Row, sequence: number, { accountId, deviceId, chain }: VerifiedJournal): string | undefined {
  if (row.sequence !== sequence) return `entry ${sequence} is missing: ${row.sequence} follows`;
  if (row.id !== journalKey(accountId, deviceId, sequence)) return "it stands under the key of another entry";
  if (row.chain !== chainAfter(chain, row)) return "it, or its place after the entry before, is not as it was written";
  if (row.deleted !== 0) return "it is marked as deleted";
  try {
    decodeEntry(row.event);
    return undefined;
  } catch {
    return "it cannot be read by this program";
  }
}
