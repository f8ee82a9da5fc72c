import { sqliteCode } from "./storage-error.ts";

const TRIES = 100;
const PAUSE_MS = 50;

/** Repeats what fails with SQLITE_BUSY where SQLite's own busy time-out does not apply. Blocks for at most five seconds. */
export function waitOutBusy<T>(attempt: () => T): T {
  for (let tries = 1; ; tries += 1) {
    try {
      return attempt();
    } catch (cause) {
      if (tries === TRIES || sqliteCode(cause)?.startsWith("SQLITE_BUSY") !== true) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
