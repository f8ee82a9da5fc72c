import type { GuardedElsewhere, LeaseRecord, WatchedMarkets } from "../domain/guard-lease.ts";

export type LeaseClaim =
  /** Ours from now on; with what stood there before, which tells since when nobody had watched. */
  | { readonly kind: "held"; readonly token: number; readonly before: LeaseRecord | undefined }
  | { readonly kind: "taken"; readonly by: LeaseRecord }
  /** No process of this machine may have it: see `GuardedElsewhere`. */
  | { readonly kind: "elsewhere"; readonly by: GuardedElsewhere };

/**
 * Who may act on the protections of one account from this machine. At most one holder at a time; a commit that bears an
 * older token fails, so that a holder which slept through its end can do nothing. Synchronous, on disk.
 */
export interface GuardLease {
  /**
   * Takes the lease when it is free: never held, released, its heartbeat too old, or its process gone from this machine.
   * Taking it again while holding it changes nothing. @throws AppError STORAGE_FAILED
   */
  claim(): LeaseClaim;
  /**
   * Says that the holder lives, and how far each market has been seen.
   * @throws AppError LEASE_LOST when another holds it by now, STORAGE_FAILED when it cannot be written.
   */
  beat(token: number, markets: WatchedMarkets): void;
  /** Lets the next one have it at once. Does nothing when it is no longer ours. @throws AppError STORAGE_FAILED */
  release(token: number, markets: WatchedMarkets): void;
  /** @throws AppError STORAGE_FAILED */
  read(): LeaseRecord | undefined;
  /** Whether another machine guards, as far as the last synchronisation told. @throws AppError STORAGE_FAILED */
  elsewhere(): GuardedElsewhere | undefined;
  /** Whether the holder can still act: heartbeat fresh, and its process there. */
  isAlive(lease: LeaseRecord): boolean;
}
