import type { Database as Client } from "better-sqlite3";
import type { StoreChanges } from "../../core/ports/store-changes.ts";
import { reading } from "./storage-error.ts";

/** SQLite counts, for each connection, the commits of all the others; looking at the count reads no page. */
export function createStoreChanges(client: Client): StoreChanges {
  const version = client.prepare<[], number>("PRAGMA data_version").pluck();
  const look = () => reading("The version of the database", () => version.get() ?? 0);
  let known = look();
  return {
    seen() {
      const now = look();
      const isNew = now !== known;
      known = now;
      return isNew;
    },
  };
}
