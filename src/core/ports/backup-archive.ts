import type { BackupId, BackupKind, StoredBackup } from "../domain/backup/backup.ts";
import type { BackupManifest } from "../domain/backup/manifest.ts";

/** A folder to take along. */
export interface ExtraFolder {
  readonly path: string;
  /** Patterns of paths below it; none means all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface BackupRequest {
  /** `auto`: an increment where the newest backup can carry one and it stays small, else a full one. */
  readonly kind: BackupKind | "auto";
  /** See `BackupSummary.origin`. */
  readonly origin: string;
  /** Text without secrets; undefined where there is none. */
  readonly config: string | undefined;
  readonly folders: readonly ExtraFolder[];
}

export type BackupStep = "copying" | "checking" | "reading" | "packing" | "proving" | "rebuilding" | "restoring";

/** How far the work is. `total` and `done` are bytes, or links of a chain while rebuilding; undefined: nobody can tell. */
export interface BackupProgress {
  readonly step: BackupStep;
  readonly done: number | undefined;
  readonly total: number | undefined;
}

/** What every call takes along. */
export interface BackupRun {
  readonly signal: AbortSignal;
  /** The bytes of the passphrase; undefined: nothing sealed can be made or read. */
  readonly passphrase: Uint8Array | undefined;
  readonly onProgress: (progress: BackupProgress) => void;
}

export interface CreatedBackup {
  readonly backup: StoredBackup;
  /** Where it is. */
  readonly path: string;
  /** Of the archive's file, in hexadecimal. */
  readonly sha256: string;
  readonly manifest: BackupManifest;
  /** Why it became a full one although an increment would have done, in words. */
  readonly whyFull: string | undefined;
}

/** A file with the name of a backup that cannot be read as one. */
export interface UnreadableBackup {
  /** By its name alone. */
  readonly id: BackupId;
  readonly file: string;
  readonly why: string;
}

export interface BackupListing {
  /** Newest first. Nothing in it is proved: `verify` proves. */
  readonly backups: readonly StoredBackup[];
  readonly unreadable: readonly UnreadableBackup[];
}

export interface VerifiedBackup {
  readonly manifest: BackupManifest;
  /** The chain, oldest first. */
  readonly links: readonly StoredBackup[];
}

/** The backups of one folder. Everything that cannot be done is an AppError with a code of its own. */
export interface BackupArchive {
  readonly folder: string;
  list(): Promise<BackupListing>;
  /**
   * Makes one and proves it before it gets its name: until then nothing of it can be seen, and an abort leaves nothing.
   * @throws AppError BACKUP_SOURCE_MISSING, BACKUP_SOURCE_DAMAGED, BACKUP_PARENT_UNUSABLE (only for an increment that
   * was asked for), BACKUP_FAILED
   */
  create(request: BackupRequest, run: BackupRun): Promise<CreatedBackup>;
  /** The manifest, held against itself but not against the rest. */
  show(id: BackupId, run: BackupRun): Promise<BackupManifest>;
  /** Rebuilds the database beside the archives, holds it against the manifest, and lets SQLite look at it. */
  verify(id: BackupId, run: BackupRun): Promise<VerifiedBackup>;
  /**
   * Verifies it and makes a home of it: a new folder, or an empty one. `finish` is called before the home gets its name,
   * with the folder it is built in; when it fails nothing remains.
   * @throws AppError RESTORE_TARGET_EXISTS, RESTORE_FAILED
   */
  restoreTo(
    id: BackupId,
    home: string,
    run: BackupRun,
    finish: (home: RestoredHome) => void | Promise<void>,
  ): Promise<VerifiedBackup>;
  /**
   * Puts the database of a backup in the place of a live one, once no process has it open, and keeps a copy of what was.
   * `finish` prepares the database before it goes there.
   * @throws AppError RESTORE_DATABASE_IN_USE, RESTORE_FAILED; the live database is then as it was.
   */
  restoreInPlace(
    id: BackupId,
    database: string,
    run: BackupRun,
    finish: (database: string) => void | Promise<void>,
  ): Promise<VerifiedBackup & { readonly safetyCopy: string | undefined }>;
  /** Removes the files of backups this program made. @throws AppError BACKUP_FAILED */
  remove(backups: readonly StoredBackup[]): void;
}

export interface RestoredHome {
  /** Of the database in it. */
  readonly database: string;
}
