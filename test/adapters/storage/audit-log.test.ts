import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import type { AuditEntry } from "../../../src/core/domain/audit.ts";
import { ACCOUNT, NOON, batchOf, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

const CREATED: AuditEntry = { type: "backup-created", by: "person", details: { id: "b1", bytes: 4096 } };
const MOVED: AuditEntry = { type: "storage-mode-changed", by: "person", why: "new machine", details: { to: "shadow" } };

let home: TestHome;
let storage: Storage;
beforeEach(() => {
  home = temporaryHome();
  storage = home.open();
});
afterEach(() => {
  home.remove();
});

function written(): readonly unknown[] {
  const database = new Database(home.file, { readonly: true });
  try {
    return database.prepare("SELECT sequence, at, mode, type, event FROM journal WHERE account_id = 'program'").all();
  } finally {
    database.close();
  }
}

describe("the audit log", () => {
  test("keeps who did what and why, in the order in which the processes wrote it", () => {
    storage.auditLog("live").append(CREATED);
    home.open().auditLog("demo").append(MOVED);
    expect(written()).toEqual([
      { sequence: 1, at: NOON, mode: "live", type: "backup-created", event: JSON.stringify(CREATED) },
      { sequence: 2, at: NOON, mode: "demo", type: "storage-mode-changed", event: JSON.stringify(MOVED) },
    ]);
  });

  test("is apart from the journal of any account, and leaves with the synchronisation like it", () => {
    storage.auditLog("demo").append(CREATED);
    const { journal } = storage.forAccount(ACCOUNT);
    expect(journal.commit(batchOf({ events: [{ type: "session-ended" }] }))[0]?.sequence).toBe(1);
    expect(journal.latest(9)).toHaveLength(1);
    expect(storage.status().unsyncedRows).toBe(2);
  });

  test("says so when an entry cannot be written", () => {
    const log = storage.auditLog("demo");
    storage.close();
    expect(() => {
      log.append(CREATED);
    }).toThrow(expect.objectContaining({ code: "STORAGE_FAILED" }));
  });
});
