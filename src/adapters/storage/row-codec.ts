import { getTableColumns, getTableName } from "drizzle-orm";
import type { SyncTable, SyncValue } from "../../core/domain/sync-table.ts";
import { SYNC_RULES } from "../../core/domain/sync-table.ts";
import type { RowOf } from "./row-writer.ts";
import type { SyncedTable } from "./schema.ts";

export type SelectedRow<T extends SyncedTable> = Omit<T["$inferSelect"], "hlc" | "deleted" | "hash">;

/** Between a row as the schema types it and its plain values by column. */
export interface RowCodec<T extends SyncedTable> {
  readonly table: SyncTable;
  toValues(row: RowOf<T>): Readonly<Record<string, SyncValue>>;
  /** @throws AppError DATABASE_UNREADABLE for a value no version of this program can have written. */
  fromValues(values: Readonly<Record<string, SyncValue>>): SelectedRow<T>;
}

export function createRowCodec<T extends SyncedTable>(table: T): RowCodec<T> {
  const name = getTableName(table);
  const fields = Object.entries(getTableColumns(table)).filter(([, column]) => !column.name.startsWith("_"));
  const key = fields.find(([, column]) => column.primary)?.[1].name;
  const rule = SYNC_RULES[name];
  if (key === undefined || rule === undefined) throw new Error(`${name} has no key or no rule`);
  return {
    table: {
      name,
      key,
      rule,
      columns: fields.map(([, column]) => ({
        name: column.name,
        type: column.getSQLType() === "integer" ? "integer" : "text",
      })),
    },
    toValues: (row) =>
      Object.fromEntries(
        fields.map(([field, column]) => {
          const value = (row as Readonly<Record<string, unknown>>)[field];
          return [column.name, value == null ? null : (column.mapToDriverValue(value) as SyncValue)];
        }),
      ),
    fromValues: (values) =>
      Object.fromEntries(
        fields.map(([field, column]) => {
          const value = values[column.name] ?? null;
          return [field, value === null ? null : column.mapFromDriverValue(value)];
        }),
      ) as SelectedRow<T>,
  };
}
