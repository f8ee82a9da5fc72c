import type { Clock } from "../../../src/core/ports/clock.ts";
import type { EventQueue } from "./event-queue.ts";
import type { ProcessLife } from "./process-life.ts";

/** The clock one process sees: the machine's, which may be set, and a monotonic one of its own. */
export interface ProcessClock {
  readonly clock: Clock;
  /** Waits that have not ended. */
  readonly sleeping: number;
}

export function createProcessClock(queue: EventQueue, life: ProcessLife, shiftMs: () => number): ProcessClock {
  const startedAt = queue.now;
  let sleeping = 0;
  const clock: Clock = {
    now: () => queue.now + shiftMs(),
    monotonic: () => queue.now - startedAt,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = () => {
          cancel();
          sleeping -= 1;
          reject(signal.reason as Error);
        };
        const cancel = queue.after(durationMs, () => {
          life.arrive(() => {
            if (signal.aborted) return;
            sleeping -= 1;
            signal.removeEventListener("abort", onAbort);
            resolve();
          });
        });
        sleeping += 1;
        signal.addEventListener("abort", onAbort, { once: true });
      }),
  };
  return {
    clock,
    get sleeping() {
      return sleeping;
    },
  };
}
