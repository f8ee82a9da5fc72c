import type { Clock } from "../src/core/ports/clock.ts";

/** A clock that stands until a test moves it; sleepers wake in the order of their times. */
export interface ManualClock {
  readonly clock: Clock;
  /** Moves on, stopping at every sleeper on the way and letting whoever woke look around before time goes on. */
  advance(durationMs: number): Promise<void>;
  /** Moves on at once and wakes all that are due, without letting anyone run in between. */
  jump(durationMs: number): void;
  /** When the next sleeper wakes, in ms of `now`; undefined when nobody sleeps. */
  nextWake(): number | undefined;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createManualClock(start = 1_000_000): ManualClock {
  let now = start;
  let sleepers: readonly Sleeper[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now - start,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal.reason as Error);
        };
        const sleeper: Sleeper = {
          at: now + durationMs,
          wake: () => {
            signal.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        sleepers = [...sleepers, sleeper].sort((left, right) => left.at - right.at);
      }),
  };

  function wakeFirst(until: number): boolean {
    const [next, ...rest] = sleepers;
    if (next === undefined || next.at > until) return false;
    now = Math.max(now, next.at);
    sleepers = rest;
    next.wake();
    return true;
  }

  return {
    clock,
    async advance(durationMs) {
      const end = now + durationMs;
      do await settle();
      while (wakeFirst(end));
      now = end;
    },
    jump(durationMs) {
      now += durationMs;
      while (wakeFirst(now));
    },
    nextWake: () => sleepers[0]?.at,
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
