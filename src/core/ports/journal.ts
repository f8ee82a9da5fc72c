import type { Fill } from "../domain/fill.ts";
import type { DomainEvent, StampedEvent } from "../domain/events.ts";
import type { Timestamp } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import type { Protection } from "../domain/protection.ts";

/** Events with the rows they changed: written together or not at all. */
export interface JournalBatch {
  readonly at: Timestamp;
  readonly events: readonly DomainEvent[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly protections: readonly ProtectionChange[];
  /** The guardian's right to act, where the batch is an act of it. */
  readonly fence?: Fence;
  /** What the store was when that was looked at which the batch follows from. */
  readonly basis?: StoreMark;
}

export type ProtectionChange =
  | { readonly protection: Protection; /** The version that this one replaces. */ readonly replaces: number }
  | {
      /** A new one. */
      readonly protection: Protection;
      readonly replaces: undefined;
      /** The armed ones of its market that it was planned beside: what they cover it does not cover. */
      readonly beside: readonly string[];
    };

/** What the store is, as far as others have written it: another mark, and one of them has written since. */
export type StoreMark = number;

/** Proof that the lease was ours when we last looked; the commit looks again. */
export interface Fence {
  readonly token: number;
}

/** The append-only record of what we did and saw, one account's. Synchronous: a commit that returned is on disk. */
export interface Journal {
  /**
   * @returns the events with their sequence.
   * @throws AppError STORAGE_FAILED; or, because another process was first: CLIENT_ORDER_ID_USED for an intent,
   * TRADING_HALTED or TRADING_REDUCING for an intent the stored state forbids, PROTECTION_CHANGED for a protection that
   * is no longer at the version the change began with, PROTECTED_MEANWHILE for a new one whose market has another by now
   * that it was planned without, LEASE_LOST for a fence that is out of date, CHANGED_MEANWHILE when another process has
   * written since the mark. Then nothing of the batch is kept.
   */
  commit(batch: JournalBatch): readonly StampedEvent[];
  /** Of this moment. */
  mark(): StoreMark;
  /** Newest first. */
  latest(limit: number): readonly StampedEvent[];
}
