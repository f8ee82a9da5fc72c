import Database from "better-sqlite3";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabaseCare } from "../../../src/app/compose/open-database-care.ts";
import { openJournalBook } from "../../../src/app/compose/open-journal-book.ts";
import { makeOldDatabase } from "../../adapters/storage/old-database.ts";
import { ACCOUNT, intentBatch, migrationCount, temporaryHome } from "../../adapters/storage/samples.ts";
import type { TestHome } from "../../adapters/storage/samples.ts";
import { runLine } from "../run-line.ts";

let home: TestHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => {
  home.remove();
});

async function line(...words: readonly string[]) {
  const { code, objects, errors } = await runLine([...words, "--json"], undefined, {
    env: {
      TAPEDECK_HOME: home.folder,
      TAPEDECK_REST_URL: "http://127.0.0.1:9",
      TAPEDECK_WS_URL: "ws://127.0.0.1:9/ws",
    },
    services: {
      openDatabaseCare: (options) => Promise.resolve(openDatabaseCare(options)),
      openJournalBook: (options) => Promise.resolve(openJournalBook(options)),
    },
  });
  const fault = (errors()[0] as { readonly error: { readonly code: string } } | undefined)?.error;
  return { code, told: objects()[0], fault };
}

describe("db status", () => {
  test("of a home without a database says so and makes none", async () => {
    expect(await line("db", "status")).toMatchObject({ code: 0, told: { state: "absent", mode: "demo" } });
    expect(existsSync(home.file)).toBe(false);
  });

  test("tells version, size, device and rows, and whether the file is sound", async () => {
    const storage = home.open();
    storage.forAccount(ACCOUNT).journal.commit(intentBatch());
    const { code, told } = await line("db", "status", "--check");
    expect(code).toBe(0);
    expect(told).toMatchObject({
      schema: "tapedeck.db/1",
      state: "current",
      version: migrationCount(),
      known: migrationCount(),
      device: storage.status().deviceId,
      faults: [],
      tables: expect.arrayContaining([{ name: "intents", rows: 1 }]) as unknown,
    });
  });

  test("of an older database leaves it as it is", async () => {
    makeOldDatabase(home.file, 2, () => undefined);
    const before = readFileSync(home.file);
    expect(await line("db", "status")).toMatchObject({ code: 0, told: { state: "pending", version: 2, faults: null } });
    expect(readFileSync(home.file).equals(before)).toBe(true);
  });

  test("refuses one that is newer, and one of another history, with the next step", async () => {
    home.open().close();
    const client = new Database(home.file);
    client.prepare("INSERT INTO __drizzle_migrations(hash, created_at) VALUES('later', 1)").run();
    expect(await line("db", "status")).toMatchObject({
      code: 3,
      told: { state: "newer" },
      fault: { code: "DATABASE_NEWER" },
    });
    client.prepare("UPDATE __drizzle_migrations SET hash = 'edited' WHERE id = 1").run();
    client.close();
    expect(await line("db", "status")).toMatchObject({ code: 3, told: { state: "foreign" } });
    expect((await line("db", "migrate")).fault?.code).toBe("DATABASE_UNREADABLE");
  });

  test("finds damage when it is asked to look", async () => {
    const storage = home.open();
    for (let order = 0; order < 200; order += 1) storage.forAccount(ACCOUNT).journal.commit(intentBatch(`td-${order}`));
    storage.close();
    // An index that names another order than the row does: nothing fails until somebody looks.
    const client = new Database(home.file, { readonly: true });
    const page = client
      .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'journal_order' AND pagetype = 'leaf' LIMIT 1")
      .pluck()
      .get();
    client.close();
    const bytes = readFileSync(home.file);
    const from = ((page ?? 1) - 1) * 4096;
    bytes.write(bytes.toString("latin1", from, from + 4096).replaceAll("td-", "zz-"), from, "latin1");
    writeFileSync(home.file, bytes);
    const { code, fault } = await line("db", "status", "--check");
    expect([code, fault?.code]).toEqual([1, "DATABASE_DAMAGED"]);
  });

  test("of what is no database says what to do", async () => {
    home.open().close();
    writeFileSync(home.file, "not a database, whatever it is called".repeat(200));
    expect(await line("db", "status")).toMatchObject({ code: 3, fault: { code: "DATABASE_UNREADABLE" } });
  });
});

describe("db migrate", () => {
  test("brings a database in use up to date, keeps its state before, and writes that down", async () => {
    makeOldDatabase(home.file, 2, (client) => {
      client.exec("INSERT INTO settings VALUES('layout', 'wide', 'x', 0, 1)");
    });
    const { code, told } = await line("db", "migrate");
    expect(code).toBe(0);
    const { from, to, backup } = told as unknown as { from: number; to: number; backup: string };
    expect([from, to]).toEqual([2, migrationCount()]);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    const copy = new Database(backup, { readonly: true });
    expect(copy.prepare("SELECT value FROM settings").pluck().get()).toBe("wide");
    expect(copy.prepare("SELECT count(*) FROM __drizzle_migrations").pluck().get()).toBe(2);
    copy.close();
    expect(home.open().settings.get("layout")).toBe("wide");
    expect((await line("journal", "ls")).told).toMatchObject({
      entries: [
        { type: "database-migrated", by: "start", event: { details: { from: 2, to: migrationCount(), backup } } },
      ],
    });
  });

  test("has nothing to do the second time", async () => {
    await line("db", "migrate");
    expect(await line("db", "migrate")).toMatchObject({
      code: 0,
      told: { from: migrationCount(), to: migrationCount(), backup: null },
    });
  });
});
