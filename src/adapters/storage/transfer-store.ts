import { and, asc, eq, gte, sql } from "drizzle-orm";
import type { StoredTransfer } from "../../core/domain/transfer.ts";
import { mergeTransfer } from "../../core/domain/transfer.ts";
import type { TransferStore } from "../../core/ports/portfolio-stores.ts";
import type { AccountParts } from "./account-parts.ts";
import { transferKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import type { RowOf } from "./row-writer.ts";
import { ownColumns } from "./rows.ts";
import type { Owner } from "./rows.ts";
import { transfers } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";

const COLUMNS = ownColumns(transfers);

export function createTransferStore(parts: AccountParts): TransferStore {
  const { client, query, outbox, accountId } = parts;
  const rows = createRowWriter(client, outbox, transfers, "replace");
  const byKey = query
    .select(COLUMNS)
    .from(transfers)
    .where(eq(transfers.key, sql.placeholder("key")))
    .prepare();
  const save = client.transaction((seen: readonly StoredTransfer[]) => {
    const hlc = outbox.stamp();
    for (const transfer of seen) {
      const stored = byKey.get({ key: transferKey(accountId, transfer) });
      const merged = stored === undefined ? transfer : mergeTransfer(rowToTransfer(stored), transfer);
      rows.write(transferToRow(parts, merged), hlc);
    }
  });
  return {
    list: ({ since }) =>
      reading("The transfers", () =>
        query
          .select(COLUMNS)
          .from(transfers)
          .where(and(eq(transfers.accountId, accountId), eq(transfers.deleted, 0), gte(transfers.at, since ?? 0)))
          .orderBy(asc(transfers.at), asc(transfers.key))
          .all()
          .map(rowToTransfer),
      ),
    save(seen) {
      if (seen.length === 0) return;
      try {
        save.immediate(seen);
      } catch (cause) {
        throw storageFailed("The transfers could not be written", cause);
      }
    },
  };
}

export function transferToRow(owner: Owner, transfer: StoredTransfer): RowOf<typeof transfers> {
  const { worth, ...own } = transfer;
  return {
    key: transferKey(owner.accountId, transfer),
    accountId: owner.accountId,
    mode: owner.mode,
    ...own,
    pendingUntil: transfer.pendingUntil ?? null,
    worth: worth?.value ?? null,
    worthQuote: worth?.quote ?? null,
  };
}

type Row = Omit<typeof transfers.$inferSelect, "hlc" | "deleted" | "hash">;

export function rowToTransfer(row: Row): StoredTransfer {
  const { transferId, kind, asset, quantity, state, at, worth, worthQuote } = row;
  return {
    transferId,
    kind,
    asset,
    quantity,
    state,
    at,
    pendingUntil: row.pendingUntil ?? undefined,
    worth: worth === null || worthQuote === null ? undefined : { value: worth, quote: worthQuote },
  };
}
