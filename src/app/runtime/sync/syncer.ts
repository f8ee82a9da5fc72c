import { AppError, causeWords } from "../../../core/domain/errors.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type { SyncRoundParts } from "./sync-round.ts";
import { runSyncRound } from "./sync-round.ts";

export interface SyncerParts extends SyncRoundParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** After each round that made both sides equal. */
  readonly onEqual: (signal: AbortSignal) => Promise<void>;
  /** After each round, however it ended. */
  readonly onRound: () => void;
}

/** How often the outbox is looked at, how long it waits at most before others are asked, and the longest pause after faults. */
const LOOK_EVERY_MS = 1_000;
const PULL_EVERY_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Synchronises while the program runs: a second after a change, and every few seconds to hear of others. Nobody ever waits for
 * it: it has its own connection, and between two of its transactions everybody else has the thread.
 *
 * @returns its end; what is under way is broken off, which does no harm
 */
export function startSyncer(parts: SyncerParts): { close(): Promise<void> } {
  const lifetime = new AbortController();
  const running = runUntil(parts, lifetime.signal);
  return {
    close() {
      lifetime.abort(new Error("the app is closing"));
      return running;
    },
  };
}

async function runUntil(parts: SyncerParts, signal: AbortSignal): Promise<void> {
  const { clock, store, logger } = parts;
  let faults = 0;
  let toldFault: string | undefined;
  let dueAt = clock.monotonic();
  while (!signal.aborted) {
    const isDue = clock.monotonic() >= dueAt;
    if (isDue || (faults === 0 && store.pendingSummary().rows > 0)) {
      try {
        await runSyncRound(parts, signal);
        await parts.onEqual(signal);
        faults = 0;
        toldFault = undefined;
      } catch (cause) {
        if (signal.aborted) return;
        const code = cause instanceof AppError ? cause.code : "BUG";
        // Whoever has the turn does the work for all.
        if (code !== "SYNC_BUSY") faults += 1;
        if (code !== "SYNC_BUSY" && code !== toldFault) {
          toldFault = code;
          logger.warn(causeWords(cause), { code });
        }
      }
      dueAt = clock.monotonic() + pauseMs(faults, parts.random());
      parts.onRound();
    }
    try {
      await clock.sleep(LOOK_EVERY_MS, signal);
    } catch {
      return;
    }
  }
}

/** Doubles with each fault, and is never the same for two machines that lost the same remote. */
function pauseMs(faults: number, random: number): number {
  const whole = Math.min(PULL_EVERY_MS * 2 ** Math.min(faults, 10), LONGEST_PAUSE_MS);
  return faults === 0 ? whole : whole / 2 + (random * whole) / 2;
}
