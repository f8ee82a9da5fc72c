import { causeWords } from "../../core/domain/errors.ts";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StoredBackup } from "../../core/domain/backup/backup.ts";
import { parseBackupFileName } from "../../core/domain/backup/backup.ts";
import { newestFirst } from "../../core/domain/backup/chain.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { BackupListing, UnreadableBackup } from "../../core/ports/backup-archive.ts";
import { readSummary } from "./archive-file.ts";
import { backupError } from "./backup-error.ts";

/** Reads the head of every file that has the name of a backup; no other file is looked at. */
export async function listBackups(folder: string): Promise<BackupListing> {
  const backups: StoredBackup[] = [];
  const unreadable: UnreadableBackup[] = [];
  for (const file of namesIn(folder)) {
    const name = parseBackupFileName(file);
    if (name === undefined) continue;
    const path = join(folder, file);
    try {
      const summary = await readSummary({ path, file, sealed: name.sealed });
      if (summary.id !== name.id || summary.kind !== name.kind || summary.sealed !== name.sealed)
        throw new Error("it is not the backup its name says");
      backups.push({ ...summary, file, bytes: statSync(path).size });
    } catch (cause) {
      unreadable.push({ id: name.id, file, why: safeText(causeWords(cause), 300) });
    }
  }
  return { backups: newestFirst(backups), unreadable };
}

function namesIn(folder: string): readonly string[] {
  try {
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  } catch (cause) {
    throw backupError("BACKUP_FOLDER_UNREADABLE", `The folder ${folder} cannot be read: ${causeWords(cause)}.`, cause);
  }
}
