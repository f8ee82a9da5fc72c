import type { BackupNotes, BackupSchedule } from "../../core/domain/backup/backup-notes.ts";
import { backupStanding, lastBackupInWords } from "../../core/domain/backup/backup-notes.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { AuditLog } from "../../core/ports/audit-log.ts";
import type { BackupNotebook } from "../../core/ports/backup-notebook.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { BackupStatus } from "../backups.ts";
import type { GuardNews } from "./guardian/guard-news.ts";

/** How often one looks whether a backup is due. */
export const LOOK_AT_BACKUPS_MS = 60_000;

/** What the composition gives for backups by schedule. */
export interface BackupKeeping {
  readonly schedule: BackupSchedule;
  readonly notebook: BackupNotebook;
  readonly audit: AuditLog;
  /**
   * Does it in a process of its own, so that no order waits for it and a crash of it is nobody else's.
   * @returns why it failed, in words; undefined when it did not.
   */
  run(work: "backup" | "drill", signal: AbortSignal): Promise<string | undefined>;
}

export interface BackupKeeperParts extends BackupKeeping {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifetime: AbortSignal;
  /** Of the processes of an account one keeps the backups: whoever guards. */
  readonly isHolder: () => boolean;
  readonly tell: (news: GuardNews) => void;
}

export function backupStatusOf(
  { notebook, schedule }: Pick<BackupKeeping, "notebook" | "schedule">,
  now: number,
): BackupStatus {
  const notes = notebook.read();
  return { ...backupStanding(notes, schedule, now), schedule, notes };
}

/** Makes backups and tries them out when they are due, and tells when one was missed, until the app ends. */
export async function keepBackups(parts: BackupKeeperParts): Promise<void> {
  const { clock, lifetime, logger } = parts;
  while (!lifetime.aborted) {
    try {
      if (parts.isHolder()) await lookOnce(parts);
    } catch (cause) {
      if (lifetime.aborted) return;
      if (!(cause instanceof AppError)) throw cause;
      logger.warn("the backups could not be looked after", { code: cause.code });
    }
    try {
      await clock.sleep(LOOK_AT_BACKUPS_MS, lifetime);
    } catch {
      return;
    }
  }
}

async function lookOnce(parts: BackupKeeperParts): Promise<void> {
  const { notebook, schedule, clock, lifetime } = parts;
  if (notebook.read().scheduledSince === undefined) notebook.note({ scheduledSince: clock.now() });
  tellMissed(parts, notebook.read());
  if (backupStanding(notebook.read(), schedule, clock.now()).isBackupDue) {
    const fault = await parts.run("backup", lifetime);
    if (lifetime.aborted) return;
    // A process that could not even start has noted nothing.
    if (fault !== undefined) notebook.note({ failed: { why: fault, at: clock.now() } });
    tellOutcome(parts, fault, "backup-made", "A backup was made, and restores.", "The scheduled backup failed");
  }
  if (backupStanding(notebook.read(), schedule, clock.now()).isDrillDue) {
    const fault = await parts.run("drill", lifetime);
    if (lifetime.aborted) return;
    noteDrillTried(parts, fault);
    tellOutcome(
      parts,
      fault,
      "restore-drilled",
      "The newest backup was restored on trial.",
      "The restore drill failed",
    );
  }
}

/** Once a drill was due it must not be due again within the minute, whatever became of it. */
function noteDrillTried({ notebook, clock }: BackupKeeperParts, fault: string | undefined): void {
  const { drilled, created } = notebook.read();
  const isNoted = drilled !== undefined && clock.now() - drilled.at < LOOK_AT_BACKUPS_MS && drilled.at <= clock.now();
  if (isNoted || created === undefined) return;
  notebook.note({ drilled: { id: created.id, at: clock.now(), fault: fault ?? "it did not say how it ended" } });
}

function tellOutcome(
  { tell, logger }: BackupKeeperParts,
  fault: string | undefined,
  kind: "backup-made" | "restore-drilled",
  good: string,
  bad: string,
): void {
  if (fault !== undefined) logger.warn(bad, { why: fault });
  tell(
    fault === undefined
      ? { kind, text: good, needsPerson: false }
      : { kind: "backup-failed", text: `${bad}: ${fault} \`tapedeck backup schedule\` tells more.`, needsPerson: true },
  );
}

function tellMissed({ notebook, schedule, clock, audit, tell }: BackupKeeperParts, notes: BackupNotes): void {
  const { missedSince } = backupStanding(notes, schedule, clock.now());
  if (missedSince === undefined || notes.missedToldAt !== undefined) return;
  notebook.note({ missedToldAt: clock.now() });
  const age = lastBackupInWords(notes, clock.now());
  tell({ kind: "backup-missed", text: `A backup was missed: ${age}.`, needsPerson: true });
  audit.append({
    type: "backup-missed",
    by: "guardian",
    why: age,
    details: { lastId: notes.created?.id ?? null, everyHours: (schedule.everyMs ?? 0) / 3_600_000 },
  });
}
