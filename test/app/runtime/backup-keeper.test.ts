import { describe, expect, it, onTestFinished } from "vitest";
import type { GuardNews } from "../../../src/app/guarding.ts";
import { keepBackups } from "../../../src/app/runtime/backup-keeper.ts";
import type { AuditEntry } from "../../../src/core/domain/audit.ts";
import type { BackupId } from "../../../src/core/domain/backup/backup.ts";
import type { BackupNotes } from "../../../src/core/domain/backup/backup-notes.ts";
import { NO_NOTES } from "../../../src/core/domain/backup/backup-notes.ts";
import { createManualClock } from "../../manual-clock.ts";

const HOUR = 3_600_000;
const ID = "20261125T000000Z-abcdef" as BackupId;

/** A guardian that keeps backups every six hours, and what its processes come to. */
function keeping(
  start: { readonly notes?: Partial<BackupNotes>; readonly holder?: boolean; readonly fault?: string } = {},
) {
  const { clock, advance } = createManualClock(Date.UTC(2026, 10, 25, 12));
  const lifetime = new AbortController();
  let notes: BackupNotes = { ...NO_NOTES, ...start.notes };
  let isHolder = start.holder ?? true;
  let fault = start.fault;
  const work: string[] = [];
  const news: GuardNews[] = [];
  const audit: AuditEntry[] = [];
  const ended = keepBackups({
    clock,
    lifetime: lifetime.signal,
    logger: { info: nothing, warn: nothing, error: nothing },
    schedule: { everyMs: 6 * HOUR, drillEveryMs: 48 * HOUR },
    notebook: { read: () => notes, note: (change) => (notes = { ...notes, ...change }) },
    audit: { append: (entry) => audit.push(entry) },
    isHolder: () => isHolder,
    tell: (told) => news.push(told),
    run: (kind) => {
      work.push(kind);
      // The process it stands for takes the notes itself where it works.
      if (fault === undefined && kind === "backup")
        notes = { ...notes, created: { id: ID, at: clock.now() }, failed: undefined, missedToldAt: undefined };
      if (fault === undefined && kind === "drill") notes = { ...notes, drilled: { id: ID, at: clock.now(), fault } };
      return Promise.resolve(fault);
    },
  });
  onTestFinished(async () => {
    lifetime.abort();
    await ended;
  });
  return {
    advance,
    work,
    news,
    audit,
    notes: () => notes,
    setHolder: (now: boolean) => (isHolder = now),
    setFault: (now: string | undefined) => (fault = now),
    now: () => clock.now(),
  };
}

const nothing = (): void => undefined;

describe("backups by schedule", () => {
  it("are made when they are due and tried out when that is, each once", async () => {
    const { advance, work, news } = keeping();
    await advance(1);
    expect(work).toEqual(["backup", "drill"]);
    expect(news.map(({ kind }) => kind)).toEqual(["backup-made", "restore-drilled"]);
    await advance(6 * HOUR);
    expect(work).toEqual(["backup", "drill", "backup"]);
    await advance(42 * HOUR);
    expect(work.filter((kind) => kind === "backup")).toHaveLength(9);
    expect(work.filter((kind) => kind === "drill")).toHaveLength(2);
  });

  it("are left to whoever guards, and taken over from it", async () => {
    const { advance, work, setHolder } = keeping({ holder: false });
    await advance(12 * HOUR);
    expect(work).toEqual([]);
    setHolder(true);
    await advance(60_000);
    expect(work).toEqual(["backup", "drill"]);
  });

  it("that fail are tried again every quarter of an hour, and a person is told", async () => {
    const { advance, work, news, setFault, notes } = keeping({ fault: "The disk is full." });
    await advance(1);
    await advance(HOUR);
    expect(work).toHaveLength(5);
    expect(news[0]).toMatchObject({ kind: "backup-failed", needsPerson: true });
    expect(news[0]?.text).toContain("The disk is full.");
    setFault(undefined);
    await advance(16 * 60_000);
    expect(notes()).toMatchObject({ failed: undefined, created: { id: ID } });
  });

  it("are missed once they are late, which is told and written down once, and again for the next", async () => {
    const begun = Date.UTC(2026, 10, 25, 12);
    const { advance, news, audit, setFault } = keeping({
      notes: { created: { id: ID, at: begun } },
      fault: "The disk is full.",
    });
    const missed = () => news.filter(({ kind }) => kind === "backup-missed");
    await advance(7 * HOUR);
    expect(missed()).toEqual([]);
    await advance(2 * HOUR);
    expect(missed()).toMatchObject([{ needsPerson: true, text: "A backup was missed: the last one is 7 h old." }]);
    expect(audit).toMatchObject([{ type: "backup-missed", by: "guardian", details: { lastId: ID, everyHours: 6 } }]);
    setFault(undefined);
    await advance(HOUR);
    setFault("The disk is full.");
    await advance(9 * HOUR);
    expect(missed()).toHaveLength(2);
  });

  it("do not drill again and again when a drill cannot even say how it ended", async () => {
    const { advance, work, notes } = keeping({
      notes: { created: { id: ID, at: Date.UTC(2026, 10, 25, 11) } },
      fault: "it could not be started.",
    });
    await advance(2 * HOUR);
    expect(work).toEqual(["drill"]);
    expect(notes().drilled?.fault).toBe("it could not be started.");
  });
});
