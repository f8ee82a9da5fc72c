import { describe, expect, it } from "vitest";
import type { BackupId } from "../../../../src/core/domain/backup/backup.ts";
import type { BackupNotes } from "../../../../src/core/domain/backup/backup-notes.ts";
import { backupStanding, NO_NOTES } from "../../../../src/core/domain/backup/backup-notes.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 25, 12);
const ID = "20261125T000000Z-abcdef" as BackupId;
const DAILY = { everyMs: 24 * HOUR, drillEveryMs: 7 * 24 * HOUR };

const notes = (change: Partial<BackupNotes>): BackupNotes => ({
  ...NO_NOTES,
  scheduledSince: NOW - 100 * HOUR,
  ...change,
});
const made = (hoursAgo: number) => ({ created: { id: ID, at: NOW - hoursAgo * HOUR } });
const tried = (hoursAgo: number, fault?: string) => ({ drilled: { id: ID, at: NOW - hoursAgo * HOUR, fault } });

describe("how backups stand", () => {
  it.each([
    ["never made, just scheduled", { scheduledSince: NOW }, { isBackupDue: true, missedSince: undefined }],
    ["fresh", { ...made(23), ...tried(1) }, { isBackupDue: false, isDrillDue: false, missedSince: undefined }],
    ["due", { ...made(24), ...tried(1) }, { isBackupDue: true, missedSince: undefined, concerns: [] }],
    ["late", made(29), { isBackupDue: true, missedSince: undefined }],
    ["missed", made(31), { missedSince: NOW - HOUR, concerns: ["A backup was missed: the last one is 31 h old."] }],
    ["never made for long", {}, { isBackupDue: true, concerns: ["A backup was missed: there has been none."] }],
    ["never tried out", made(1), { isDrillDue: true }],
    ["tried out long ago", { ...made(1), ...tried(7 * 24) }, { isDrillDue: true }],
    ["without any to try out", { scheduledSince: NOW }, { isDrillDue: false }],
    ["made by a clock that was ahead", made(-30), { isBackupDue: true }],
  ] as const)("%s", (_, change, expected) => {
    expect(backupStanding(notes(change), DAILY, NOW)).toMatchObject(expected);
  });

  it("waits a quarter of an hour after a failure, and says it", () => {
    const failed = (minutesAgo: number) => ({ failed: { why: "The disk is full.", at: NOW - minutesAgo * 60_000 } });
    expect(backupStanding(notes({ ...made(25), ...failed(14) }), DAILY, NOW).isBackupDue).toBe(false);
    const later = backupStanding(notes({ ...made(25), ...failed(15) }), DAILY, NOW);
    expect(later).toMatchObject({ isBackupDue: true, concerns: ["The last backup failed: The disk is full."] });
  });

  it("tells a drill that failed", () => {
    const standing = backupStanding(notes({ ...made(1), ...tried(1, "It is damaged.") }), DAILY, NOW);
    expect(standing.concerns).toEqual(["The last restore drill failed: It is damaged."]);
  });

  it("asks for nothing where nothing is scheduled", () => {
    const never = { everyMs: undefined, drillEveryMs: undefined };
    expect(backupStanding(NO_NOTES, never, NOW)).toEqual({
      isBackupDue: false,
      isDrillDue: false,
      missedSince: undefined,
      concerns: [],
    });
  });
});
