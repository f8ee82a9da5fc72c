import { ageInWords } from "../age-words.ts";
import type { Timestamp } from "../identifiers.ts";
import type { BackupId } from "./backup.ts";

/** What this machine remembers of its backups, whoever made them: by hand, by the guardian, by a timer. */
export interface BackupNotes {
  /** When a schedule was first seen: before that nothing can have been missed. */
  readonly scheduledSince: Timestamp | undefined;
  readonly created: { readonly id: BackupId; readonly at: Timestamp } | undefined;
  /** The newest attempt that failed, unless one succeeded since. */
  readonly failed: { readonly why: string; readonly at: Timestamp } | undefined;
  readonly drilled: { readonly id: BackupId; readonly at: Timestamp; readonly fault: string | undefined } | undefined;
  /** When a backup was last found missing, so that it is told once. */
  readonly missedToldAt: Timestamp | undefined;
}

export const NO_NOTES: BackupNotes = {
  scheduledSince: undefined,
  created: undefined,
  failed: undefined,
  drilled: undefined,
  missedToldAt: undefined,
};

/** How often, as configured. Undefined: never by itself. */
export interface BackupSchedule {
  readonly everyMs: number | undefined;
  readonly drillEveryMs: number | undefined;
}

const HOUR_MS = 3_600_000;
/** After a failure, so that a full disk is not filled again every minute. */
const RETRY_AFTER_MS = 15 * 60_000;

export interface BackupStanding {
  readonly isBackupDue: boolean;
  readonly isDrillDue: boolean;
  /** Since when there should have been one; undefined: none is missing. */
  readonly missedSince: Timestamp | undefined;
  /** In words, for a person; empty when all is well. */
  readonly concerns: readonly string[];
}

/**
 * What is due, and what went wrong. A backup counts as missed once it is late by a quarter of its interval, and by no less
 * than an hour: a machine that slept for a moment has missed nothing.
 */
export function backupStanding(notes: BackupNotes, schedule: BackupSchedule, now: Timestamp): BackupStanding {
  const { everyMs, drillEveryMs } = schedule;
  const { created, failed, drilled, scheduledSince } = notes;
  const mayTry = failed === undefined || now - failed.at >= RETRY_AFTER_MS || now < failed.at;
  const dueAt = everyMs === undefined ? undefined : created === undefined ? now : created.at + everyMs;
  const countedFrom = created?.at ?? scheduledSince;
  const lateFrom =
    everyMs === undefined || countedFrom === undefined
      ? undefined
      : countedFrom + everyMs + Math.max(everyMs / 4, HOUR_MS);
  const missedSince = lateFrom !== undefined && now >= lateFrom ? lateFrom : undefined;
  // A clock set back must not keep the next one away for long.
  const isFromFuture = created !== undefined && created.at > now + HOUR_MS;
  const isDrillDue =
    drillEveryMs !== undefined &&
    created !== undefined &&
    (drilled === undefined || now >= drilled.at + drillEveryMs || drilled.at > now + HOUR_MS);
  const concerns: string[] = [];
  if (missedSince !== undefined) concerns.push(`A backup was missed: ${lastBackupInWords(notes, now)}.`);
  if (failed !== undefined) concerns.push(`The last backup failed: ${failed.why}`);
  if (drilled?.fault !== undefined) concerns.push(`The last restore drill failed: ${drilled.fault}`);
  return {
    isBackupDue: dueAt !== undefined && (now >= dueAt || isFromFuture) && mayTry,
    isDrillDue,
    missedSince,
    concerns,
  };
}

/** "there has been none", or how old the newest one is. */
export function lastBackupInWords({ created }: BackupNotes, now: Timestamp): string {
  return created === undefined ? "there has been none" : `the last one is ${ageInWords(now - created.at)} old`;
}
