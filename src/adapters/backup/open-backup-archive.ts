import { causeWords } from "../../core/domain/errors.ts";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackupId, StoredBackup } from "../../core/domain/backup/backup.ts";
import { backupFileName } from "../../core/domain/backup/backup.ts";
import type { BackupArchive } from "../../core/ports/backup-archive.ts";
import { readArchive } from "./archive-file.ts";
import { asBackupError, backupError } from "./backup-error.ts";
import type { BackupParts } from "./create-backup.ts";
import { createBackup } from "./create-backup.ts";
import { syncFolder } from "./durable-file.ts";
import { listBackups } from "./list-backups.ts";
import { restoreHome } from "./restore-home.ts";
import { restoreInPlace } from "./restore-in-place.ts";
import type { ChainParts } from "./verify-backup.ts";
import { findChain, rebuildAndInspect } from "./verify-backup.ts";
import { createWorkFolder } from "./work-folder.ts";

/** The archives of a folder, and the database they are made of. Opens and makes nothing until asked. */
export function openBackupArchive(parts: BackupParts): BackupArchive {
  const { folder, isProcessAlive } = parts;
  const pathOf = (backup: StoredBackup) => join(folder, backup.file);
  const chain = async (id: BackupId): Promise<ChainParts> => ({
    links: findChain(await listBackups(folder), id),
    pathOf,
    isProcessAlive,
  });
  return {
    folder,
    list: () => listBackups(folder),
    create: (request, run) => createBackup(parts, request, run),
    async show(id, { signal, passphrase }) {
      const listing = await listBackups(folder);
      const backup = listing.backups.find((known) => known.id === id) ?? findChain(listing, id).at(-1);
      if (backup === undefined) throw backupError("BACKUP_NOT_FOUND", `There is no backup ${id} in ${folder}.`);
      const source = { path: pathOf(backup), file: backup.file, sealed: backup.sealed, passphrase };
      try {
        return await readArchive(source, signal, (manifest) => Promise.resolve(manifest));
      } catch (cause) {
        throw asBackupError("BACKUP_FOLDER_UNREADABLE", `${backup.file} cannot be read`, cause);
      }
    },
    async verify(id, run) {
      const found = await chain(id);
      // Beside the database and not the archives, which may lie where nothing can be written, or others read.
      const work = createWorkFolder(dirname(parts.database), isProcessAlive);
      try {
        return await rebuildAndInspect(found, work.file("proof.db"), run);
      } catch (cause) {
        throw asBackupError("RESTORE_FAILED", `${id} could not be rebuilt`, cause);
      } finally {
        work.remove();
      }
    },
    restoreTo: async (id, home, run, finish) => restoreHome(await chain(id), home, run, finish),
    restoreInPlace: async (id, database, run, finish) =>
      restoreInPlace({ ...(await chain(id)), now: parts.now }, database, run, finish),
    remove(backups) {
      for (const backup of backups) {
        // The name is made anew from what is known, so that nothing but a backup can be meant.
        const path = join(folder, backupFileName(backup));
        try {
          rmSync(path);
        } catch (cause) {
          throw backupError("BACKUP_FAILED", `${path} could not be removed: ${causeWords(cause)}.`, cause);
        }
      }
      if (backups.length > 0) syncFolder(folder);
    },
  };
}
