import type { Database } from "better-sqlite3";
import { getTableColumns, getTableName } from "drizzle-orm";
import type { Outbox } from "./outbox.ts";
import type { DriverValue } from "./row-hash.ts";
import { rowHash } from "./row-hash.ts";
import type { SyncedTable } from "./schema.ts";

type SyncField = "hlc" | "deleted" | "hash";
export type RowOf<T extends SyncedTable> = Omit<T["$inferInsert"], SyncField>;

/** What to do with a key that is there already: fail, leave the first row as it is, or take the new one's columns. */
export type OnConflict = "fail" | "keep" | "replace";

export interface RowWriter<T extends SyncedTable> {
  /** Writes the row with its sync columns and marks its key dirty. @returns false when the row changed nothing. */
  write(row: RowOf<T>, hlc: string): boolean;
}

/** One prepared statement for one table, its text made from the schema so that a new column cannot be forgotten. */
export function createRowWriter<T extends SyncedTable>(
  client: Database,
  outbox: Outbox,
  table: T,
  onConflict: OnConflict,
): RowWriter<T> {
  const tableName = getTableName(table);
  const fields = Object.entries(getTableColumns(table)).filter(([, column]) => !column.name.startsWith("_"));
  const key = fields.find(([, column]) => column.primary);
  if (key === undefined) throw new Error(`${tableName} has no key`);
  const [keyField, keyColumn] = key;
  const names = [...fields.map(([, column]) => column.name), "_hlc", "_del", "_h"];
  const insert = client.prepare<DriverValue[]>(
    `INSERT INTO ${tableName}(${names.join(", ")}) VALUES(${names.map(() => "?").join(", ")})` +
      conflictClause(tableName, keyColumn.name, names, onConflict),
  );

  function toDriver(row: Readonly<Record<string, unknown>>): [string, DriverValue][] {
    return fields.map(([field, column]) => {
      const value = row[field];
      return [column.name, value == null ? null : (column.mapToDriverValue(value) as DriverValue)];
    });
  }

  return {
    write(row, hlc) {
      const columns = toDriver(row);
      const values = columns.map(([, value]) => value);
      const { changes } = insert.run(...values, hlc, 0, rowHash(tableName, columns, 0));
      if (changes > 0) outbox.mark(tableName, String((row as Readonly<Record<string, unknown>>)[keyField]), hlc);
      return changes > 0;
    },
  };
}

function conflictClause(table: string, key: string, names: readonly string[], onConflict: OnConflict): string {
  if (onConflict === "fail") return "";
  if (onConflict === "keep") return ` ON CONFLICT(${key}) DO NOTHING`;
  const assignments = names.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
  // An equal row is no change: it keeps its clock and makes no work for the synchronisation.
  return ` ON CONFLICT(${key}) DO UPDATE SET ${assignments.join(", ")} WHERE ${table}._h <> excluded._h`;
}
