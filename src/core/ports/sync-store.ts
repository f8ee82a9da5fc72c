import type { AccountId, Timestamp } from "../domain/identifiers.ts";
import type { SyncRow, SyncTable } from "../domain/sync-table.ts";
import type { DeviceLease, HashBucket } from "./sync-remote.ts";

/** What this device knows of its own synchronisation; on disk. */
export interface SyncFacts {
  readonly deviceId: string;
  /** The remote it is equal with, or was when it last saw it; undefined before the first contact. */
  readonly remoteId: string | undefined;
  /** How far this remote has been seen. */
  readonly cursor: number;
}

/** What this device remembers of one remote, whether or not it is the one of today. */
export interface RemoteMemory {
  readonly cursor: number;
  /** What the last pushes said, newest last, whether they are known to have arrived or not. */
  readonly marks: readonly string[];
  /** Whether the remote has ever confirmed a push of this device. */
  readonly hasPushed: boolean;
}

export interface PendingRows {
  readonly rows: readonly SyncRow[];
  /** What the outbox says of them, as it was read; some may have no row any more. */
  readonly marks: readonly { readonly table: string; readonly key: string; readonly hlc: string }[];
}

export interface PendingSummary {
  readonly rows: number;
  /** When the oldest of them changed. */
  readonly oldestAt: Timestamp | undefined;
}

export interface Applied {
  readonly taken: number;
  readonly conflicts: number;
  readonly putAside: number;
}

/** A row that lost against another under its key, or that was not let in. */
export interface SyncConflict {
  readonly id: string;
  /** `lost` ours gave way to theirs · `clock` theirs is from the future · `damaged` it does not match its hash. */
  readonly kind: "lost" | "clock" | "damaged";
  readonly table: string;
  readonly key: string;
  /** The row that does not stand, as JSON by column. */
  readonly row: string;
  readonly at: Timestamp;
}

/** This machine's end of the synchronisation. Synchronous, on disk; short transactions that an order never waits long for. */
export interface SyncStore {
  readonly tables: readonly SyncTable[];
  facts(): SyncFacts;
  memoryOf(remoteId: string): RemoteMemory;
  /** Goes on with this remote. All that is here is to be pushed; `afresh` forgets what was seen of it. */
  adoptRemote(remoteId: string, afresh: boolean): void;
  /** A new name, nothing seen: for a home that is a copy of another. What waited to be pushed still does. */
  rebaseline(): string;

  pending(limit: number): PendingRows;
  pendingSummary(): PendingSummary;
  /** On disk before the push leaves. */
  announceMark(mark: string): void;
  /** The push was carried out: its rows need no pushing unless they changed since. */
  confirm(pushed: PendingRows): void;
  /** Puts every row into the outbox. @returns how many there are */
  markEverything(): number;

  /** Takes the rows by their rules, in one transaction, and moves the cursor when one is given. */
  apply(rows: readonly SyncRow[], cursor?: number): Applied;
  /** Tries again what was put aside because of its clock. */
  retryPutAside(): Applied;
  conflicts(limit: number): readonly SyncConflict[];
  conflictCount(): number;

  /** The same figures as `SyncRemote.buckets`. */
  buckets(): Readonly<Record<string, readonly HashBucket[]>>;
  bucketRows(table: string, bucket: number): ReadonlyMap<string, bigint>;
  /** Rows in the order of their keys. */
  scan(table: string, afterKey: string, limit: number): readonly SyncRow[];
  /** Whether the values give the hash. */
  isSound(row: SyncRow): boolean;

  /** The accounts that a process of this machine has ever guarded. */
  guardedAccounts(): readonly AccountId[];
  /** What is known of who guards each account. */
  leases(): readonly DeviceLease[];
  /** Keeps it; where another device holds it now, whoever guards here is fenced in the same transaction. */
  keepLease(lease: DeviceLease): void;

  /** One of several processes synchronises. @returns whether it is this holder, for the time given */
  claimTurn(holder: string, durationMs: number): boolean;
  releaseTurn(holder: string): void;

  /** Small facts, by name, that status shows. */
  note(name: string): string | undefined;
  keepNote(name: string, value: string): void;
  close(): void;
}
