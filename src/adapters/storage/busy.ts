import { sqliteCode } from "./storage-error.ts";

const PAUSE_MS = 50;

/** Repeats what fails with SQLITE_BUSY, where SQLite's own time-out does not apply or is too short. Blocks the thread. */
export function waitOutBusy<T>(patienceMs: number, attempt: () => T): T {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return attempt();
    } catch (cause) {
      if (sqliteCode(cause)?.startsWith("SQLITE_BUSY") !== true || performance.now() > giveUpAt) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
