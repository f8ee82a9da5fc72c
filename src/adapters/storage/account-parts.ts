import type { Database as Client } from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { Outbox } from "./outbox.ts";
import type { Owner } from "./rows.ts";

/** What whoever writes an account's rows works with. */
export interface AccountParts extends Owner {
  readonly client: Client;
  readonly query: BetterSQLite3Database;
  readonly outbox: Outbox;
}
