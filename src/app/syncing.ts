import type { Mode } from "../core/domain/mode.ts";
import type { Timestamp } from "../core/domain/identifiers.ts";
import type { DeviceLease } from "../core/ports/sync-remote.ts";
import type { PendingSummary, SyncConflict } from "../core/ports/sync-store.ts";
import type { Gate, ShadowRecord, StorageMode } from "../core/domain/storage-mode.ts";
import type { Verification } from "../core/use-cases/verify-remote.ts";
import type { SyncResult } from "../core/use-cases/synchronise.ts";

/** What the synchronisation has done, over all processes of this home; on disk. */
export interface SyncFigures {
  readonly lastSyncAt: Timestamp | undefined;
  /** Why the last round did not end; undefined when it did. */
  readonly lastError: { readonly code: string; readonly message: string; readonly at: Timestamp } | undefined;
  readonly pushedRows: number;
  readonly pulledRows: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The remote's clock minus ours, ms; to the second. */
  readonly clockOffsetMs: number | undefined;
}

export interface SyncStatus {
  readonly deviceId: string;
  /** The remote's host; undefined when none is set. */
  readonly remote: string | undefined;
  readonly pending: PendingSummary;
  readonly conflicts: number;
  readonly figures: SyncFigures;
  /** Which machine guards each account that is guarded by one of several. */
  readonly leases: readonly DeviceLease[];
}

/** The remote as a second record, and as the first. Each step is written into the journal. */
export interface Shadowing {
  record(): ShadowRecord;
  /** Offers everything that is here, and compares from now on. @throws AppError SHADOW_ALREADY, or what the remote throws */
  enter(signal: AbortSignal, onProgress: (done: { readonly pushed: number }) => void): Promise<SyncResult>;
  /** @throws AppError SHADOW_NOT_ON */
  leave(): void;
  verify(kind: "fast" | "deep", signal: AbortSignal, onProgress?: (rows: number) => void): Promise<Verification>;
  plan(signal: AbortSignal): Promise<readonly Gate[]>;
  /** @throws AppError CUTOVER_REFUSED, naming each gate that does not hold */
  cutOver(signal: AbortSignal): Promise<void>;
  /** One step back. From `primary` only after everything was pulled and found equal. @throws AppError ROLLBACK_REFUSED */
  rollBack(signal: AbortSignal): Promise<StorageMode>;
}

/** This machine and the others, as commands and screens see them. */
export interface Syncing {
  readonly mode: Mode;
  now(): Timestamp;
  status(): SyncStatus;
  conflicts(limit: number): readonly SyncConflict[];
  /**
   * Pulls and pushes until both sides are equal.
   * @throws AppError SYNC_NOT_SET, SYNC_BUSY while another process does it, or what the remote throws
   */
  synchronise(
    signal: AbortSignal,
    onProgress?: (done: { readonly pushed: number; readonly pulled: number }) => void,
  ): Promise<SyncResult>;
  /** Takes another name, for a home that is a copy. No other process may have the home open. @returns the name */
  renewDevice(): string;
  readonly shadow: Shadowing;
  /**
   * Makes this machine the one that guards, on a person's word that no other one does any more.
   * @throws AppError SYNC_NOT_SET, KEYS_MISSING, or what the remote throws
   */
  takeOver(signal: AbortSignal): Promise<DeviceLease>;
  /**
   * The same while the remote cannot be reached; what it says when it comes back counts again.
   * @throws AppError KEYS_MISSING
   */
  takeOverOffline(): DeviceLease;
  close(): void;
}
export type { Gate, SyncConflict, Verification };
