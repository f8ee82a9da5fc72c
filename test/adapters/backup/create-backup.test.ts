import Database from "better-sqlite3";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackupHome } from "./backup-home.ts";
import { filesIn, makeBackupHome, runOf, sha256Of } from "./backup-home.ts";

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

let home: BackupHome;
beforeEach(() => {
  home = makeBackupHome();
});
afterEach(() => {
  home.remove();
});

describe("a full backup", () => {
  it("is one file with the sum it tells, for the owner alone, and nothing is left beside it", async () => {
    const run = runOf();
    const made = await home.archive.create(home.request({ kind: "full" }), run);
    expect(filesIn(home.backups)).toEqual([made.backup.file]);
    expect(sha256Of(readFileSync(made.path))).toBe(made.sha256);
    expect(statSync(made.path)).toMatchObject({ size: made.backup.bytes });
    expect(statSync(made.path).mode & 0o777).toBe(0o600);
    expect(made.manifest.database.rows).toEqual({ fills: 500, notes: 0 });
    expect([...new Set(run.progress.map(({ step }) => step))]).toEqual([
      "copying",
      "checking",
      "reading",
      "packing",
      "proving",
    ]);
  });

  it("holds what was committed when it began, while another connection goes on writing", async () => {
    const other = new Database(home.live);
    other.exec("BEGIN IMMEDIATE; INSERT INTO notes VALUES(1, 'not yet')");
    const made = await home.archive.create(home.request(), runOf());
    other.exec("COMMIT");
    other.close();
    expect(made.manifest.database.rows).toEqual({ fills: 500, notes: 0 });
  });

  it("restores byte for byte what the online backup of SQLite copies", async () => {
    const wanted = await home.liveCopySha256();
    const { backup } = await home.archive.create(home.request(), runOf());
    const target = join(home.folder, "restored");
    await home.archive.restoreTo(backup.id, target, runOf(), () => undefined);
    expect(sha256Of(readFileSync(join(target, "data", "console.db")))).toBe(wanted);
  });
});

