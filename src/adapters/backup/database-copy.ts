import { causeWords } from "../../core/domain/errors.ts";
import Database from "better-sqlite3";
import type { Database as Client } from "better-sqlite3";
import { createHash } from "node:crypto";
import type { DatabaseFacts } from "../../core/domain/backup/manifest.ts";
import { asBackupError, backupError } from "./backup-error.ts";

const PATIENCE_MS = 10_000;
/** Copies a whole database in one step. */
export const ALL_PAGES = 0x7fffffff;

/** What SQLite knows of a copy. */
export type CopyFacts = Pick<DatabaseFacts, "schemaVersion" | "schemaSha256" | "rows"> & { readonly sqlite: string };

/**
 * Copies the last committed state of a database others write to, page by page as it lies in the file, so that a later
 * copy differs only where something changed. In one step: copied in several, it begins anew with every foreign write and
 * may never end. @throws AppError BACKUP_SOURCE_DAMAGED.
 */
export async function copyLiveDatabase(file: string, to: string): Promise<void> {
  try {
    const live = new Database(file, { timeout: PATIENCE_MS, fileMustExist: true });
    try {
      await live.backup(to, { progress: () => ALL_PAGES });
    } finally {
      live.close();
    }
    settleIntoOneFile(to);
  } catch (cause) {
    throw asBackupError("BACKUP_SOURCE_DAMAGED", `The database ${file} could not be copied`, cause);
  }
}

/** Nothing of a copy may stand in a log beside it. */
export function settleIntoOneFile(copy: string): void {
  const client = new Database(copy, { fileMustExist: true });
  try {
    client.pragma("journal_mode = DELETE");
  } finally {
    client.close();
  }
}

/** Proves a copy sound, and counts it. @throws Error that says what is wrong with it. */
export function inspectCopy(file: string): CopyFacts {
  const client = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const [broken] = client.prepare<[], string>("PRAGMA integrity_check(1)").pluck().all();
    if (broken !== "ok") throw new Error(`it is damaged: ${broken ?? "unreadable"}`);
    const [orphan] = client.pragma("foreign_key_check") as readonly unknown[];
    if (orphan !== undefined) throw new Error("it has rows without their parents");
    return {
      sqlite: client.prepare<[], string>("SELECT sqlite_version()").pluck().get() ?? "",
      schemaVersion: countMigrations(client),
      schemaSha256: hashSchema(client),
      rows: countRows(client),
    };
  } finally {
    client.close();
  }
}

/** The same for the database a backup is made of. @throws AppError BACKUP_SOURCE_DAMAGED. */
export function inspectSource(copy: string, source: string): CopyFacts {
  try {
    return inspectCopy(copy);
  } catch (cause) {
    throw backupError("BACKUP_SOURCE_DAMAGED", `The database ${source} is not sound: ${causeWords(cause)}.`, cause);
  }
}

function countRows(client: Client): Readonly<Record<string, number>> {
  const tables = client
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();
  return Object.fromEntries(
    tables.sort().map((table) => [
      table,
      client
        .prepare<[], number>(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() ?? 0,
    ]),
  );
}

function countMigrations(client: Client): number {
  const has = client.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get() !== undefined;
  return has ? (client.prepare<[], number>("SELECT count(*) FROM __drizzle_migrations").pluck().get() ?? 0) : 0;
}

function hashSchema(client: Client): string {
  const schema = client.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").raw().all();
  return createHash("sha256").update(JSON.stringify(schema)).digest("hex");
}
