import type { Database } from "better-sqlite3";
import { getTableColumns, getTableName } from "drizzle-orm";
import type { Outbox } from "./outbox.ts";
import type { DriverValue } from "./row-hash.ts";
import { hashOfSorted } from "./row-hash.ts";
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
  const fields = Object.entries(getTableColumns(table))
    .filter(([, column]) => !column.name.startsWith("_"))
    // As the hash wants them, which is taken of every row.
    .sort(([, left], [, right]) => (left.name < right.name ? -1 : 1));
  const key = fields.find(([, column]) => column.primary);
  if (key === undefined) throw new Error(`${tableName} has no key`);
  const [keyField, keyColumn] = key;
  const names = [...fields.map(([, column]) => column.name), "_hlc", "_del", "_h"];
  const insert = client.prepare<DriverValue[]>(
    `INSERT INTO ${tableName}(${names.join(", ")}) VALUES(${names.map(() => "?").join(", ")})` +
      conflictClause(tableName, keyColumn.name, names, onConflict),
  );

  const readers = fields.map(([field, column]) => ({
    field,
    name: column.name,
    // Texts and numbers go to the driver as they are.
    toDriver: column.dataType === "custom" ? (value: unknown) => column.mapToDriverValue(value) : undefined,
  }));

  return {
    write(row, hlc) {
      const own = row as Readonly<Record<string, unknown>>;
      const columns: [string, DriverValue][] = [];
      const values: DriverValue[] = [];
      for (const { field, name, toDriver } of readers) {
        const held = own[field] ?? null;
        const value = (held === null || toDriver === undefined ? held : toDriver(held)) as DriverValue;
        columns.push([name, value]);
        values.push(value);
      }
      values.push(hlc, 0, hashOfSorted(tableName, columns, 0));
      const { changes } = insert.run(...values);
      if (changes > 0) outbox.mark(tableName, String(own[keyField]), hlc);
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
