import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "../../../src/adapters/storage/migrate.ts";
import { openDatabase } from "../../../src/adapters/storage/open-database.ts";
import { bundleFixture } from "./bundle-fixture.ts";
import { MIGRATIONS, migrationCount } from "./samples.ts";

const CREATE = `CREATE TABLE parent (id text PRIMARY KEY NOT NULL, name text DEFAULT 'a');
--> statement-breakpoint
CREATE TABLE child (id text PRIMARY KEY NOT NULL, parent text NOT NULL REFERENCES parent(id) ON DELETE cascade);`;
/** What drizzle-kit writes when a column's default changes. */
const REBUILD = `PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE __new_parent (id text PRIMARY KEY NOT NULL, name text DEFAULT 'b');
--> statement-breakpoint
INSERT INTO __new_parent(id, name) SELECT id, name FROM parent;--> statement-breakpoint
DROP TABLE parent;--> statement-breakpoint
ALTER TABLE __new_parent RENAME TO parent;--> statement-breakpoint
PRAGMA foreign_keys=ON;`;

const PROCESSES = 40;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-migrate-"));
  file = join(folder, "test.db");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a folder as drizzle-kit lays it out. */
function migrations(name: string, ...texts: readonly string[]): string {
  const at = join(folder, name);
  mkdirSync(join(at, "meta"), { recursive: true });
  const entries = texts.map((sql, idx) => {
    writeFileSync(join(at, `000${idx}_m.sql`), sql);
    return { idx, version: "6", when: 1000 + idx, tag: `000${idx}_m`, breakpoints: true };
  });
  writeFileSync(join(at, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "sqlite", entries }));
  return at;
}

function run(migrationsFolder: string) {
  const client = openDatabase(file);
  try {
    return migrate(client, { migrationsFolder, backupFile: () => `${file}.before` });
  } finally {
    client.close();
  }
}

function query<T>(sql: string, at = file): T[] {
  const database = new Database(at);
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}

function addFamily(): void {
  const database = new Database(file);
  database.exec("INSERT INTO parent VALUES('p', 'kept'); INSERT INTO child VALUES('c1', 'p'), ('c2', 'p')");
  database.close();
}

describe("a migration", () => {
  test("runs once, and a table rebuilt by it keeps the rows that point to it", () => {
    expect(run(migrations("one", CREATE))).toEqual({ schemaVersion: 1, applied: 1, backup: undefined });
    addFamily();
    const two = migrations("two", CREATE, REBUILD);
    expect(run(two)).toEqual({ schemaVersion: 2, applied: 1, backup: `${file}.before` });
    expect(run(two)).toEqual({ schemaVersion: 2, applied: 0, backup: undefined });
    expect(query("SELECT id FROM child")).toHaveLength(2);
    expect(query("SELECT name FROM parent")).toEqual([{ name: "kept" }]);
    expect(query("PRAGMA foreign_key_check")).toEqual([]);
  });

  test("of a database in use leaves a private copy of the state before beside it", () => {
    run(migrations("one", CREATE));
    addFamily();
    run(migrations("two", CREATE, "CREATE TABLE later (id text)"));
    expect(query("SELECT id FROM child", `${file}.before`)).toHaveLength(2);
    expect(query("SELECT name FROM sqlite_schema WHERE name = 'later'", `${file}.before`)).toEqual([]);
    expect(statSync(`${file}.before`).mode & 0o777).toBe(0o600);
  });

  test("that fails half-way, or would orphan rows, changes nothing", () => {
    run(migrations("one", CREATE));
    addFamily();
    for (const [name, sql] of [
      ["broken", "CREATE TABLE extra (id text);--> statement-breakpoint\nCREATE TABLE child (id text);"],
      ["orphans", "DELETE FROM parent;"],
    ] as const) {
      rmSync(`${file}.before`, { force: true });
      const attempt = () => run(migrations(name, CREATE, sql));
      expect(attempt).toThrow(expect.objectContaining({ code: "STORAGE_FAILED" }));
      expect(query("SELECT id FROM parent")).toHaveLength(1);
      expect(query("SELECT hash FROM __drizzle_migrations")).toHaveLength(1);
      expect(query("SELECT name FROM sqlite_schema WHERE name = 'extra'")).toEqual([]);
    }
  });

  test("a database newer than the program is refused", () => {
    run(migrations("two", CREATE, REBUILD));
    const attempt = () => run(migrations("one", CREATE));
    expect(attempt).toThrow(expect.objectContaining({ code: "DATABASE_NEWER", exitCode: 3 }));
  });

  test("an edited migration, or one slipped in before, is refused", () => {
    run(migrations("one", CREATE));
    for (const texts of [[`${CREATE} -- edited`], ["CREATE TABLE earlier (id text)", CREATE]]) {
      const attempt = () => run(migrations(`changed${texts.length}`, ...texts));
      expect(attempt).toThrow(expect.objectContaining({ code: "DATABASE_UNREADABLE", exitCode: 3 }));
    }
    expect(existsSync(`${file}.before`)).toBe(false);
  });
});

test("forty processes that start at once on a fresh file all succeed, as one device", async () => {
  const starter = bundleFixture("start-and-commit.ts", folder);
  const children = Array.from({ length: PROCESSES }, () => {
    const child = spawn(process.execPath, [starter, MIGRATIONS, join(folder, "data", "console.db")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  for (const { lines } of children) expect((await lines.next()).value).toBe("ready");
  for (const { child } of children) child.stdin.end("\n");
  const results = await Promise.all(children.map(async ({ lines }) => JSON.parse(String((await lines.next()).value))));
  const told = results as readonly { schemaVersion: number; deviceId: string; sequence: number }[];
  expect(told.map((one) => one.schemaVersion)).toEqual(told.map(() => migrationCount()));
  expect(new Set(told.map((one) => one.deviceId)).size).toBe(1);
  expect(told.map((one) => one.sequence).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: PROCESSES }, (_, index) => index + 1),
  );
}, 60_000);

test("the migrations of the product are in order and listed, none drops a table", () => {
  const { entries } = JSON.parse(readText("meta/_journal.json")) as { entries: { when: number; tag: string }[] };
  const times = entries.map((entry) => entry.when);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
  expect(files.toSorted()).toEqual(entries.map((entry) => `${entry.tag}.sql`));
  for (const name of files) expect(readText(name)).not.toMatch(/DROP TABLE/i);
});

function readText(name: string): string {
  return readFileSync(join(MIGRATIONS, name), "utf8");
}
