import { AppError } from "../../../core/domain/errors.ts";
import type { GuardedElsewhere, LeaseRecord, WatchedMarkets } from "../../../core/domain/guard-lease.ts";
import { HEARTBEAT_EVERY_MS, LEASE_TTL_MS } from "../../../core/domain/guard-lease.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { GuardLease } from "../../../core/ports/guard-lease.ts";

/** How often one who stands by looks whether the holder is still there, ms. */
export const LOOK_EVERY_MS = 1_000;

/** Holds the lease, or stands by until it is free. */
export interface LeaseKeeper {
  /** The fence while it is ours. */
  readonly token: number | undefined;
  start(): void;
  /** Writes how far the markets are seen before the next heartbeat would: others read it. */
  tellMarkets(): void;
  /** A commit of ours was refused: another has taken over. Stands by from now on. */
  lose(): void;
  /** Lets the next one have it, and asks for it no more. */
  close(): void;
}

export interface LeaseKeeperParts {
  readonly lease: GuardLease;
  readonly clock: Clock;
  /** How far each market is seen at this moment. */
  readonly markets: () => WatchedMarkets;
  readonly onHeld: (token: number, before: LeaseRecord | undefined) => void;
  readonly onLost: (why: string) => void;
  /** Once for each holder that is found. */
  readonly onStandby: (holder: LeaseRecord) => void;
  /** Once for each other machine that is found to guard. */
  readonly onElsewhere: (by: GuardedElsewhere) => void;
  /** The lease cannot be read or written at present. */
  readonly onTrouble: (why: string) => void;
}

export function createLeaseKeeper(parts: LeaseKeeperParts): LeaseKeeper {
  const { lease, clock } = parts;
  const lifetime = new AbortController();
  let token: number | undefined;
  let beatenAt = 0;
  let toldHolder: string | undefined;
  let toldTrouble: string | undefined;

  function claim(): void {
    const claimed = lease.claim();
    if (claimed.kind === "elsewhere") {
      if (toldHolder !== claimed.by.deviceId) parts.onElsewhere(claimed.by);
      toldHolder = claimed.by.deviceId;
      return;
    }
    if (claimed.kind === "taken") {
      if (toldHolder !== claimed.by.holder) parts.onStandby(claimed.by);
      toldHolder = claimed.by.holder;
      return;
    }
    toldHolder = undefined;
    token = claimed.token;
    beatenAt = clock.monotonic();
    parts.onHeld(claimed.token, claimed.before);
  }

  function stepDown(why: string): void {
    if (token === undefined) return;
    token = undefined;
    parts.onLost(why);
  }

  /** @returns how long until the next, ms */
  function round(): number {
    try {
      if (token === undefined) claim();
      else {
        lease.beat(token, parts.markets());
        beatenAt = clock.monotonic();
      }
      toldTrouble = undefined;
      return token === undefined ? LOOK_EVERY_MS : HEARTBEAT_EVERY_MS;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      if (cause.code === "LEASE_LOST") stepDown(cause.message);
      else {
        if (toldTrouble !== cause.code) parts.onTrouble(cause.message);
        toldTrouble = cause.code;
        // Others see no heartbeat and may act by now; so does whoever asks for the badge.
        if (clock.monotonic() - beatenAt > LEASE_TTL_MS) stepDown("no heartbeat could be written for too long");
      }
      return LOOK_EVERY_MS;
    }
  }

  return {
    get token() {
      return token;
    },
    start() {
      void (async () => {
        while (!lifetime.signal.aborted) {
          const waitMs = round();
          try {
            await clock.sleep(waitMs, lifetime.signal);
          } catch {
            return;
          }
        }
      })();
    },
    tellMarkets() {
      if (token !== undefined) round();
    },
    lose() {
      stepDown("another process guards this account now");
    },
    close() {
      lifetime.abort(new Error("the guardian is closing"));
      if (token === undefined) return;
      try {
        lease.release(token, parts.markets());
      } catch (cause) {
        // It runs out by itself.
        if (!(cause instanceof AppError)) throw cause;
        parts.onTrouble(cause.message);
      }
      token = undefined;
    },
  };
}
