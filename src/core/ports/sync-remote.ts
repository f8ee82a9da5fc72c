import type { AccountId, Timestamp } from "../domain/identifiers.ts";
import type { SyncRow } from "../domain/sync-table.ts";

/** Which installation speaks. */
export interface SyncDevice {
  readonly deviceId: string;
  readonly host: string;
}

export interface RemoteGreeting {
  /** Names the remote database: another id is another database, whatever its address. */
  readonly remoteId: string;
  /** Counts up with every push that was carried out. */
  readonly revision: number;
  /** The remote's own clock, ms. */
  readonly now: Timestamp;
  /** What this device said with its last push, if it ever pushed. */
  readonly mark: string | undefined;
  /** How many others have ever pushed. */
  readonly otherDevices: number;
}

export interface PulledPage {
  readonly rows: readonly SyncRow[];
  /** Everything up to this revision has been told. */
  readonly cursor: number;
  /** The remote's revision at this moment: the page is the last one when the cursor has reached it. */
  readonly revision: number;
}

/** Count and sums of the hashes of one 256th of a table. */
export interface HashBucket {
  readonly bucket: number;
  readonly rows: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** Which device guards an account, as the remote knows it. */
export interface DeviceLease {
  readonly accountId: AccountId;
  readonly deviceId: string;
  readonly host: string;
  /** Counts up with every change of the holder. */
  readonly term: number;
  /** The holder's last word, by the remote's clock. */
  readonly seenAt: Timestamp;
  readonly released: boolean;
}

/**
 * The remote database. Each call is one transaction there, or nothing of it happened; when the answer is lost nobody knows,
 * and calling again does no harm. Calls of one remote are carried out one after the other.
 *
 * All throw AppError: SYNC_UNREACHABLE (nothing is known of the call), SYNC_DENIED (the token), SYNC_FULL (quota or disk),
 * SYNC_REMOTE_NEWER (only `greet`), SYNC_REMOTE_FAILED (refused for another reason).
 */
export interface SyncRemote {
  /** For people: the host, without the token. */
  readonly address: string;
  /** Brings the remote's tables up to ours where they are older, and tells who it is. */
  greet(device: SyncDevice, signal: AbortSignal): Promise<RemoteGreeting>;
  /** Offers the rows, to be taken by their rules, under one new revision. */
  push(device: SyncDevice, mark: string, rows: readonly SyncRow[], signal: AbortSignal): Promise<void>;
  /** Rows that others pushed after the revision. @param limit for each table; a page may be larger, never smaller. */
  pull(device: SyncDevice, after: number, limit: number, signal: AbortSignal): Promise<PulledPage>;

  /** The hashes of each table at one moment, with the revision they stand at. */
  buckets(signal: AbortSignal): Promise<{
    readonly revision: number;
    readonly tables: Readonly<Record<string, readonly HashBucket[]>>;
  }>;
  /** Key and hash of each row of one bucket. */
  bucketRows(table: string, bucket: number, signal: AbortSignal): Promise<ReadonlyMap<string, bigint>>;
  /** Rows in the order of their keys. */
  scan(table: string, afterKey: string, limit: number, signal: AbortSignal): Promise<readonly SyncRow[]>;

  /**
   * Takes the guarding of an account when nobody has it, its holder let go, or `from` names the holder's term: a person said
   * that this holder is gone. @returns what stands afterwards, whoever holds it.
   */
  claimLease(
    device: SyncDevice,
    accountId: AccountId,
    from: number | undefined,
    signal: AbortSignal,
  ): Promise<DeviceLease>;
  /** Says that the holder lives, or lets go. @returns what stands afterwards. */
  tellLease(
    device: SyncDevice,
    accountId: AccountId,
    lease: { readonly term: number; readonly released: boolean },
    signal: AbortSignal,
  ): Promise<DeviceLease | undefined>;

  readonly traffic: { readonly sentBytes: number; readonly receivedBytes: number };
  close(): void;
}
