import type { Fill } from "../domain/fill.ts";
import type { DomainEvent, StampedEvent } from "../domain/events.ts";
import type { Timestamp } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import type { StopRecord } from "../domain/trading-ledger.ts";

/** Events with the rows they changed: written together or not at all. */
export interface JournalBatch {
  readonly at: Timestamp;
  readonly events: readonly DomainEvent[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly stops: readonly StopRecord[];
}

/** The append-only record of what we did and saw, one account's. Synchronous: a commit that returned is on disk. */
export interface Journal {
  /**
   * @returns the events with their sequence.
   * @throws AppError STORAGE_FAILED; or, because another process was first, CLIENT_ORDER_ID_USED for an intent and
   * STOP_ENDED for a stop that fires. Then nothing of the batch is kept.
   */
  commit(batch: JournalBatch): readonly StampedEvent[];
  /** Newest first. */
  latest(limit: number): readonly StampedEvent[];
}
