import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import { after } from "./timer.ts";

/** Keys of the private stream: valid for an hour, kept alive from here. */
export interface ListenKeys {
  create(signal: AbortSignal): Promise<string>;
  keepAlive(key: string, signal: AbortSignal): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The one key of this process. */
export interface ListenKeyHolder {
  /** The key in use as long as it holds, else a new one. */
  current(signal: AbortSignal): Promise<string>;
  /** Leaves the key behind; the next question brings another. */
  replace(): void;
  /** Gives back the keys that were left behind, once nothing streams by them any more. */
  removeReplaced(): void;
  close(): Promise<void>;
}

export interface ListenKeyParts {
  readonly listenKeys: ListenKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The key may have ended: whoever streams by it moves to another. */
  readonly onLost: (why: string) => void;
}

/** Twice in the hour for which a key holds, so that one failure costs nothing. */
const KEEP_ALIVE_MS = 25 * 60_000;
const KEEP_ALIVE_RETRY_MS = 60_000;
/** A key that was not confirmed for this long is replaced before it ends. */
const TRUSTED_MS = 55 * 60_000;

export function createListenKeyHolder(parts: ListenKeyParts): ListenKeyHolder {
  const { listenKeys, clock, logger } = parts;
  const lifetime = new AbortController();
  let key: string | undefined;
  let asking: Promise<string> | undefined;
  let confirmedAt = 0;
  let replaced: readonly string[] = [];
  /** Keys on their way back. */
  let leaving: Promise<unknown> = Promise.resolve();
  let cancelTimer: () => void = () => undefined;

  async function create(signal: AbortSignal): Promise<string> {
    // The exchange may hand the same key out again, and then its end must not be still to come.
    await leaving;
    const fresh = await listenKeys.create(signal);
    if (lifetime.signal.aborted) {
      void giveBack(fresh);
      return fresh;
    }
    key = fresh;
    confirmedAt = clock.monotonic();
    keepAliveIn(KEEP_ALIVE_MS);
    return fresh;
  }

  function keepAliveIn(waitMs: number): void {
    cancelTimer();
    cancelTimer = after(clock, waitMs, () => void keepAlive());
  }

  async function keepAlive(): Promise<void> {
    const kept = key;
    if (kept === undefined) return;
    try {
      await listenKeys.keepAlive(kept, lifetime.signal);
    } catch (cause) {
      if (lifetime.signal.aborted || key !== kept) return;
      logger.warn("the listen key could not be kept alive", { cause: String(cause) });
      const isRefused = !(cause instanceof AppError) || cause.exitCode !== EXIT_CODES.unavailable;
      if (!isRefused && clock.monotonic() - confirmedAt < TRUSTED_MS) {
        keepAliveIn(KEEP_ALIVE_RETRY_MS);
        return;
      }
      replace();
      parts.onLost("the key of the private stream may have ended");
      return;
    }
    if (key !== kept) return;
    confirmedAt = clock.monotonic();
    keepAliveIn(KEEP_ALIVE_MS);
  }

  function replace(): void {
    cancelTimer();
    if (key !== undefined) replaced = [...replaced, key];
    key = undefined;
  }

  async function giveBack(old: string): Promise<void> {
    try {
      await listenKeys.remove(old);
    } catch {
      // It expires by itself.
    }
  }

  return {
    async current(signal) {
      if (key !== undefined) return key;
      asking ??= create(signal).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    replace,
    removeReplaced() {
      const old = replaced.filter((one) => one !== key);
      replaced = [];
      leaving = Promise.all([leaving, ...old.map(giveBack)]);
    },
    async close() {
      lifetime.abort();
      cancelTimer();
      const last = [...replaced, ...(key === undefined ? [] : [key])];
      key = undefined;
      replaced = [];
      await Promise.all([leaving, ...[...new Set(last)].map(giveBack)]);
    },
  };
}
