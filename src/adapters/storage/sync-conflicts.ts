import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { SyncRow } from "../../core/domain/sync-table.ts";
import type { SyncConflict } from "../../core/ports/sync-store.ts";

/** What the synchronisation put aside. Every write belongs inside the transaction that decided it. */
export interface ConflictKeep {
  /** Does nothing when this very row was put aside before. @returns whether it is new */
  keep(kind: SyncConflict["kind"], row: SyncRow, at: Timestamp): boolean;
  /** Rows whose clock was ahead, oldest first. */
  fromTheFuture(): readonly { readonly id: string; readonly row: SyncRow }[];
  remove(id: string): void;
  list(limit: number): readonly SyncConflict[];
  count(): number;
}

const stored = z.object({
  table: z.string(),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  hlc: z.string(),
  deleted: z.boolean(),
  hash: z.string().transform(BigInt),
});

export function createConflictKeep(client: Database): ConflictKeep {
  const insert = client.prepare<[string, string, string, string, string, number]>(
    "INSERT INTO sync_conflicts(id, kind, tbl, pk, row, at) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING",
  );
  const future = client.prepare<[], { id: string; row: string }>(
    "SELECT id, row FROM sync_conflicts WHERE kind = 'clock' ORDER BY at, id",
  );
  const remove = client.prepare<[string]>("DELETE FROM sync_conflicts WHERE id = ?");
  const list = client.prepare<[number], SyncConflict>(
    'SELECT id, kind, tbl "table", pk "key", row, at FROM sync_conflicts ORDER BY at DESC, id LIMIT ?',
  );
  const count = client.prepare<[], number>("SELECT count(*) FROM sync_conflicts").pluck();
  return {
    keep(kind, row, at) {
      const id = `${kind}:${row.table}:${row.key}:${row.hlc}`;
      const text = JSON.stringify({ ...row, hash: String(row.hash) });
      return insert.run(id, kind, row.table, row.key, text, at).changes > 0;
    },
    fromTheFuture: () => future.all().map(({ id, row }) => ({ id, row: stored.parse(JSON.parse(row)) })),
    remove(id) {
      remove.run(id);
    },
    list: (limit) => list.all(limit),
    count: () => count.get() ?? 0,
  };
}
