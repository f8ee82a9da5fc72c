import type { Storage } from "../../adapters/storage/open-storage.ts";
import { isAuditType } from "../../core/domain/audit.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { AccountId, Timestamp } from "../../core/domain/identifiers.ts";
import { compareReplay, replayJournal } from "../../core/domain/journal-replay.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { JournalBook, ReplayedAccount } from "../journal-book.ts";
import type { HomeOptions } from "./open-home-storage.ts";
import { openHomeStorage } from "./open-home-storage.ts";

export function openJournalBook(options: HomeOptions): JournalBook {
  const { storage, mode } = openHomeStorage(options);
  return {
    ...storage.record,
    mode,
    now: () => Date.now(),
    replay: () => storage.accounts().map((account) => replayAccount(storage, account)),
    close: storage.close,
  };
}

function replayAccount(
  storage: Storage,
  account: { readonly accountId: AccountId; readonly mode: Mode },
): ReplayedAccount {
  const stored = storage.forAccount(account);
  const orders = stored.orders.list({});
  const fills = stored.fills.list({});
  const differences = compareReplay(replayJournal(eventsOf(storage, account.accountId)), {
    orders,
    fills,
    protections: stored.protections.list({}),
    heldState: stored.tradingState.read().state,
  });
  return { ...account, orders: orders.length, fills: fills.length, differences };
}

function* eventsOf(
  storage: Storage,
  accountId: AccountId,
): Iterable<{ readonly event: DomainEvent; readonly at: Timestamp }> {
  for (const { entry, at } of storage.record.ofAccount(accountId))
    if (entry !== undefined && !isAuditType(entry.type)) yield { event: entry as DomainEvent, at };
}
