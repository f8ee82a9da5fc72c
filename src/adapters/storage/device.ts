import type { Database } from "better-sqlite3";
import type { IdSource } from "../../core/ports/id-source.ts";
import { createSyncState } from "./sync-state.ts";

/** The name under which this database file writes; made once, in a race of first starts too. */
export function readDeviceId(client: Database, ids: IdSource): string {
  const read = client.prepare<[], string>("SELECT v FROM sync_state WHERE k = 'device'").pluck();
  const known = read.get();
  if (known !== undefined) return known;
  const fresh = freshDeviceId(ids);
  client.prepare<[string]>("INSERT INTO sync_state(k, v) VALUES('device', ?) ON CONFLICT(k) DO NOTHING").run(fresh);
  return read.get() ?? fresh;
}

/**
 * A new name, and nothing seen of any remote: for a file that goes on from an older state, or beside another that goes on
 * from the same one. What waits to be pushed still does, and all that others know comes again. No other process may hold
 * the file. Belongs inside a transaction.
 */
export function renewDevice(client: Database, ids: IdSource): string {
  const fresh = freshDeviceId(ids);
  client.prepare<[string]>("UPDATE sync_state SET v = ? WHERE k = 'device'").run(fresh);
  createSyncState(client).forgetAll();
  return fresh;
}

function freshDeviceId(ids: IdSource): string {
  // The tail of a record id is its random part.
  return ids
    .recordId()
    .replace(/[^a-zA-Z0-9]/g, "")
    .slice(-12);
}
