import Database from "better-sqlite3";
import type { Database as Client } from "better-sqlite3";
import type { MigrationMeta } from "drizzle-orm/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { closeSync, openSync } from "node:fs";
import { AppError } from "../../core/domain/errors.ts";
import { waitOutBusy } from "./busy.ts";
import { databaseNewer, databaseUnreadable, storageFailed } from "./storage-error.ts";

/** Another process may be copying and migrating a large file. */
const PATIENCE_MS = 30_000;

export interface MigrateOptions {
  /** The folder drizzle-kit generates into. */
  readonly migrationsFolder: string;
  /** Where the state before goes when a database in use is about to change; must not exist yet. */
  readonly backupFile: () => string;
  /** What a migration needs done that SQL cannot do, by its number; after its statements, in the same transaction. */
  readonly steps?: MigrationSteps;
}

export type MigrationSteps = Readonly<Record<number, (client: Client) => void>>;

export interface MigrateResult {
  /** How many migrations the database has now. */
  readonly schemaVersion: number;
  readonly applied: number;
  /** Of a database that was in use. */
  readonly backup: string | undefined;
}

/**
 * Brings the database up to this program's schema: all pending migrations in one transaction that no other process can
 * enter, after the whole history was compared by hash and the state before was copied.
 *
 * Drizzle's own migrator compares time stamps only, reads the state outside the transaction, and drops child rows when
 * a generated table rebuild turns foreign keys off inside it.
 *
 * @throws AppError DATABASE_NEWER, DATABASE_UNREADABLE (a migration was edited) or STORAGE_FAILED; nothing is changed.
 */
export function migrate(client: Client, options: MigrateOptions): MigrateResult {
  const known = readMigrationFiles({ migrationsFolder: options.migrationsFolder });
  const pendingNow = pendingOf(client, known);
  if (pendingNow.length === 0) return { schemaVersion: known.length, applied: 0, backup: undefined };
  // Inside a transaction this pragma does nothing, and dropping a table would take its children along.
  client.pragma("foreign_keys = OFF");
  try {
    return waitOutBusy(PATIENCE_MS, () => client.transaction(() => applyPending(client, known, options)).immediate());
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw storageFailed("The database could not be brought up to date", cause);
  } finally {
    client.pragma("foreign_keys = ON");
  }
}

function applyPending(client: Client, known: readonly MigrationMeta[], options: MigrateOptions): MigrateResult {
  client.exec(
    "CREATE TABLE IF NOT EXISTS __drizzle_migrations(id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at NUMERIC)",
  );
  // Another process may have migrated while we waited for the lock.
  const pending = pendingOf(client, known);
  const hasData = pending.length > 0 && pending.length < known.length;
  const backup = hasData ? copyDatabase(client.name, options.backupFile()) : undefined;
  const record = client.prepare("INSERT INTO __drizzle_migrations(hash, created_at) VALUES(?, ?)");
  const applied = known.length - pending.length;
  for (const [index, migration] of pending.entries()) {
    for (const statement of migration.sql) {
      if (!/^\s*PRAGMA\s+foreign_keys/i.test(statement)) client.exec(statement);
    }
    options.steps?.[applied + index]?.(client);
    record.run(migration.hash, migration.folderMillis);
  }
  const [broken] = client.pragma("foreign_key_check") as readonly unknown[];
  if (broken !== undefined) throw new Error(`rows would lose their parents: ${JSON.stringify(broken)}`);
  return { schemaVersion: known.length, applied: pending.length, backup };
}

/** Where a database stands beside what the program knows. */
export interface SchemaStanding {
  /** `foreign`: the history holds a migration that this program does not have, or has in another text. */
  readonly kind: "current" | "pending" | "newer" | "foreign";
  /** How many migrations the database has. */
  readonly version: number;
  /** How many the program has. */
  readonly known: number;
}

export function standingOf(client: Client, known: readonly MigrationMeta[]): SchemaStanding {
  const applied = appliedHashes(client);
  const counts = { version: applied.length, known: known.length };
  if (applied.slice(0, known.length).some((hash, at) => known[at]?.hash !== hash))
    return { kind: "foreign", ...counts };
  if (applied.length > known.length) return { kind: "newer", ...counts };
  return { kind: applied.length < known.length ? "pending" : "current", ...counts };
}

function pendingOf(client: Client, known: readonly MigrationMeta[]): readonly MigrationMeta[] {
  const applied = appliedHashes(client);
  applied.slice(0, known.length).forEach((hash, at) => {
    if (known[at]?.hash === hash) return;
    throw databaseUnreadable(
      `Migration ${at + 1} of the database is not the one this program has: it was edited or comes from another branch.`,
      "Install the version of tapedeck that last used this database.",
    );
  });
  if (applied.length > known.length) throw databaseNewer(applied.length, known.length);
  return known.slice(applied.length);
}

function appliedHashes(client: Client): readonly string[] {
  const exists = client.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get() !== undefined;
  if (!exists) return [];
  return client.prepare<[], string>("SELECT hash FROM __drizzle_migrations ORDER BY id").pluck().all();
}

/**
 * A second connection copies the last committed state while ours holds the write lock: exactly what the migration starts
 * from, and once, however many processes start together.
 */
function copyDatabase(file: string, to: string): string {
  closeSync(openSync(to, "wx", 0o600));
  const reader = new Database(file, { readonly: true });
  try {
    reader.prepare("VACUUM INTO ?").run(to);
  } finally {
    reader.close();
  }
  return to;
}
