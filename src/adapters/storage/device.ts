import type { Database } from "better-sqlite3";
import type { IdSource } from "../../core/ports/id-source.ts";
import { createSyncState } from "./sync-state.ts";

/** The name under which this database file writes; made once, in a race of first starts too. */
export function readDeviceId(client: Database, ids: IdSource): string {
  return readOrMake(client, "device", ids);
}

/** A name of the file that stays when its device's does not. */
export function readHomeId(client: Database, ids: IdSource): string {
  return readOrMake(client, "home", ids);
}

function readOrMake(client: Database, name: "device" | "home", ids: IdSource): string {
  const read = client.prepare<[string], string>("SELECT v FROM sync_state WHERE k = ?").pluck();
  const known = read.get(name);
  if (known !== undefined) return known;
  const fresh = freshDeviceId(ids);
  client
    .prepare<[string, string]>("INSERT INTO sync_state(k, v) VALUES(?, ?) ON CONFLICT(k) DO NOTHING")
    .run(name, fresh);
  return read.get(name) ?? fresh;
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
