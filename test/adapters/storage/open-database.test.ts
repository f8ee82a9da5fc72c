import { drizzle } from "drizzle-orm/better-sqlite3";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readDeviceId } from "../../../src/adapters/storage/device.ts";
import { createJournal } from "../../../src/adapters/storage/journal.ts";
import { migrate } from "../../../src/adapters/storage/migrate.ts";
import { openDatabase } from "../../../src/adapters/storage/open-database.ts";
import { createOutbox } from "../../../src/adapters/storage/outbox.ts";
import { ACCOUNT, MIGRATIONS, batchOf, fixedClock, testIds } from "./samples.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-open-"));
  file = join(folder, "data", "console.db");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("every connection has the settings that money needs", () => {
  for (const client of [openDatabase(file), openDatabase(file)]) {
    const settings = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema"].map((name) =>
      client.pragma(name, { simple: true }),
    );
    expect(settings).toEqual(["wal", 2, 1, 5000, 0]);
    client.close();
  }
});

test("a folder and a file that others can read are closed to them", () => {
  mkdirSync(dirname(file));
  chmodSync(dirname(file), 0o755);
  writeFileSync(file, "");
  chmodSync(file, 0o644);
  openDatabase(file).close();
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each<[string, () => void, string]>([
  ["a file that is no database", () => writeFileSync(file, "x".repeat(8192)), "DATABASE_UNREADABLE"],
  ["a folder in its place", () => mkdirSync(file), "DATABASE_UNREADABLE"],
])("%s is refused and left alone", (_what, put, code) => {
  mkdirSync(dirname(file), { mode: 0o700 });
  put();
  const before = statSync(file);
  expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code, hint: expect.any(String) as string }));
  expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
});

test("a folder that cannot be made is STORAGE_FAILED", () => {
  writeFileSync(join(folder, "data"), "");
  expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: "STORAGE_FAILED", exitCode: 1 }));
});

test.skipIf(process.getuid?.() !== 0)("a folder of another user is refused with what to do", () => {
  mkdirSync(dirname(file));
  chownSync(dirname(file), 12345, 12345);
  expect(() => openDatabase(file)).toThrow(
    expect.objectContaining({
      code: "DATABASE_UNREADABLE",
      message: expect.stringContaining("another user") as string,
    }),
  );
});

test("a disk that is full fails the commit with a hint, keeps nothing of it, and leaves the file sound", () => {
  const client = openDatabase(file);
  migrate(client, { migrationsFolder: MIGRATIONS, backupFile: () => `${file}.before` });
  const deviceId = readDeviceId(client, testIds());
  const outbox = createOutbox(client, { clock: fixedClock(), deviceId });
  const journal = createJournal({ client, query: drizzle(client), outbox, deviceId, ...ACCOUNT });
  const note = (what: string) => journal.commit(batchOf({ events: [{ type: "anomaly-seen", what }] }));
  note("before");
  client.pragma(`max_page_count = ${client.pragma("page_count", { simple: true }) as number}`);
  expect(() => note("x".repeat(500_000))).toThrow(
    expect.objectContaining({ code: "STORAGE_FAILED", hint: expect.stringContaining("full") as string }),
  );
  client.pragma("max_page_count = 100000");
  expect(note("after").map((event) => event.sequence)).toEqual([2]);
  expect(client.pragma("integrity_check", { simple: true })).toBe("ok");
  client.close();
});
