import Database from "better-sqlite3";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../../src/adapters/storage/open-database.ts";
import { createWriteAheadLog } from "../../../src/adapters/storage/write-ahead-log.ts";
import { ACCOUNT, intentBatch, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

let home: TestHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => {
  home.remove();
});

function idsInFileAlone(): readonly unknown[] {
  const copy = join(home.folder, "copy.db");
  copyFileSync(home.file, copy);
  const client = new Database(copy, { readonly: true });
  try {
    return client.prepare("SELECT client_order_id FROM intents").pluck().all();
  } finally {
    client.close();
  }
}

test("what stands in the log comes into the file once there is enough of it, and not before", () => {
  const { journal } = home.open().forAccount(ACCOUNT);
  const client = openDatabase(home.file);
  createWriteAheadLog(client, 1).tend();
  journal.commit(intentBatch("td-moved"));
  createWriteAheadLog(client, 1_000).tend();
  expect(idsInFileAlone()).toEqual([]);
  createWriteAheadLog(client, 1).tend();
  expect(idsInFileAlone()).toEqual(["td-moved"]);
  client.close();
});

test("the log begins anew at once, so that the next order's commit finds it begun", () => {
  const { journal } = home.open().forAccount(ACCOUNT);
  journal.commit(intentBatch("td-1"));
  const client = openDatabase(home.file);
  createWriteAheadLog(client, 1).tend();
  expect(client.pragma("wal_checkpoint(NOOP)")).toEqual([{ busy: 0, log: 1, checkpointed: 0 }]);
  client.close();
});

test("a log that is tended does not grow, however much is written", () => {
  const { journal } = home.open().forAccount(ACCOUNT);
  const client = openDatabase(home.file);
  const log = createWriteAheadLog(client, 100);
  for (let order = 0; order < 300; order += 1) {
    journal.commit(intentBatch(`td-${order}`));
    log.tend();
  }
  expect(statSync(`${home.file}-wal`).size).toBeLessThan(1024 * 1024);
  client.close();
});

test("a log that cannot be moved is left as it is: a timer that comes late must not bring the console down", () => {
  const storage = home.open();
  storage.close();
  storage.tendLog();
});
