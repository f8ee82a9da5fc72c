import type { Database } from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rowHash } from "../../../src/adapters/storage/row-hash.ts";
import type { ChainedRow } from "../../../src/adapters/storage/journal-chain.ts";
import { CHAIN_START, chainAfter } from "../../../src/adapters/storage/journal-chain.ts";
import { makeOldDatabase, readRows } from "./old-database.ts";
import { ACCOUNT, OTHER_ACCOUNT, batchOf, intentBatch, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

const ENDED = JSON.stringify({ type: "session-ended" });
const ENTRIES = 2_345;

let home: TestHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => {
  home.remove();
});

/** Keys that sort another way than the sequence does, as record ids do when a clock is set back. */
const oldId = (sequence: number) => `${String(9_999 - sequence)}-old`;

function fill(client: Database): void {
  client.exec("INSERT INTO sync_state VALUES('device', 'dev1'), ('hlc', '00000000000a0000-dev1')");
  const entry = client.prepare(
    "INSERT INTO journal VALUES(?, ?, ?, 'dev1', ?, ?, 'session-ended', NULL, ?, '00000000000a0000-dev1', 0, 7)",
  );
  const dirty = client.prepare("INSERT INTO sync_dirty VALUES('journal', ?, '00000000000a0000-dev1')");
  client.transaction(() => {
    for (let sequence = 1; sequence <= ENTRIES; sequence += 1) {
      entry.run(oldId(sequence), ACCOUNT.accountId, "demo", sequence, sequence * 10, ENDED);
      dirty.run(oldId(sequence));
    }
    entry.run("other", OTHER_ACCOUNT.accountId, "live", 1, 5, ENDED);
    client.exec(
      "INSERT INTO orders VALUES('demo:mx0test:a', 'demo:mx0test', 'demo', 'a', NULL, 'BTCUSDT', 'buy', 'limit', " +
        "'base', '1', NULL, '5', 'open', 3, '0', '0', '0', '0', 'own', 1, 2, NULL, NULL, NULL, 'x', 0, 1152921504606846975)",
    );
  })();
}

type Row = ChainedRow & { readonly id: string; readonly chain: string; readonly _h: bigint };
const ROWS = `SELECT id, account_id accountId, mode, device_id deviceId, sequence, at, type, client_order_id clientOrderId,
  event, chain, _h FROM journal WHERE account_id = ? ORDER BY sequence`;

function rowsOf(account: string): readonly Row[] {
  const wide = readRows(home.file, ROWS, account) as readonly (Row & { sequence: bigint; at: bigint })[];
  return wide.map((row) => ({ ...row, sequence: Number(row.sequence), at: Number(row.at) }));
}

test("entries from before there was a chain get their place in it, and new ones follow them", () => {
  makeOldDatabase(home.file, 2, fill);
  const { journal } = home.open().forAccount(ACCOUNT);
  expect(journal.commit(batchOf({ events: [{ type: "session-ended" }] }))[0]?.sequence).toBe(ENTRIES + 1);
  let chain = CHAIN_START;
  const rows = rowsOf(ACCOUNT.accountId);
  rows.forEach((row, index) => {
    expect(row.id).toBe(`demo:mx0test:dev1:${String(index + 1).padStart(12, "0")}`);
    chain = chainAfter(chain, row);
    expect(row.chain).toBe(chain);
  });
  expect(rows).toHaveLength(ENTRIES + 1);
  const [other] = rowsOf(OTHER_ACCOUNT.accountId);
  expect(other?.chain).toBe(chainAfter(CHAIN_START, other as Row));
});

test("their hashes and the marks for the synchronisation follow, and no other row loses a digit", () => {
  makeOldDatabase(home.file, 2, fill);
  home.open();
  const [row] = rowsOf(OTHER_ACCOUNT.accountId);
  const { id, accountId, mode, deviceId, sequence, at, type, event, chain } = row as Row;
  const columns = { id, account_id: accountId, mode, device_id: deviceId, sequence, at, type, event, chain };
  expect(row?._h).toBe(rowHash("journal", Object.entries(columns), 0));
  const marks = readRows(home.file, "SELECT count(*) n FROM sync_dirty JOIN journal ON id = pk WHERE tbl = 'journal'");
  expect(marks).toEqual([{ n: ENTRIES }]);
  expect(readRows(home.file, "SELECT key, _h FROM orders")).toEqual([{ key: "demo:mx0test:a", _h: (1n << 60n) - 1n }]);
});

test("an entry costs a page in the tree of its key and one in the index of its order, nothing else of the journal", () => {
  home.open().forAccount(ACCOUNT).journal.commit(intentBatch());
  const trees = readRows(
    home.file,
    "SELECT name FROM sqlite_schema WHERE tbl_name = 'journal' AND rootpage > 0 ORDER BY name",
  );
  expect(trees).toEqual([{ name: "journal" }, { name: "journal_order" }]);
});
