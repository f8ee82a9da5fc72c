import type { Fill } from "../domain/fill.ts";
import type { DomainEvent, StampedEvent } from "../domain/events.ts";
import type { ClientOrderId, MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import type { Protection } from "../domain/protection.ts";

/** Events with the rows they changed: written together or not at all. */
export interface JournalBatch {
  readonly at: Timestamp;
  readonly events: readonly DomainEvent[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly protections: readonly ProtectionChange[];
  /** What must still hold when it is written. */
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

export type Fence = LeaseFence | SaleFence;

/** An act of the guardian: proof that the lease was ours when we last looked; the commit looks again. */
export interface LeaseFence {
  readonly token: number;
}

/** A sale that closes a position: what it was planned from; the commit looks whether that is still all there is. */
export interface SaleFence {
  readonly reckoned: ReckonedSale;
}

export interface ReckonedSale {
  readonly symbol: MarketSymbol;
  /** Every sale of the market that may still trade, or whose fills are not all there; the new one included. */
  readonly sales: readonly ClientOrderId[];
  /** How many fills of sales the position was counted from. */
  readonly soldFills: number;
  /** The armed protections of the market. */
  readonly beside: readonly string[];
  /**
   * Those whose base it takes, as they were when it was planned: this process may have taken over a change since, which
   * the version that a change replaces would no longer tell.
   */
  readonly takes: readonly { readonly protectionId: string; readonly version: number }[];
}

/** The append-only record of what we did and saw, one account's. Synchronous: a commit that returned is on disk. */
export interface Journal {
  /**
   * @returns the events with their sequence.
   * @throws AppError STORAGE_FAILED; or, because another process was first: CLIENT_ORDER_ID_USED for an intent,
   * TRADING_HALTED or TRADING_REDUCING for an intent the stored state forbids, PROTECTION_CHANGED for a protection that
   * is no longer at the version the change began with, PROTECTED_MEANWHILE for a new one whose market has another by now
   * that it was planned without, LEASE_LOST or POSITION_CHANGED for a fence that is out of date, CHANGED_MEANWHILE when
   * another process has written since the mark. Then nothing of the batch is kept.
   */
  commit(batch: JournalBatch): readonly StampedEvent[];
  /** Of this moment. */
  mark(): StoreMark;
  /** Newest first. */
  latest(limit: number): readonly StampedEvent[];
}
