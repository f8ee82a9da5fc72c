import Database from "better-sqlite3";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { existsSync, statSync } from "node:fs";
import { standingOf } from "./migrate.ts";
import type { SchemaStanding } from "./migrate.ts";
import { databaseUnreadable, sqliteCode } from "./storage-error.ts";

export interface DatabaseFacts {
  readonly standing: SchemaStanding;
  readonly sizeBytes: number;
  /** What stands in the write-ahead log and is not in the file yet. */
  readonly logBytes: number;
  readonly deviceId: string | undefined;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** What SQLite finds wrong with the file; undefined when it was not asked. */
  readonly faults: readonly string[] | undefined;
}

/**
 * Looks at a database without changing it, whatever version it has: neither made nor migrated.
 * @returns undefined when there is none. @throws AppError DATABASE_UNREADABLE
 */
export function inspectDatabase(
  file: string,
  options: { readonly migrationsFolder: string; readonly checked: boolean },
): DatabaseFacts | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const client = new Database(file, { readonly: true, timeout: 5_000 });
    try {
      const names = client
        .prepare<[], string>(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
        )
        .pluck()
        .all()
        .filter((name) => !name.startsWith("__"));
      const count = (name: string) => client.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0;
      return {
        standing: standingOf(client, readMigrationFiles({ migrationsFolder: options.migrationsFolder })),
        sizeBytes: statSync(file).size,
        logBytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
        deviceId: names.includes("sync_state")
          ? client.prepare<[], string>("SELECT v FROM sync_state WHERE k = 'device'").pluck().get()
          : undefined,
        tables: names.map((name) => ({ name, rows: count(name) })),
        faults: options.checked ? faultsOf(client) : undefined,
      };
    } finally {
      client.close();
    }
  } catch (cause) {
    const code = sqliteCode(cause);
    if (code === undefined) throw cause;
    throw databaseUnreadable(`${file} cannot be read (${code}).`, undefined, cause);
  }
}

function faultsOf(client: Database.Database): readonly string[] {
  const integrity = client.prepare<[], string>("PRAGMA integrity_check").pluck().all();
  const orphans = client.prepare("PRAGMA foreign_key_check").all();
  return [
    ...integrity.filter((line) => line !== "ok"),
    ...(orphans.length === 0 ? [] : [`${orphans.length} rows point to rows that are not there`]),
  ];
}
