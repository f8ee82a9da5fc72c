import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ARCHIVE_NAMES } from "../../core/domain/backup/manifest.ts";
import type { BackupRun, RestoredHome, VerifiedBackup } from "../../core/ports/backup-archive.ts";
import type { ArchiveMember } from "./archive-file.ts";
import { asBackupError, backupError } from "./backup-error.ts";
import { syncFolder, writeNewFile } from "./durable-file.ts";
import type { ChainParts } from "./verify-backup.ts";
import { rebuildAndInspect } from "./verify-backup.ts";
import { createWorkFolder } from "./work-folder.ts";

/** See `BackupArchive.restoreTo`. */
export async function restoreHome(
  parts: ChainParts,
  target: string,
  run: BackupRun,
  finish: (home: RestoredHome) => void | Promise<void>,
): Promise<VerifiedBackup> {
  const home = resolve(target);
  refuseOccupied(home);
  const work = createWorkFolder(dirname(home), parts.isProcessAlive);
  try {
    const built = work.file("home");
    for (const folder of ["", "data", "config"]) mkdirSync(join(built, folder), { mode: 0o700 });
    const database = join(built, "data", "console.db");
    const verified = await rebuildAndInspect(parts, database, run, (member) => place(built, member));
    run.onProgress({ step: "restoring", done: undefined, total: undefined });
    await finish({ database });
    run.signal.throwIfAborted();
    refuseOccupied(home);
    if (existsSync(home)) rmdirSync(home);
    renameSync(built, home);
    syncFolder(dirname(home));
    return verified;
  } catch (cause) {
    run.signal.throwIfAborted();
    throw asBackupError("RESTORE_FAILED", `The home ${home} could not be made`, cause);
  } finally {
    work.remove();
  }
}

function refuseOccupied(home: string): void {
  if (!existsSync(home)) return;
  try {
    if (readdirSync(home).length === 0) return;
  } catch (cause) {
    throw backupError("RESTORE_TARGET_EXISTS", `${home} exists and is no folder.`, cause);
  }
  throw backupError("RESTORE_TARGET_EXISTS", `${home} exists and is not empty.`);
}

/** The names were checked when the archive was read; a name that is a folder to another fails here. */
async function place(home: string, member: ArchiveMember): Promise<void> {
  if (member.name === ARCHIVE_NAMES.config) {
    await writeNewFile(join(home, "config", "config.toml"), member.content);
  } else if (member.name.startsWith("extra/")) {
    const path = join(home, ...member.name.split("/"));
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await writeNewFile(path, member.content);
  }
}
