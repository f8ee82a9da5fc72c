import { AppError } from "../../core/domain/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { StoreChanges } from "../../core/ports/store-changes.ts";

/** How soon a change by another process is noticed, ms. */
export const LOOK_AT_STORE_MS = 500;

export interface StoreWatchParts {
  readonly changes: StoreChanges;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifetime: AbortSignal;
  /** Takes over what the store knows better than this process. @returns false when it cannot yet, and has to be asked again */
  readonly adopt: () => boolean;
}

/** Follows what other processes write, until the app ends: a protection armed in a shell, a halt by panic elsewhere. */
export async function watchStore({ changes, clock, logger, lifetime, adopt }: StoreWatchParts): Promise<void> {
  let isBehind = true;
  while (!lifetime.aborted) {
    try {
      isBehind = changes.seen() || isBehind;
      if (isBehind) isBehind = !adopt();
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      logger.warn("what other processes wrote could not be read", { code: cause.code });
    }
    try {
      await clock.sleep(LOOK_AT_STORE_MS, lifetime);
    } catch {
      return;
    }
  }
}
