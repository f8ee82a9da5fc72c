import type { BackupId, BackupKind } from "../core/domain/backup/backup.ts";
import type { BackupManifest } from "../core/domain/backup/manifest.ts";
import type { BackupNotes, BackupSchedule, BackupStanding } from "../core/domain/backup/backup-notes.ts";
import type { RetentionRules, RetentionVerdict } from "../core/domain/backup/retention.ts";
import type { Mode } from "../core/domain/mode.ts";
import type { BackupListing, BackupProgress, ExtraFolder, VerifiedBackup } from "../core/ports/backup-archive.ts";
import type { Drilled } from "../core/use-cases/drill-restore.ts";
import type { MadeBackup } from "../core/use-cases/make-backup.ts";

/** Where a passphrase comes from; never from the command line itself, which everybody can see. */
export type PassphraseSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "descriptor"; readonly number: number }
  | { readonly kind: "typed"; readonly text: string };

export interface BackupWork {
  readonly signal: AbortSignal;
  readonly passphrase: PassphraseSource | undefined;
  readonly onProgress: (progress: BackupProgress) => void;
}

export interface BackupStatus extends BackupStanding {
  readonly schedule: BackupSchedule;
  readonly notes: BackupNotes;
}

/**
 * The backups of this home. Works without an exchange, and all but `create` and `prune` without a database: that is what
 * a backup is for. Every refusal is an AppError with a code of its own.
 */
export interface Backups {
  readonly mode: Mode;
  readonly folder: string;
  /** The live database. */
  readonly databaseFile: string;
  /** Of the configuration: seals every backup, and opens it. */
  readonly passphraseFile: string | undefined;
  readonly keep: RetentionRules;
  /** Where a restore goes when no place is named. */
  freshHome(id: BackupId): string;
  now(): number;
  list(): Promise<BackupListing>;
  /** @param folders beside those of the configuration */
  create(kind: BackupKind | "auto", folders: readonly ExtraFolder[], work: BackupWork): Promise<MadeBackup>;
  show(id: BackupId, work: BackupWork): Promise<BackupManifest>;
  verify(id: BackupId, work: BackupWork): Promise<VerifiedBackup>;
  /** Restores the newest one to a place that is gone afterwards. @returns undefined where there is none. */
  drill(work: BackupWork): Promise<Drilled | undefined>;
  restoreTo(id: BackupId, home: string, work: BackupWork): Promise<VerifiedBackup>;
  restoreInPlace(id: BackupId, work: BackupWork): Promise<VerifiedBackup & { readonly safetyCopy: string | undefined }>;
  planPruning(rules: RetentionRules): Promise<readonly RetentionVerdict[]>;
  prune(plan: readonly RetentionVerdict[]): { readonly removed: number; readonly unwritten: string | undefined };
  status(): BackupStatus;
  /** What the configuration asks for, for those who write a timer of it. */
  readonly schedule: BackupSchedule;
}

export type { BackupProgress, BackupStep, ExtraFolder } from "../core/ports/backup-archive.ts";
export type { BackupListing, MadeBackup, VerifiedBackup };
