import type { InStatement } from "@libsql/client/http";
import type { SyncRow, SyncRule, SyncTable } from "../../core/domain/sync-table.ts";

/**
 * The tables as they stand on the remote: our own columns, unconstrained but for the key, and beside them the clock, the
 * tombstone and the hash of each row, the device that pushed it, and the revision it came with.
 */
const BOOKKEEPING = ["_hlc", "_del", "_h", "_dev", "_rev"] as const;
const REVISION = "(SELECT rev FROM sync_meta WHERE k = 1)";

export function createStatements(tables: readonly SyncTable[], version: number, freshId: string): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS sync_meta(k INTEGER PRIMARY KEY, remote_id TEXT NOT NULL, schema_version INTEGER NOT NULL,
       rev INTEGER NOT NULL)`,
    "CREATE TABLE IF NOT EXISTS sync_devices(device_id TEXT PRIMARY KEY, host TEXT, mark TEXT, seen_at INTEGER)",
    `CREATE TABLE IF NOT EXISTS guard_leases(account_id TEXT PRIMARY KEY, device_id TEXT NOT NULL, host TEXT NOT NULL,
       term INTEGER NOT NULL, seen_at INTEGER NOT NULL, released INTEGER NOT NULL)`,
    ...tables.flatMap(({ name, key, columns }) => [
      `CREATE TABLE IF NOT EXISTS ${name}(${columns.map((column) => `${column.name} ${column.type}${column.name === key ? " PRIMARY KEY" : ""}`).join(", ")},
         _hlc TEXT NOT NULL, _del INTEGER NOT NULL, _h INTEGER NOT NULL, _dev TEXT NOT NULL, _rev INTEGER NOT NULL)`,
      `CREATE INDEX IF NOT EXISTS ${name}_rev ON ${name}(_rev)`,
    ]),
    // Whoever comes second finds the first one's.
    `INSERT INTO sync_meta(k, remote_id, schema_version, rev) VALUES(1, '${freshId}', ${String(version)}, 0) ON CONFLICT(k) DO NOTHING`,
  ];
}

/** The columns that a remote of an older version lacks; only ever added. */
export function upgradeStatements(
  tables: readonly SyncTable[],
  existing: ReadonlyMap<string, ReadonlySet<string>>,
  version: number,
): readonly string[] {
  return [
    ...tables.flatMap(({ name, columns }) =>
      columns
        .filter((column) => existing.get(name)?.has(column.name) === false)
        .map((column) => `ALTER TABLE ${name} ADD COLUMN ${column.name} ${column.type}`),
    ),
    `UPDATE sync_meta SET schema_version = ${String(version)} WHERE k = 1 AND schema_version < ${String(version)}`,
  ];
}

export const BEGIN_REVISION = "UPDATE sync_meta SET rev = rev + 1 WHERE k = 1";

/** Offers a row to the remote, which takes it by the table's rule. */
export function createOffer(table: SyncTable): (row: SyncRow, deviceId: string) => InStatement {
  const { name, key } = table;
  const columns = table.columns.map((column) => column.name);
  const all = [...columns, ...BOOKKEEPING];
  const values = all.map((column) => (column === "_rev" ? REVISION : "?"));
  const sql =
    `INSERT INTO ${name}(${all.join(", ")}) VALUES(${values.join(", ")}) ON CONFLICT(${key}) DO ` +
    onConflict(name, key, all, table.rule);
  return (row, deviceId) => ({
    sql,
    args: [
      ...columns.map((column) => toRemote(row.values[column] ?? null)),
      row.hlc,
      row.deleted ? 1n : 0n,
      row.hash,
      deviceId,
    ],
  });
}

/** A `number` would travel as a floating point number, and be one on an engine that believes it. */
function toRemote(value: string | number | null): string | bigint | null {
  return typeof value === "number" ? BigInt(value) : value;
}

function onConflict(name: string, key: string, all: readonly string[], rule: SyncRule): string {
  if (rule.kind === "append") return "NOTHING";
  const assignments = all.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  return `UPDATE SET ${assignments.join(", ")} WHERE excluded._h <> ${name}._h AND ${isHigher(name, [...rule.by, "_hlc"])}`;
}

/** Higher in the first column in which the two differ. */
function isHigher(name: string, [column, ...rest]: readonly string[]): string {
  const higher = `excluded.${column ?? ""} > ${name}.${column ?? ""}`;
  if (rest.length === 0) return higher;
  return `(${higher} OR (excluded.${column ?? ""} = ${name}.${column ?? ""} AND ${isHigher(name, rest)}))`;
}
