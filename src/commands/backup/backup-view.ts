import type { Backups, BackupWork, PassphraseSource } from "../../app/backups.ts";
import type { BackupId, StoredBackup } from "../../core/domain/backup/backup.ts";
import { parseBackupId } from "../../core/domain/backup/backup.ts";
import { newestRestorable } from "../../core/domain/backup/chain.ts";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import type { CommandContext, OptionSpec } from "../define-command.ts";
import { isoTime } from "../output/iso-time.ts";
import { usageError } from "../usage-error.ts";
import { createProgressTeller } from "./progress.ts";

export const FOLDER_OPTION: OptionSpec = {
  flags: "--folder PATH",
  what: "the folder of the backups",
  default: "as configured, else backups in the data folder",
};

/** Opens the backups, and lets every JSON object say the mode. */
export async function openBackups(context: CommandContext): Promise<Backups> {
  const { io, globals, options, print, services } = context;
  const backups = await services.openBackups({
    env: io.env,
    profile: globals.profile,
    folder: options.text("folder"),
    by: options.has("scheduled") ? "schedule" : "person",
  });
  print.mode = backups.mode;
  return backups;
}

/** Does the work with its progress told. */
export async function withProgress<T>(
  context: CommandContext,
  passphrase: PassphraseSource | undefined,
  act: (work: BackupWork) => Promise<T>,
): Promise<T> {
  const progress = createProgressTeller(context);
  try {
    return await act({ signal: context.signal, passphrase, onProgress: progress.tell });
  } finally {
    progress.end();
  }
}

/** The backup a word names: an id, or `latest`. @throws AppError USAGE for anything else. */
export async function readBackupId(word: string | undefined, backups: Backups): Promise<BackupId> {
  if (word === undefined || word === "latest") {
    const newest = newestRestorable((await backups.list()).backups);
    if (newest !== undefined) return newest.id;
    throw usageError(
      `There is no backup in ${backups.folder} that could be restored.`,
      "Make one: `tapedeck backup create`.",
      "BACKUP_NOT_FOUND",
    );
  }
  const id = parseBackupId(word);
  if (id !== undefined) return id;
  throw usageError(`"${word}" is no id of a backup.`, "Give one that `tapedeck backup ls` shows, or `latest`.");
}

export function backupJson(backup: StoredBackup): object {
  const { id, kind, parentId, createdAt, sealed, bytes, file, origin } = backup;
  return { id, kind, parent: parentId ?? null, createdAt: isoTime(createdAt), sealed, bytes, file, origin };
}

export function manifestJsonOf({ versions, database, changedPages, files, folders }: BackupManifest): object {
  const { bytes, pageBytes, sha256, schemaVersion, rows } = database;
  return {
    versions,
    database: { bytes, pageBytes, sha256, schemaVersion, rows },
    changedPages: changedPages ?? null,
    files: files.map(({ name, bytes: size, sha256: sum }) => ({ name, bytes: size, sha256: sum })),
    folders: folders.map(({ number, path, files: count, leftOut }) => ({ number, path, files: count, leftOut })),
  };
}

export function rowCount(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
