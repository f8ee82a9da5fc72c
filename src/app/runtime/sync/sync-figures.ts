import type { SyncStore } from "../../../core/ports/sync-store.ts";
import type { SyncFigures, SyncStatus } from "../../syncing.ts";

const NOTE = "figures";
const NOTHING_YET: SyncFigures = {
  lastSyncAt: undefined,
  lastError: undefined,
  pushedRows: 0,
  pulledRows: 0,
  sentBytes: 0,
  receivedBytes: 0,
  clockOffsetMs: undefined,
};

/** Written and read by this program alone, so that its shape needs no checking; a torn text counts as nothing. */
export function readFigures(store: SyncStore): SyncFigures {
  const text = store.note(NOTE);
  if (text === undefined) return NOTHING_YET;
  try {
    return { ...NOTHING_YET, ...(JSON.parse(text) as Partial<SyncFigures>) };
  } catch {
    return NOTHING_YET;
  }
}

/** @param remote its host; undefined when none is set */
export function syncStatusOf(store: SyncStore, remote: string | undefined): SyncStatus {
  return {
    deviceId: store.facts().deviceId,
    remote,
    pending: store.pendingSummary(),
    conflicts: store.conflictCount(),
    figures: readFigures(store),
    leases: store.leases(),
  };
}

export function keepFigures(store: SyncStore, figures: SyncFigures): void {
  store.keepNote(NOTE, JSON.stringify(figures));
}
