import type { Timestamp } from "../identifiers.ts";
import type { StoredBackup } from "./backup.ts";
import { chainOf, newestFirst } from "./chain.ts";

/** How many are kept. Each rule keeps the newest of its period; a backup is kept when any rule keeps it. */
export interface RetentionRules {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export const DEFAULT_RETENTION: RetentionRules = { last: 7, daily: 7, weekly: 4, monthly: 12 };

export interface RetentionVerdict {
  readonly backup: StoredBackup;
  readonly keep: boolean;
  /** "last 7", "daily", "needed by 2026…", "another database": why it stays; empty when it goes. */
  readonly reasons: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * What would stay and what would go, newest first. A backup that something kept is built on stays, so no chain is broken;
 * those of another database stay, since whoever made them counts on them; and the newest that can be restored always
 * stays, whatever the rules say. A chain with a gap restores nothing and counts for no rule; it goes once something
 * newer can be restored.
 */
export function planRetention(
  backups: readonly StoredBackup[],
  origin: string,
  rules: RetentionRules,
): readonly RetentionVerdict[] {
  const ordered = newestFirst(backups);
  const reasons = new Map<StoredBackup, string[]>();
  const keep = (backup: StoredBackup, reason: string) => {
    const known = reasons.get(backup);
    if (known === undefined) reasons.set(backup, [reason]);
    else if (!known.includes(reason)) known.push(reason);
  };
  const own = ordered.filter((backup) => backup.origin === origin);
  const restorable = own.filter((backup) => chainOf(backups, backup.id).kind === "whole");
  const newest = restorable[0];
  if (newest !== undefined) keep(newest, "newest");
  for (const backup of restorable.slice(0, rules.last)) keep(backup, `last ${rules.last}`);
  keepOneEach(restorable, rules.daily, dayOf, (backup) => keep(backup, "daily"));
  keepOneEach(restorable, rules.weekly, weekOf, (backup) => keep(backup, "weekly"));
  keepOneEach(restorable, rules.monthly, monthOf, (backup) => keep(backup, "monthly"));
  for (const backup of ordered) {
    if (backup.origin !== origin) keep(backup, "another database");
    else if (newest === undefined || (!restorable.includes(backup) && backup.createdAt >= newest.createdAt))
      keep(backup, "nothing newer can be restored");
  }
  for (const backup of ordered) {
    if (!reasons.has(backup)) continue;
    for (const link of linksBelow(backups, backup)) keep(link, `needed by ${backup.id}`);
  }
  return ordered.map((backup) => {
    const why = reasons.get(backup) ?? [];
    return { backup, keep: why.length > 0, reasons: why };
  });
}

/** What a backup is built on, as far as it is there: a gap further down does not make the rest useless to mend it. */
function linksBelow(backups: readonly StoredBackup[], backup: StoredBackup): readonly StoredBackup[] {
  const byId = new Map(backups.map((other) => [other.id, other]));
  const below = new Set<StoredBackup>();
  for (let at = backup; at.parentId !== undefined;) {
    const parent = byId.get(at.parentId);
    if (parent === undefined || below.has(parent) || parent === backup) break;
    below.add(parent);
    at = parent;
  }
  return [...below];
}

function keepOneEach(
  backups: readonly StoredBackup[],
  count: number,
  periodOf: (time: Timestamp) => string,
  keep: (backup: StoredBackup) => void,
): void {
  const seen = new Set<string>();
  for (const backup of backups) {
    const period = periodOf(backup.createdAt);
    if (seen.has(period)) continue;
    if (seen.size >= count) return;
    seen.add(period);
    keep(backup);
  }
}

function dayOf(time: Timestamp): string {
  return String(Math.floor(time / DAY_MS));
}

/** Weeks begin on Monday; 1 January 1970 was a Thursday. */
function weekOf(time: Timestamp): string {
  return String(Math.floor((Math.floor(time / DAY_MS) + 3) / 7));
}

/** The civil month of a day number, by the algorithm of Howard Hinnant's `civil_from_days`. */
function monthOf(time: Timestamp): string {
  const shifted = Math.floor(time / DAY_MS) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return `${yearOfEra + era * 400 + (month <= 2 ? 1 : 0)}-${month}`;
}
