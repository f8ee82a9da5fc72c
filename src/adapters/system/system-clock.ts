import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../core/ports/clock.ts";

export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    async sleep(durationMs, signal) {
      try {
        await delay(durationMs, undefined, { signal });
      } catch (cause) {
        // Node wraps the reason in an AbortError of its own; the port promises the reason itself.
        signal.throwIfAborted();
        throw cause;
      }
    },
  };
}
