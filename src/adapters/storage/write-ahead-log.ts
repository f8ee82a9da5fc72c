import type { Database } from "better-sqlite3";

/** The log is moved into the file once it has so many pages: 4 MB. */
const MOVED_FROM_PAGES = 1_000;
/** Where nobody tends the log a commit moves it: 16 MB, which a process that does tend it never comes to. */
export const MOVED_BY_COMMIT_PAGES = 4_000;

interface LogState {
  readonly log: number;
  readonly checkpointed: number;
}

export interface WriteAheadLog {
  /**
   * Moves what stands in the log into the file once it is worth it, as far as no reader needs it: done between times, so
   * that no commit has to. What cannot be moved now is moved later.
   */
  tend(): void;
}

/**
 * The first commit after the log was moved begins it anew, and its head has to reach the disk before anything else may: two
 * waits for the disk instead of one. An order that is about to leave must not be the one that pays for it, so moving is
 * rare, and a commit of our own follows it at once.
 */
export function createWriteAheadLog(client: Database, movedFromPages = MOVED_FROM_PAGES): WriteAheadLog {
  const look = () => (client.pragma("wal_checkpoint(NOOP)") as readonly LogState[])[0];
  return {
    tend() {
      try {
        const before = look();
        if (before === undefined || before.log - before.checkpointed < movedFromPages) return;
        client.pragma("wal_checkpoint(PASSIVE)");
        // A row that stays as it is would write no page.
        client.exec("INSERT INTO sync_state VALUES('logs', '1') ON CONFLICT(k) DO UPDATE SET v = v + 1");
      } catch {
        // Nothing is lost by it: what is in the log counts.
      }
    },
  };
}
