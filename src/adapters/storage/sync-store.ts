import type { Database } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { AppError } from "../../core/domain/errors.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { SyncStore } from "../../core/ports/sync-store.ts";
import { renewDevice } from "./device.ts";
import { wallClockOf } from "./hybrid-clock.ts";
import { openDatabase } from "./open-database.ts";
import { createOutbox } from "./outbox.ts";
import { createRowCodec } from "./row-codec.ts";
import {
  equitySamples,
  fills,
  intents,
  journal,
  orders,
  protections,
  settings,
  tradingStates,
  transfers,
} from "./schema.ts";
import { storageFailed } from "./storage-error.ts";
import { createApply } from "./sync-apply.ts";
import { createConflictKeep } from "./sync-conflicts.ts";
import type { SyncRows } from "./sync-rows.ts";
import { createSyncRows, hashOf } from "./sync-rows.ts";
import { createSyncState } from "./sync-state.ts";

const SYNCED = [
  settings,
  tradingStates,
  protections,
  orders,
  intents,
  fills,
  transfers,
  equitySamples,
  journal,
] as const;

/**
 * Opens a connection of its own to a file whose schema is up to date: what is taken in from other devices then reaches the
 * running app like the writes of any other process.
 */
export function openSyncStore(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly ids: IdSource;
}): SyncStore {
  const client = openDatabase(options.file);
  try {
    return createSyncStore(client, options);
  } catch (cause) {
    client.close();
    throw cause;
  }
}

function createSyncStore(
  client: Database,
  { clock, ids }: { readonly clock: Clock; readonly ids: IdSource },
): SyncStore {
  const tables = new Map<string, SyncRows>(
    SYNCED.map((table) => createRowCodec(table).table).map((table) => [table.name, createSyncRows(client, table)]),
  );
  const state = createSyncState(client);
  const conflicts = createConflictKeep(client);
  const outbox = createOutbox(client, { clock, deviceId: state.facts().deviceId });
  const now = () => clock.now();
  const take = createApply({ client, query: drizzle(client), outbox, tables, conflicts, now });
  const dirty = client.prepare<[number], { table: string; key: string; hlc: string }>(
    'SELECT tbl "table", pk "key", hlc FROM sync_dirty ORDER BY tbl, pk LIMIT ?',
  );
  const clean = client.prepare<[string, string, string]>("DELETE FROM sync_dirty WHERE tbl = ? AND pk = ? AND hlc = ?");
  const pendingCount = client.prepare<[], [number, string | null]>("SELECT count(*), min(hlc) FROM sync_dirty").raw();
  const guarded = client.prepare<[], AccountId>("SELECT account_id FROM guard_lease ORDER BY account_id").pluck();
  const fence = client.prepare<[string]>(
    "UPDATE guard_lease SET token = token + 1, holder = '', expires_at = 0 WHERE account_id = ?",
  );

  /** One IMMEDIATE transaction. */
  function writing<T>(work: () => T): T {
    try {
      return client.transaction(work).immediate();
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw storageFailed("The synchronisation could not write", cause);
    }
  }

  function table(name: string): SyncRows {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`${name} is not synchronised`);
    return found;
  }

  const markEverything = () => {
    let rows = 0;
    for (const each of tables.values()) rows += each.markEverything();
    return rows;
  };

  return {
    tables: [...tables.values()].map((each) => each.table),
    facts: state.facts,
    memoryOf: state.memoryOf,
    adoptRemote(remoteId, afresh) {
      writing(() => {
        state.set("remote", remoteId);
        if (afresh) state.forget(remoteId);
        markEverything();
      });
    },
    rebaseline: () => writing(() => renewDevice(client, ids)),
    pending(limit) {
      const marks = dirty.all(limit);
      // A row may have changed since its mark was read: then the mark has, too, and stays when this push is confirmed.
      const rows = marks.flatMap(({ table, key }) => tables.get(table)?.find(key) ?? []);
      return { rows, marks };
    },
    pendingSummary() {
      const [rows, oldest] = pendingCount.get() ?? [0, null];
      return { rows, oldestAt: oldest === null ? undefined : wallClockOf(oldest) };
    },
    announceMark(mark) {
      writing(() => {
        state.addMark(mark);
      });
    },
    confirm({ marks }) {
      writing(() => {
        state.setPushed();
        for (const { table, key, hlc } of marks) clean.run(table, key, hlc);
      });
    },
    markEverything: () => writing(markEverything),
    apply: (rows, cursor) =>
      writing(() => {
        const applied = take(rows);
        if (cursor !== undefined) state.setCursor(cursor);
        return applied;
      }),
    retryPutAside: () =>
      writing(() => {
        const total = { taken: 0, conflicts: 0, putAside: 0 };
        for (const { id, row } of conflicts.fromTheFuture()) {
          conflicts.remove(id);
          const applied = take([row]);
          total.taken += applied.taken;
          total.conflicts += applied.conflicts;
        }
        return total;
      }),
    conflicts: conflicts.list,
    conflictCount: conflicts.count,
    buckets: () => Object.fromEntries([...tables].map(([name, each]) => [name, each.buckets()])),
    bucketRows: (name, bucket) => table(name).bucketRows(bucket),
    scan: (name, afterKey, limit) => table(name).scan(afterKey, limit),
    isSound: (row) => hashOf(row.table, row.values, row.deleted) === row.hash,
    guardedAccounts: () => guarded.all(),
    leases: state.leases,
    keepLease(lease) {
      writing(() => {
        const before = state.lease(lease.accountId);
        state.keepLease(lease);
        const isOurs = lease.deviceId === state.facts().deviceId && !lease.released;
        const wasOurs = before === undefined || (before.deviceId === state.facts().deviceId && !before.released);
        if (wasOurs && !isOurs) fence.run(lease.accountId);
      });
    },
    claimTurn: (holder, durationMs) => writing(() => state.claimTurn(holder, now(), durationMs)),
    releaseTurn(holder) {
      writing(() => {
        state.releaseTurn(holder);
      });
    },
    note: (name) => state.get(`note:${name}`),
    keepNote(name, value) {
      writing(() => {
        state.set(`note:${name}`, value);
      });
    },
    close() {
      client.close();
    },
  };
}
