import type { AccountStorage } from "../../../src/app/app-parts.ts";
import { compareReplay, replayJournal } from "../../../src/core/domain/journal-replay.ts";

/** The journal from its beginning makes the state that the tables hold. */
export function journalTellsAll(stored: AccountStorage): readonly string[] {
  return compareReplay(replayJournal(stored.journal.latest(1_000_000).toReversed()), {
    orders: stored.orders.list({}),
    fills: stored.fills.list({}),
    protections: stored.protections.list({}),
    heldState: stored.tradingState.read().state,
  });
}