describe("an increment", () => {
  it("holds only what changed and names the state it builds on", async () => {
    home.add(20_000);
    const full = await home.archive.create(home.request(), runOf());
    home.add(10);
    const next = await home.archive.create(home.request(), runOf());
    expect(next.backup).toMatchObject({ kind: "incremental", parentId: full.backup.id });
    expect(next.manifest.parent?.databaseSha256).toBe(full.manifest.database.sha256);
    expect(next.manifest.changedPages).toBeLessThan(10);
    expect(next.backup.bytes).toBeLessThan(full.backup.bytes / 10);
  });

  it("becomes a full one where more than three tenths changed, and says why", async () => {
    await home.archive.create(home.request(), runOf());
    home.client.exec("UPDATE fills SET v = v || 'x'");
    const { backup, whyFull } = await home.archive.create(home.request(), runOf());
    expect(backup.kind).toBe("full");
    expect(whyFull).toContain("30 %");
  });

  it("begins a new chain after seven", async () => {
    home.add(5_000);
    const kinds: string[] = [];
    for (let left = 9; left > 0; left -= 1) {
      home.add(1);
      kinds.push((await home.archive.create(home.request(), runOf())).backup.kind);
    }
    expect(kinds).toEqual(["full", ...Array.from({ length: 7 }, () => "incremental"), "full"]);
  });

  it("is refused where there is nothing to build on, and nothing is left", async () => {
    await expect(home.archive.create(home.request({ kind: "incremental" }), runOf())).rejects.toMatchObject({
      code: "BACKUP_PARENT_UNUSABLE",
    });
    expect(filesIn(home.backups)).toEqual([]);
  });

  it("does not build on a backup of another database, nor on one whose chain is damaged", async () => {
    home.add(5_000);
    await home.archive.create(home.request({ origin: "another" }), runOf());
    const first = await home.archive.create(home.request(), runOf());
    expect(first.backup.kind).toBe("full");
    home.add(1);
    await home.archive.create(home.request(), runOf());
    const bytes = readFileSync(first.path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(first.path, bytes);
    home.add(1);
    await expect(home.archive.create(home.request({ kind: "incremental" }), runOf())).rejects.toMatchObject({
      code: "BACKUP_PARENT_UNUSABLE",
    });
    expect((await home.archive.create(home.request(), runOf())).backup.kind).toBe("full");
  });

  it("is not made in the clear on a sealed one, nor sealed on one in the clear", async () => {
    home.add(5_000);
    await home.archive.create(home.request(), runOf("a passphrase"));
    expect((await home.archive.create(home.request(), runOf())).backup).toMatchObject({ kind: "full", sealed: false });
    expect((await home.archive.create(home.request(), runOf("a passphrase"))).backup).toMatchObject({
      kind: "full",
      sealed: true,
    });
  });
});

describe("a sealed backup", () => {
  it("shows nothing of the database, and restores with its passphrase alone", async () => {
    home.client.exec("INSERT INTO notes VALUES(1, 'a private note that nobody may read')");
    const { backup, path } = await home.archive.create(home.request(), runOf("correct horse"));
    expect(readFileSync(path).includes("private note")).toBe(false);
    const verified = await home.archive.verify(backup.id, runOf("correct horse"));
    expect(verified.manifest.database.rows["notes"]).toBe(1);
    await expect(home.archive.verify(backup.id, runOf("Correct horse"))).rejects.toMatchObject({
      code: "BACKUP_PASSPHRASE_WRONG",
    });
    await expect(home.archive.verify(backup.id, runOf())).rejects.toMatchObject({ code: "BACKUP_PASSPHRASE_NEEDED" });
  });

  it("puts nothing that is not sealed into the folder of the backups, not even for a moment", async () => {
    home.client.exec("INSERT INTO notes VALUES(1, 'a private note that nobody may read')");
    const seen = new Set<string>();
    const run = {
      ...runOf("correct horse"),
      onProgress: () => {
        for (const path of filesBelow(home.backups)) {
          seen.add(basename(path));
          expect(readFileSync(path).includes("private note"), path).toBe(false);
        }
      },
    };
    await home.archive.create(home.request(), run);
    expect([...seen]).toEqual(["draft"]);
  });

  it("is listed without it", async () => {
    const { backup } = await home.archive.create(home.request(), runOf("correct horse"));
    expect((await home.archive.list()).backups).toEqual([backup]);
  });
});

describe("folders beside the database", () => {
  it("go along by their patterns and come back; links and what looks like a secret stay out", async () => {
    const folder = join(home.folder, "strategies");
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    writeFileSync(join(folder, "grid.json"), "{}");
    writeFileSync(join(folder, "deep", "er", "größe.md"), "words");
    writeFileSync(join(folder, "deep", "cache.tmp"), "no");
    writeFileSync(join(folder, "api.key"), "never");
    symlinkSync("/etc/passwd", join(folder, "link.json"));
    const folders = [{ path: folder, include: [], exclude: ["*.tmp"] }];
    const made = await home.archive.create(home.request({ folders, config: "lot = 1\n" }), runOf());
    expect(made.manifest.folders).toEqual([{ number: 1, path: folder, files: 2, leftOut: 2 }]);
    const target = join(home.folder, "restored");
    await home.archive.restoreTo(made.backup.id, target, runOf(), () => undefined);
    expect(readFileSync(join(target, "extra", "1", "deep", "er", "größe.md"), "utf8")).toBe("words");
    expect(filesIn(join(target, "extra", "1"))).toEqual(["deep", "grid.json"]);
    expect(readFileSync(join(target, "config", "config.toml"), "utf8")).toBe("lot = 1\n");
  });

  it("stop the backup where one cannot be read", async () => {
    const folders = [{ path: join(home.folder, "nowhere"), include: [], exclude: [] }];
    await expect(home.archive.create(home.request({ folders }), runOf())).rejects.toMatchObject({
      code: "BACKUP_FOLDER_UNREADABLE",
    });
    expect(filesIn(home.backups)).toEqual([]);
  });
});

describe("a backup that cannot be made", () => {
  it("leaves nothing when it is aborted at any step", async () => {
    home.add(5_000);
    for (const step of ["copying", "checking", "reading", "packing", "proving"]) {
      const ending = new AbortController();
      const run = {
        ...runOf("words", ending.signal),
        onProgress: (progress: { readonly step: string }) => {
          if (progress.step === step) ending.abort(new Error(`ended while ${step}`));
        },
      };
      await expect(home.archive.create(home.request(), run)).rejects.toThrow(`ended while ${step}`);
      expect(filesIn(home.backups)).toEqual([]);
      expect(filesIn(home.folder).filter((name) => name.startsWith("."))).toEqual([]);
    }
  });

  it("says that the database is damaged, and makes none of it", async () => {
    home.add(5_000);
    home.client.pragma("wal_checkpoint(TRUNCATE)");
    const bytes = readFileSync(home.live);
    bytes.fill(0x5a, 4096 * 20, 4096 * 22);
    writeFileSync(home.live, bytes);
    await expect(home.archive.create(home.request(), runOf())).rejects.toMatchObject({ code: "BACKUP_SOURCE_DAMAGED" });
    expect(filesIn(home.backups)).toEqual([]);
  });

  it("says so where the folder cannot be written", async () => {
    if (process.getuid?.() === 0) {
      // Root may write anywhere; a file in the folder's place stops even it.
      writeFileSync(home.backups, "");
    } else {
      mkdirSync(home.backups);
      chmodSync(home.backups, 0o500);
    }
    await expect(home.archive.create(home.request(), runOf())).rejects.toMatchObject({ code: "BACKUP_FAILED" });
  });
});
