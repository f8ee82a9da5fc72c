import type { Database } from "better-sqlite3";
import type { ChainedRow } from "./journal-chain.ts";
import { CHAIN_START, chainAfter } from "./journal-chain.ts";
import { rowHash } from "./row-hash.ts";

type OldRow = ChainedRow & { readonly id: string; readonly deleted: number };

const PAGE_ROWS = 1_000;
/** As `journalKey` makes it. */
const KEY = "account_id || ':' || device_id || ':' || printf('%012d', sequence)";

/** Gives the entries of a journal from before there was a chain their place in it, and the keys that go with that. */
export function chainOldEntries(client: Database): void {
  client.exec(`
    UPDATE sync_dirty SET pk = (SELECT ${KEY} FROM journal WHERE journal.id = sync_dirty.pk) WHERE tbl = 'journal';
    UPDATE journal SET id = ${KEY};`);
  const page = client.prepare<[string, number], OldRow>(
    `SELECT id, account_id accountId, mode, device_id deviceId, sequence, at, type, client_order_id clientOrderId, event,
       _del deleted FROM journal WHERE id > ? ORDER BY id LIMIT ?`,
  );
  const save = client.prepare<[string, bigint, string]>("UPDATE journal SET chain = ?, _h = ? WHERE id = ?");
  let before: OldRow | undefined;
  let chain = CHAIN_START;
  for (;;) {
    const rows = page.all(before?.id ?? "", PAGE_ROWS);
    if (rows.length === 0) return;
    for (const row of rows) {
      const follows = before?.accountId === row.accountId && before.deviceId === row.deviceId;
      chain = chainAfter(follows ? chain : CHAIN_START, row);
      save.run(chain, hashOf(row, chain), row.id);
      before = row;
    }
  }
}

function hashOf(row: OldRow, chain: string): bigint {
  const columns = [
    ["id", row.id],
    ["account_id", row.accountId],
    ["mode", row.mode],
    ["device_id", row.deviceId],
    ["sequence", row.sequence],
    ["at", row.at],
    ["type", row.type],
    ["client_order_id", row.clientOrderId],
    ["event", row.event],
    ["chain", chain],
  ] as const;
  return rowHash("journal", columns, row.deleted);
}
