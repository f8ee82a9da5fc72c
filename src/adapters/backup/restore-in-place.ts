import Database from "better-sqlite3";
import { chmodSync, existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import type { BackupRun, VerifiedBackup } from "../../core/ports/backup-archive.ts";
import { asBackupError, backupError } from "./backup-error.ts";
import { ALL_PAGES, copyLiveDatabase, settleIntoOneFile } from "./database-copy.ts";
import { syncFolder } from "./durable-file.ts";
import type { ChainParts } from "./verify-backup.ts";
import { rebuildAndInspect } from "./verify-backup.ts";
import { createWorkFolder } from "./work-folder.ts";

const PATIENCE_MS = 500;

/**
 * See `BackupArchive.restoreInPlace`. The pages go into the live file through SQLite and in one transaction, never by a
 * rename: a process that was just opening the file would go on with the renamed one and lose what it writes. A crash in
 * the middle is rolled back by whoever opens the file next.
 */
export async function restoreInPlace(
  parts: ChainParts & { readonly now: () => number },
  live: string,
  run: BackupRun,
  finish: (database: string) => void | Promise<void>,
): Promise<VerifiedBackup & { readonly safetyCopy: string | undefined }> {
  // Asked before the work as well as after it: nobody likes to hear it at the end.
  const before = standOf(live);
  const work = createWorkFolder(dirname(live), parts.isProcessAlive);
  try {
    const restored = work.file("restored.db");
    const verified = await rebuildAndInspect(parts, restored, run);
    await finish(restored);
    run.signal.throwIfAborted();
    run.onProgress({ step: "restoring", done: undefined, total: undefined });
    const aside = `${live}.before-restore-${new Date(parts.now()).toISOString().replaceAll(/[-:.]/g, "")}`;
    if (existsSync(aside)) throw new Error(`${aside} exists already`);
    if (before === "sound") {
      await copyLiveDatabase(live, aside);
      chmodSync(aside, 0o600);
      syncFolder(dirname(live));
      standOf(live);
      await overwrite(restored, live);
    } else {
      if (before === "unreadable") moveAside(live, aside);
      settleIntoOneFile(restored);
      renameSync(restored, live);
      chmodSync(live, 0o600);
      syncFolder(dirname(live));
    }
    return { ...verified, safetyCopy: before === "missing" ? undefined : aside };
  } catch (cause) {
    run.signal.throwIfAborted();
    throw asBackupError("RESTORE_FAILED", `The database ${live} could not be restored`, cause);
  } finally {
    work.remove();
  }
}

type Stand = "missing" | "sound" | "unreadable";

/** @throws AppError RESTORE_DATABASE_IN_USE when another process has it open. */
function standOf(live: string): Stand {
  if (!existsSync(live)) return "missing";
  let client: Database.Database | undefined;
  try {
    client = new Database(live, { timeout: PATIENCE_MS, fileMustExist: true });
    // Leaving the log is granted only to the one process that has the file open.
    const mode = client.pragma("journal_mode = DELETE", { simple: true });
    if (mode !== "delete") throw inUse(live);
    client.prepare("SELECT count(*) FROM sqlite_schema").get();
    return "sound";
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) throw inUse(live, cause);
    if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) return "unreadable";
    throw cause;
  } finally {
    client?.close();
  }
}

function inUse(live: string, cause?: unknown): Error {
  return backupError("RESTORE_DATABASE_IN_USE", `Another process has ${live} open.`, cause);
}

async function overwrite(restored: string, live: string): Promise<void> {
  const source = new Database(restored, { fileMustExist: true });
  try {
    await source.backup(live, { progress: () => ALL_PAGES });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw code.startsWith("SQLITE_BUSY") ? inUse(live, cause) : cause;
  } finally {
    source.close();
  }
}

/** A log that stays beside a file of the same name would be played into it. */
function moveAside(live: string, aside: string): void {
  for (const suffix of ["-wal", "-shm", "-journal", ""]) {
    if (existsSync(live + suffix)) renameSync(live + suffix, aside + suffix);
  }
}
