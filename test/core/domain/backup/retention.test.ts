import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BackupId, StoredBackup } from "../../../../src/core/domain/backup/backup.ts";
import { backupFileName, backupId, parseBackupFileName } from "../../../../src/core/domain/backup/backup.ts";
import { chainOf } from "../../../../src/core/domain/backup/chain.ts";
import { DEFAULT_RETENTION, planRetention } from "../../../../src/core/domain/backup/retention.ts";

const DAY = 86_400_000;

function backupAt(createdAt: number, parentId?: BackupId, origin = "own"): StoredBackup {
  const id = backupId(new Date(createdAt).toISOString(), "abcdef");
  const kind = parentId === undefined ? "full" : "incremental";
  return {
    id,
    kind,
    sealed: false,
    parentId,
    createdAt,
    origin,
    bytes: 1,
    file: backupFileName({ id, kind, sealed: false }),
  };
}

function daysOf(count: number, from = Date.UTC(2026, 0, 1, 3)): StoredBackup[] {
  return Array.from({ length: count }, (_, day) => backupAt(from + day * DAY));
}

const goes = (backups: readonly StoredBackup[], rules = DEFAULT_RETENTION) =>
  planRetention(backups, "own", rules).filter(({ keep }) => !keep);

describe("retention", () => {
  it("keeps the newest of each day, week and month as far back as its rule goes", () => {
    const kept = planRetention(daysOf(100), "own", { last: 2, daily: 3, weekly: 3, monthly: 3 }).filter((v) => v.keep);
    // 10 April 2026 was a Friday: the weeks before end on Sunday, the months on their last day.
    expect(kept.map(({ backup }) => new Date(backup.createdAt).toISOString().slice(5, 10))).toEqual([
      "04-10",
      "04-09",
      "04-08",
      "04-05",
      "03-31",
      "03-29",
      "02-28",
    ]);
  });

  it("never removes the newest that can be restored, even with every rule at zero", () => {
    const backups = daysOf(3);
    const broken = backupAt(Date.UTC(2026, 5, 1), backupId("2020-01-01T00:00:00", "000000"));
    const kept = planRetention([...backups, broken], "own", { last: 0, daily: 0, weekly: 0, monthly: 0 });
    expect(kept.filter(({ keep }) => keep).map(({ backup }) => backup)).toEqual([broken, backups[2]]);
  });

  it("removes a broken chain once something newer can be restored", () => {
    const broken = backupAt(Date.UTC(2025, 11, 1), backupId("2020-01-01T00:00:00", "000000"));
    expect(goes([broken])).toEqual([]);
    expect(goes([broken, ...daysOf(1)]).map(({ backup }) => backup)).toEqual([broken]);
  });

  it("leaves those of another database alone", () => {
    const foreign = daysOf(50).map((backup) => ({ ...backup, origin: "theirs" }));
    expect(goes(foreign)).toEqual([]);
  });

  it("leaves every chain it keeps whole, whatever the history", () => {
    const step = fc.record({ hours: fc.integer({ min: 1, max: 200 }), onto: fc.option(fc.nat(20)), own: fc.boolean() });
    const rule = fc.nat(5);
    const rules = fc.record({ last: rule, daily: rule, weekly: rule, monthly: rule });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), rules, (steps, keep) => {
        let at = Date.UTC(2024, 0, 1);
        const backups: StoredBackup[] = [];
        for (const { hours, onto, own } of steps) {
          at += hours * 3_600_000;
          const parent = onto === null ? undefined : backups[backups.length - 1 - onto];
          backups.push(backupAt(at, parent?.id, own ? "own" : "theirs"));
        }
        const verdicts = planRetention(backups, "own", keep);
        const kept = verdicts.filter((verdict) => verdict.keep).map(({ backup }) => backup);
        for (const { id } of kept) expect(chainOf(kept, id).kind).toBe("whole");
        expect(verdicts.filter((verdict) => !verdict.keep && verdict.backup.origin !== "own")).toEqual([]);
        // What stays is what a second run would keep.
        expect(planRetention(kept, "own", keep).filter((verdict) => !verdict.keep)).toEqual([]);
      }),
    );
  });
});

describe("the name of a backup", () => {
  it("is read back as it was given, and no other file has one", () => {
    const { id } = backupAt(0);
    for (const sealed of [true, false])
      expect(parseBackupFileName(backupFileName({ id, kind: "full", sealed }))).toEqual({ id, kind: "full", sealed });
    for (const other of [
      "console.db",
      `tapedeck-${id}-full.tar.gz.part`,
      `x-tapedeck-${id}-full.tar.gz`,
      `tapedeck-${id}-full.tar`,
      `../tapedeck-${id}-full.tar.gz`,
      `tapedeck-${id.toUpperCase()}-full.tar.gz`,
    ])
      expect(parseBackupFileName(other)).toBeUndefined();
  });
});

describe("a chain", () => {
  it("ends at a full backup, or says what it lacks", () => {
    const full = backupAt(1_000);
    const first = backupAt(2_000, full.id);
    const second = backupAt(3_000, first.id);
    expect(chainOf([second, full, first], second.id)).toEqual({ kind: "whole", links: [full, first, second] });
    expect(chainOf([second, full], second.id)).toEqual({ kind: "gap", missing: first.id, neededBy: second.id });
    expect(chainOf([full], second.id)).toEqual({ kind: "not-found" });
    const circular = { ...first, parentId: second.id };
    expect(chainOf([circular, second], second.id)).toEqual({ kind: "circle", at: second.id });
  });
});
