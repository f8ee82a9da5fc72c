import type { Row } from "@libsql/client/http";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { SyncRow, SyncTable, SyncValue } from "../../core/domain/sync-table.ts";

/**
 * A row as the remote gives it, checked for its types; whether it is what was once pushed tells its hash.
 * @throws AppError SYNC_REMOTE_FAILED for what no version of this program can have put there.
 */
export function readRow(table: SyncTable, row: Row): SyncRow {
  const values: Record<string, SyncValue> = {};
  for (const { name, type } of table.columns) values[name] = readValue(table, name, type, row[name]);
  const { _hlc: hlc, _del: deleted, _h: hash } = row;
  const key = values[table.key];
  if (typeof key !== "string" || typeof hlc !== "string" || typeof deleted !== "bigint" || typeof hash !== "bigint") {
    throw unreadable(`a row without its key, clock or hash in the table ${table.name}`);
  }
  return { table: table.name, key, values, hlc, deleted: deleted === 1n, hash };
}

/** @throws AppError SYNC_REMOTE_FAILED where there is none. */
export function readText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw unreadable(`${typeof value} in the column ${column}`);
}

function readValue(table: SyncTable, name: string, type: "text" | "integer", value: unknown): SyncValue {
  if (value == null) return null;
  if (type === "text" && typeof value === "string") return value;
  if (type === "integer" && typeof value === "bigint") return Number(value);
  throw unreadable(`${typeof value} in the column ${name} of the table ${table.name}`);
}

function unreadable(what: string): AppError {
  return new AppError({
    code: "SYNC_REMOTE_FAILED",
    message: `The remote holds ${what}.`,
    notDone: "Nothing of what it told was taken in.",
    hint: "Something else writes to this database. Look at the table with Turso's own tools, or use a fresh database.",
    exitCode: EXIT_CODES.failure,
  });
}
