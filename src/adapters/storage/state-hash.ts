import type { Database } from "better-sqlite3";
import type { AccountId } from "../../core/domain/identifiers.ts";
import { reading } from "./storage-error.ts";

/** What an account stands on: the journal tells how it came to it, and positions follow from the fills. */
const TABLES = ["orders", "fills", "protections", "trading_states"] as const;

/**
 * 60 bits over all that is stored of an account's state, in 15 hex digits: equal exactly when each order, fill,
 * protection and the trading state is, in whatever order they were written. Made of the rows' own hashes.
 */
export function readStateHash(client: Database, accountId: AccountId): string {
  let all = 0n;
  reading("The state", () => {
    for (const table of TABLES) {
      const hashes = client
        .prepare<[string], bigint>(`SELECT _h FROM ${table} WHERE account_id = ? AND _del = 0`)
        .pluck()
        .safeIntegers();
      for (const hash of hashes.iterate(accountId)) all ^= hash;
    }
  });
  return all.toString(16).padStart(15, "0");
}
