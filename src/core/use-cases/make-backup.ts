import type { RetentionRules } from "../domain/backup/retention.ts";
import { planRetention } from "../domain/backup/retention.ts";
import type { RetentionVerdict } from "../domain/backup/retention.ts";
import { AppError } from "../domain/errors.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { BackupArchive, BackupRequest, BackupRun, CreatedBackup } from "../ports/backup-archive.ts";
import type { BackupNotebook } from "../ports/backup-notebook.ts";
import type { Clock } from "../ports/clock.ts";

export interface BackupContext {
  readonly archive: BackupArchive;
  readonly notebook: BackupNotebook;
  /** Of the live database. */
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Who asked: `person` or `schedule`. */
  readonly by: string;
}

export interface MadeBackup extends CreatedBackup {
  /** Why the journal does not say so, where it could not be written. */
  readonly unwritten: string | undefined;
}

/** Makes a backup, remembers it and writes it down; a failure, too. */
export async function makeBackup(context: BackupContext, request: BackupRequest, run: BackupRun): Promise<MadeBackup> {
  const { archive, notebook, clock, by } = context;
  try {
    const made = await archive.create(request, run);
    const { id, kind, bytes, sealed, createdAt } = made.backup;
    notebook.note({ created: { id, at: createdAt }, failed: undefined, missedToldAt: undefined });
    const details = { id, kind, bytes, sealed, sha256: made.sha256 };
    return { ...made, unwritten: writeDown(context.audit, { type: "backup-created", by, details }) };
  } catch (cause) {
    if (cause instanceof AppError) {
      notebook.note({ failed: { why: cause.message, at: clock.now() } });
      writeDown(context.audit, { type: "backup-failed", by, why: cause.message, details: { code: cause.code } });
    }
    throw cause;
  }
}

/** @returns why it could not be written; what was done stays done. */
export function writeDown(audit: AuditLog, entry: Parameters<AuditLog["append"]>[0]): string | undefined {
  try {
    audit.append(entry);
    return undefined;
  } catch (cause) {
    if (cause instanceof AppError) return cause.message;
    throw cause;
  }
}

/** Which backups would stay and which would go. */
export async function planPruning(
  archive: BackupArchive,
  origin: string,
  rules: RetentionRules,
): Promise<readonly RetentionVerdict[]> {
  const { backups } = await archive.list();
  return planRetention(backups, origin, rules);
}

/** Removes what a plan lets go, the newest first: an increment goes before what it is built on, so a crash breaks none. */
export function pruneBackups(
  context: Pick<BackupContext, "archive" | "audit" | "by">,
  plan: readonly RetentionVerdict[],
): { readonly removed: number; readonly unwritten: string | undefined } {
  const gone = plan.filter(({ keep }) => !keep).map(({ backup }) => backup);
  if (gone.length === 0) return { removed: 0, unwritten: undefined };
  context.archive.remove(gone);
  const details = { removed: gone.length, kept: plan.length - gone.length, ids: gone.map(({ id }) => id).join(" ") };
  return {
    removed: gone.length,
    unwritten: writeDown(context.audit, { type: "backup-pruned", by: context.by, details }),
  };
}
