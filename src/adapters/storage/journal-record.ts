import type { Database } from "better-sqlite3";
import type { AuditEntry } from "../../core/domain/audit.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { AccountId, ClientOrderId } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { EntryFilter, JournalRecord, RecordedEntry } from "../../core/ports/journal-record.ts";
import { NO_ACCOUNT } from "./audit-log.ts";
import { decodeEntry } from "./event-codec.ts";
import type { ChainedRow } from "./journal-chain.ts";
import { verifyJournals } from "./journal-proof.ts";
import { reading } from "./storage-error.ts";

const PAGE_ROWS = 500;
const COLUMNS =
  "id, account_id accountId, mode, device_id deviceId, sequence, at, type, client_order_id clientOrderId, event, chain";

type Row = ChainedRow & { readonly id: string; readonly chain: string };
type Value = string | number;

/** Every journal of the file, of whatever account and device. */
export function createJournalRecord(client: Database): JournalRecord {
  function page(filter: EntryFilter, after: string, order: string, limit: number): readonly Row[] {
    const { where, values } = conditionsOf(filter);
    const text = `SELECT ${COLUMNS} FROM journal WHERE id > ? AND ${where} ORDER BY ${order} LIMIT ?`;
    return reading("The journal", () => client.prepare<Value[], Row>(text).all(after, ...values, limit));
  }

  return {
    newest: (filter, limit) => page(filter, "", "_hlc DESC, sequence DESC", limit).map(toEntry),
    *walk(filter) {
      for (let after = ""; ;) {
        const rows = page(filter, after, "id", PAGE_ROWS);
        yield* rows.map(toEntry);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE_ROWS) return;
        after = last.id;
      }
    },
    *ofAccount(accountId) {
      const rows = client.prepare<[string], Row>(
        `SELECT ${COLUMNS} FROM journal WHERE account_id = ? AND _del = 0 ORDER BY _hlc, device_id, sequence`,
      );
      for (const row of rows.iterate(accountId)) yield toEntry(row);
    },
    verify: () => reading("The journal", () => verifyJournals(client)),
    holdsChain: (chain) =>
      reading("The journal", () => client.prepare("SELECT 1 FROM journal WHERE chain = ?").get(chain)) !== undefined,
  };
}

function toEntry(row: Row): RecordedEntry {
  const { accountId, mode, clientOrderId, deviceId, sequence, at, type, chain } = row;
  return {
    accountId: accountId as AccountId,
    mode: mode as Mode,
    clientOrderId: clientOrderId === null ? undefined : (clientOrderId as ClientOrderId),
    deviceId,
    sequence,
    at,
    type,
    chain,
    entry: readEntry(row.event),
  };
}

function readEntry(text: string): DomainEvent | AuditEntry | undefined {
  try {
    return decodeEntry(text);
  } catch {
    return undefined;
  }
}

function conditionsOf({ mode, since, until, types, order, symbol }: EntryFilter) {
  const parts: (readonly [text: string, ...values: readonly Value[]])[] = [["_del = 0"]];
  if (mode !== undefined) parts.push(["(mode = ? OR account_id = ?)", mode, NO_ACCOUNT]);
  if (since !== undefined) parts.push(["at >= ?", since]);
  if (until !== undefined) parts.push(["at < ?", until]);
  if (types !== undefined && types.length > 0) {
    const one = "type = ? OR type GLOB ? || '-*'";
    parts.push([`(${types.map(() => one).join(" OR ")})`, ...types.flatMap((type) => [type, type])]);
  }
  if (order !== undefined) {
    const byVenue = "SELECT client_order_id FROM orders o WHERE o.account_id = journal.account_id AND o.order_id = ?";
    parts.push([`(client_order_id = ? OR client_order_id IN (${byVenue}))`, order, order]);
  }
  if (symbol !== undefined) {
    // What names no market names an order or a protection, which has one.
    const ofOrder = "SELECT client_order_id FROM orders o WHERE o.account_id = journal.account_id AND o.symbol = ?";
    const ofProtection =
      "SELECT protection_id FROM protections p WHERE p.account_id = journal.account_id AND p.symbol = ?";
    parts.push([
      `(instr(event, ?) > 0 OR client_order_id IN (${ofOrder})
        OR CASE WHEN json_valid(event) THEN event ->> 'protectionId' END IN (${ofProtection}))`,
      `"symbol":${JSON.stringify(symbol)}`,
      symbol,
      symbol,
    ]);
  }
  return { where: parts.map(([text]) => text).join(" AND "), values: parts.flatMap(([, ...values]) => values) };
}
