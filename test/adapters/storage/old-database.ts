import Database from "better-sqlite3";
import type { Database as Client } from "better-sqlite3";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { migrate } from "../../../src/adapters/storage/migrate.ts";
import { openDatabase } from "../../../src/adapters/storage/open-database.ts";
import { MIGRATIONS } from "./samples.ts";

interface MigrationList {
  readonly entries: readonly { readonly tag: string }[];
}

/** A database as a program with only the first so many migrations left it, with the rows that `fill` puts in. */
export function makeOldDatabase(file: string, version: number, fill: (client: Client) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-old-"));
  try {
    const list = JSON.parse(readFileSync(join(MIGRATIONS, "meta/_journal.json"), "utf8")) as MigrationList;
    const entries = list.entries.slice(0, version);
    mkdirSync(join(folder, "meta"));
    writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ ...list, entries }));
    for (const { tag } of entries) copyFileSync(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`));
    mkdirSync(dirname(file), { recursive: true });
    const client = openDatabase(file);
    migrate(client, { migrationsFolder: folder, backupFile: () => `${file}.never` });
    fill(client);
    client.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads with a connection of its own; whole numbers as bigint where a hash is asked for. */
export function readRows(file: string, query: string, ...values: readonly (string | number)[]): readonly unknown[] {
  const client = new Database(file, { readonly: true });
  try {
    return client
      .prepare(query)
      .safeIntegers(query.includes("_h"))
      .all(...values);
  } finally {
    client.close();
  }
}
