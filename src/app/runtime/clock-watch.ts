import { clockLead, wasClockMoved } from "../../core/domain/clock-lead.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ExchangeHealth } from "../../core/domain/exchange-health.ts";

/** How often one looks whether the clocks are to be compared again. */
export const CLOCK_LOOK_MS = 30_000;
/** Clocks drift by seconds a day. */
const COMPARE_EVERY_MS = 10 * 60_000;

export interface ClockWatchParts {
  readonly clock: Clock;
  readonly health: () => ExchangeHealth;
  /** Compares the exchange's clock with ours; the exchange's health tells the result. */
  readonly compare: (signal: AbortSignal) => Promise<unknown>;
}

/** @returns a round: compares the clocks when it is time to, or when ours was set or the machine slept since the last. */
export function createClockWatch({ clock, health, compare }: ClockWatchParts): (signal: AbortSignal) => Promise<void> {
  const lead = () => clockLead(clock.now(), clock.monotonic());
  let leadBefore = lead();
  return async (signal) => {
    const moved = wasClockMoved(leadBefore, lead());
    const ageMs = health().clock?.ageMs;
    if (!moved && ageMs !== undefined && ageMs < COMPARE_EVERY_MS) return;
    leadBefore = lead();
    await compare(signal);
  };
}
