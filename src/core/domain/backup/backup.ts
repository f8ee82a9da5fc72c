import type { Timestamp } from "../identifiers.ts";

declare const brand: unique symbol;
/** Names one backup: the second it was begun, UTC, and six random digits, so that names sort by time. */
export type BackupId = string & { readonly [brand]: "BackupId" };

/** A full backup holds the whole database; an incremental one the pages that differ from its parent's database. */
export type BackupKind = "full" | "incremental";

const ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;
const FILE = /^tapedeck-(\d{8}T\d{6}Z-[0-9a-f]{6})-(full|incremental)\.tar\.gz(\.sealed)?$/;

export function parseBackupId(text: string): BackupId | undefined {
  return ID.test(text) ? (text as BackupId) : undefined;
}

/** @param time ISO 8601, UTC. @param random six hexadecimal digits. */
export function backupId(time: string, random: string): BackupId {
  return `${time.slice(0, 19).replaceAll(/[-:]/g, "")}Z-${random}` as BackupId;
}

export interface BackupName {
  readonly id: BackupId;
  readonly kind: BackupKind;
  readonly sealed: boolean;
}

export function backupFileName({ id, kind, sealed }: BackupName): string {
  return `tapedeck-${id}-${kind}.tar.gz${sealed ? ".sealed" : ""}`;
}

/** @returns undefined for any name this program does not give: such a file is not ours to read or to remove. */
export function parseBackupFileName(file: string): BackupName | undefined {
  const [, id, kind, sealed] = FILE.exec(file) ?? [];
  if (id === undefined) return undefined;
  return { id: id as BackupId, kind: kind as BackupKind, sealed: sealed !== undefined };
}

/** What can be known of a backup without its passphrase. */
export interface BackupSummary extends BackupName {
  readonly parentId: BackupId | undefined;
  readonly createdAt: Timestamp;
  /** Of the database it was made from. Retention removes, and increments build on, only what is of the same one. */
  readonly origin: string;
}

/** One file of a folder of backups. */
export interface StoredBackup extends BackupSummary {
  /** Its name within the folder. */
  readonly file: string;
  /** Bytes on disk. */
  readonly bytes: number;
}
