import type { Database } from "better-sqlite3";
import type { HashBucket } from "../../core/ports/sync-remote.ts";
import type { SyncRow, SyncTable, SyncValue } from "../../core/domain/sync-table.ts";
import type { DriverValue } from "./row-hash.ts";
import { rowHash } from "./row-hash.ts";

/** The rows of one synced table, as the synchronisation sees them. */
export interface SyncRows {
  readonly table: SyncTable;
  find(key: string): SyncRow | undefined;
  /** Puts the row in place of what stands under its key. */
  put(row: SyncRow): void;
  scan(afterKey: string, limit: number): readonly SyncRow[];
  buckets(): readonly HashBucket[];
  bucketRows(bucket: number): ReadonlyMap<string, bigint>;
  markEverything(): number;
}

/** Count and sums of the hashes by 256th; the same text on both sides. */
const BUCKETS = (table: string) =>
  `SELECT _h & 255, count(*), sum(_h & 4294967295), sum(_h >> 32) FROM ${table} GROUP BY 1 ORDER BY 1`;

export function createSyncRows(client: Database, table: SyncTable): SyncRows {
  const { name, key } = table;
  const columns = table.columns.map((column) => column.name);
  const all = [...columns, "_hlc", "_del", "_h"];
  const select = `SELECT ${all.join(", ")} FROM ${name}`;
  const byKey = client.prepare<[string], DriverValue[]>(`${select} WHERE ${key} = ?`).raw().safeIntegers();
  const inOrder = client
    .prepare<[string, number], DriverValue[]>(`${select} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`)
    .raw()
    .safeIntegers();
  const write = client.prepare<DriverValue[]>(
    `INSERT INTO ${name}(${all.join(", ")}) VALUES(${all.map(() => "?").join(", ")}) ON CONFLICT(${key}) DO UPDATE SET ` +
      all
        .filter((column) => column !== key)
        .map((column) => `${column} = excluded.${column}`)
        .join(", "),
  );
  const buckets = client.prepare<[], [bigint, bigint, bigint, bigint]>(BUCKETS(name)).raw().safeIntegers();
  const bucketRows = client
    .prepare<[number], [string, bigint]>(`SELECT ${key}, _h FROM ${name} WHERE _h & 255 = ?`)
    .raw()
    .safeIntegers();
  const markAll = client.prepare(
    `INSERT INTO sync_dirty(tbl, pk, hlc) SELECT '${name}', ${key}, _hlc FROM ${name} WHERE true ON CONFLICT DO NOTHING`,
  );

  function toRow(read: readonly DriverValue[]): SyncRow {
    const values: Record<string, SyncValue> = {};
    columns.forEach((column, at) => {
      const value = read[at] ?? null;
      values[column] = typeof value === "bigint" ? Number(value) : value;
    });
    const [hlc, deleted, hash] = read.slice(columns.length);
    return {
      table: name,
      key: String(values[key]),
      values,
      hlc: String(hlc),
      deleted: deleted === 1n,
      hash: BigInt(hash ?? 0),
    };
  }

  return {
    table,
    find(wanted) {
      const read = byKey.get(wanted);
      return read === undefined ? undefined : toRow(read);
    },
    put(row) {
      write.run(...columns.map((column) => row.values[column] ?? null), row.hlc, row.deleted ? 1 : 0, row.hash);
    },
    scan: (afterKey, limit) => inOrder.all(afterKey, limit).map(toRow),
    buckets: () =>
      buckets.all().map(([bucket, rows, low, high]) => ({ bucket: Number(bucket), rows: Number(rows), low, high })),
    bucketRows: (bucket) => new Map(bucketRows.all(bucket)),
    markEverything: () => markAll.run().changes,
  };
}

/** The hash that goes with the values. */
export function hashOf(table: string, values: Readonly<Record<string, SyncValue>>, deleted: boolean): bigint {
  return rowHash(table, Object.entries(values), deleted ? 1 : 0);
}
