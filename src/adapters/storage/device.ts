import type { Database } from "better-sqlite3";
import type { IdSource } from "../../core/ports/id-source.ts";

/** The name under which this database file writes; made once, in a race of first starts too. */
export function readDeviceId(client: Database, ids: IdSource): string {
  const read = client.prepare<[], string>("SELECT v FROM sync_state WHERE k = 'device'").pluck();
  const known = read.get();
  if (known !== undefined) return known;
  // The tail of a record id is its random part.
  const fresh = ids
    .recordId()
    .replace(/[^a-zA-Z0-9]/g, "")
    .slice(-12);
  client.prepare<[string]>("INSERT INTO sync_state(k, v) VALUES('device', ?) ON CONFLICT(k) DO NOTHING").run(fresh);
  return read.get() ?? fresh;
}
