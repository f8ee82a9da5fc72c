import { AppError, causeWords, EXIT_CODES } from "../../core/domain/errors.ts";
import { safeText } from "../../core/domain/safe-text.ts";

/** Every way a backup can be refused, with what the person can do about it. */
const FAULTS = {
  BACKUP_NOT_FOUND: "Run `tapedeck backup ls` to see which there are.",
  BACKUP_DAMAGED: "Use another backup: `tapedeck backup verify --all` tells which are sound.",
  BACKUP_HOSTILE: "Do not use this file: Tapedeck never writes one like it.",
  BACKUP_FORMAT_NEWER: "Update tapedeck to read it.",
  BACKUP_TOO_LARGE: "Free some space, or restore to another disk.",
  BACKUP_CHAIN_BROKEN: "Bring the missing file back, or restore an earlier backup: `tapedeck backup ls`.",
  BACKUP_PARENT_WRONG: "Restore an earlier backup, and make a full one: `tapedeck backup create --full`.",
  BACKUP_PARENT_UNUSABLE: "Make a full backup: `tapedeck backup create --full`.",
  BACKUP_PASSPHRASE_NEEDED: "Give --passphrase-file FILE or --passphrase-fd N, or run it in a terminal to be asked.",
  BACKUP_PASSPHRASE_WRONG: "Try again with the passphrase it was sealed with; without it nothing can be restored.",
  BACKUP_SOURCE_MISSING: "There is nothing to back up before the first start; run `tapedeck` once.",
  BACKUP_SOURCE_DAMAGED: "Restore the newest sound backup: `tapedeck backup ls`, then `tapedeck backup restore`.",
  BACKUP_FOLDER_UNREADABLE: "Check the folder's path and rights.",
  BACKUP_FAILED: "Check that the disk has space and the folder can be written, then try again.",
  RESTORE_TARGET_EXISTS: "Name a folder that does not exist yet, or is empty.",
  RESTORE_DATABASE_IN_USE: "End every other tapedeck (screen, guardian, companion), then try again.",
  RESTORE_FAILED: "Check that the disk has space and the folder can be written, then try again.",
} as const;

export type BackupFault = keyof typeof FAULTS;

const MAKING: ReadonlySet<BackupFault> = new Set(["BACKUP_FAILED", "BACKUP_SOURCE_MISSING", "BACKUP_SOURCE_DAMAGED"]);

/** @param what happened, as a sentence; names in it come from outside and are made safe here. */
export function backupError(code: BackupFault, what: string, cause?: unknown): AppError {
  return new AppError({
    code,
    message: safeText(what, 400),
    notDone: MAKING.has(code) ? "No backup was made, and no other was touched." : "Nothing was restored or changed.",
    hint: FAULTS[code],
    exitCode: EXIT_CODES.failure,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Passes our own faults and an abort on, and names any other. */
export function asBackupError(code: BackupFault, what: string, cause: unknown): unknown {
  if (cause instanceof AppError) return cause;
  if (cause instanceof Error && cause.name === "AbortError") return cause;
  return backupError(code, `${what}: ${causeWords(cause)}.`, cause);
}
