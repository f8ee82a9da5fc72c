import type { Database as Client } from "better-sqlite3";
import { and, eq } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { ArchiveRange } from "../../core/domain/archive.ts";
import { joinRange } from "../../core/domain/archive.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { ArchiveStore } from "../../core/ports/stores.ts";
import { archiveRanges } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";

export interface ArchiveStoreParts {
  readonly client: Client;
  readonly query: BetterSQLite3Database;
  readonly accountId: AccountId;
}

const COLUMNS = {
  symbol: archiveRanges.symbol,
  kind: archiveRanges.kind,
  from: archiveRanges.from,
  until: archiveRanges.until,
};

export function createArchiveStore({ client, query, accountId }: ArchiveStoreParts): ArchiveStore {
  const mine = eq(archiveRanges.accountId, accountId);
  // Read and written in one transaction: another process may have made another stretch whole meanwhile.
  const join = client.transaction((range: ArchiveRange) => {
    const its = and(mine, eq(archiveRanges.symbol, range.symbol), eq(archiveRanges.kind, range.kind));
    const before = query.select(COLUMNS).from(archiveRanges).where(its).all();
    query.delete(archiveRanges).where(its).run();
    const rows = joinRange(before, range).map((one) => ({ ...one, accountId }));
    query.insert(archiveRanges).values(rows).run();
  });
  return {
    ranges: () =>
      reading("The archive", () =>
        query.select(COLUMNS).from(archiveRanges).where(mine).orderBy(archiveRanges.symbol, archiveRanges.from).all(),
      ),
    note(range) {
      try {
        join.immediate(range);
      } catch (cause) {
        throw storageFailed("What is whole in the archive could not be noted", cause);
      }
    },
  };
}
