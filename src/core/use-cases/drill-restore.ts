import type { BackupId } from "../domain/backup/backup.ts";
import { newestRestorable } from "../domain/backup/chain.ts";
import { AppError } from "../domain/errors.ts";
import type { BackupRun, RestoredHome, VerifiedBackup } from "../ports/backup-archive.ts";
import type { BackupContext } from "./make-backup.ts";
import { writeDown } from "./make-backup.ts";

export interface DrillParts {
  /** Of the live database. */
  readonly origin: string;
  /** A place that does not exist yet, and is removed afterwards by whoever gave it. */
  readonly place: string;
  /** Opens the restored database as the program would, and has it looked at. @throws AppError when it does not work. */
  readonly tryOut: (home: RestoredHome) => void;
}

export interface Drilled extends VerifiedBackup {
  readonly id: BackupId;
  readonly unwritten: string | undefined;
}

/**
 * Restores the newest backup as after a loss, to a place of no consequence, and writes down whether it worked: what was
 * never restored is no backup. @returns undefined where there is none.
 */
export async function drillRestore(
  context: BackupContext,
  parts: DrillParts,
  run: BackupRun,
): Promise<Drilled | undefined> {
  const { archive, notebook, audit, clock, by } = context;
  const { backups } = await archive.list();
  const newest = newestRestorable(backups, parts.origin);
  if (newest === undefined) return undefined;
  const { id } = newest;
  try {
    const verified = await archive.restoreTo(id, parts.place, run, parts.tryOut);
    notebook.note({ drilled: { id, at: clock.now(), fault: undefined } });
    const rows = Object.values(verified.manifest.database.rows).reduce((sum, count) => sum + count, 0);
    const details = { id, ok: true, links: verified.links.length, rows };
    return { ...verified, id, unwritten: writeDown(audit, { type: "backup-drilled", by, details }) };
  } catch (cause) {
    if (cause instanceof AppError) {
      notebook.note({ drilled: { id, at: clock.now(), fault: cause.message } });
      writeDown(audit, {
        type: "backup-drilled",
        by,
        why: cause.message,
        details: { id, ok: false, code: cause.code },
      });
    }
    throw cause;
  }
}
