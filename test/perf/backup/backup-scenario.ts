import { copyFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { KEY_COST } from "../../../src/adapters/backup/seal.ts";
import type { CreatedBackup } from "../../../src/core/ports/backup-archive.ts";
import type { BackupHome } from "../../adapters/backup/backup-home.ts";
import { makeBackupHome, runOf } from "../../adapters/backup/backup-home.ts";
import { median } from "../figures.ts";
import type { BenchOptions, BenchReport, BenchTable, Scenario } from "../scenario.ts";

const ROWS = 600_000;
const CHANGED_ROWS = 2_000;
/** Each round makes and restores several copies of the whole database. */
const MOST_ROUNDS = 5;
const PASSPHRASE = "correct horse battery";

const CONTESTANTS = [
  "file copy",
  "SQLite .backup",
  "create --full",
  "create --full, sealed",
  "create --incremental",
  "verify",
  "restore of two links",
] as const;
type Contestant = (typeof CONTESTANTS)[number];

/** What a backup and its restore cost, beside the plainest copies of the same database. */
export function createBackupScenario(): Scenario {
  return {
    name: "backup",
    about: "backups made, proved and restored, against a file copy and SQLite's own backup",
    async run({ rounds, size }: BenchOptions): Promise<BenchReport> {
      const home = makeBackupHome(Math.max(CHANGED_ROWS, Math.round(ROWS * size)), KEY_COST);
      try {
        const times: Record<Contestant, number>[] = [];
        const count = Math.min(rounds, MOST_ROUNDS);
        let increment = 0;
        for (let round = 0; round <= count; round += 1) {
          const played = await playRound(home, round);
          increment = played.incrementBytes;
          if (round > 0) times.push(played.times);
        }
        const bytes = statSync(home.live).size;
        return {
          tables: [tableOf(times, bytes, increment)],
          figures: { databaseBytes: bytes, incrementBytes: increment, times },
        };
      } finally {
        home.remove();
      }
    },
  };
}

async function playRound(home: BackupHome, round: number) {
  const { archive, client, live, folder } = home;
  client.pragma("wal_checkpoint(TRUNCATE)");
  const copy = join(folder, "copy.db");
  const times = {} as Record<Contestant, number>;
  const time = async <T>(name: Contestant, work: () => T | Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    times[name] = performance.now() - began;
    return result;
  };
  await time("file copy", async () => {
    copyFileSync(live, copy);
    await toDisk(copy);
  });
  rmSync(copy);
  await time("SQLite .backup", async () => {
    await client.backup(copy, { progress: () => 0x7fffffff });
    await toDisk(copy);
  });
  rmSync(copy);
  const sealed = await time("create --full, sealed", () =>
    archive.create(home.request({ kind: "full" }), runOf(PASSPHRASE)),
  );
  archive.remove([sealed.backup]);
  const full = await time("create --full", () => archive.create(home.request({ kind: "full" }), runOf()));
  home.add(CHANGED_ROWS);
  const next = await time("create --incremental", () => archive.create(home.request({ kind: "incremental" }), runOf()));
  const verified = await time("verify", () => archive.verify(next.backup.id, runOf()));
  checkRestored(verified.manifest.database, next);
  const target = join(folder, `restored-${round}`);
  const restored = await time("restore of two links", () =>
    archive.restoreTo(next.backup.id, target, runOf(), () => undefined),
  );
  checkRestored(restored.manifest.database, next);
  rmSync(target, { recursive: true });
  archive.remove([next.backup, full.backup]);
  return { times, incrementBytes: next.backup.bytes };
}

/** @throws when what was restored is not what was backed up: then the times say nothing */
export function checkRestored(
  database: { readonly sha256: string; readonly bytes: number },
  { manifest }: Pick<CreatedBackup, "manifest">,
): void {
  if (database.sha256 === manifest.database.sha256 && database.bytes === manifest.database.bytes) return;
  throw new Error("another database came back than was backed up");
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, "r+");
  await handle.sync();
  await handle.close();
}

function tableOf(rounds: readonly Record<Contestant, number>[], bytes: number, incrementBytes: number): BenchTable {
  const copied = median(rounds.map((round) => round["SQLite .backup"]));
  return {
    title: `backup of ${(bytes / 1e6).toFixed(1)} MB, ${rounds.length} rounds in turn`,
    columns: ["", "ms", "MB/s", "of .backup"],
    rows: CONTESTANTS.map((name) => {
      const ms = median(rounds.map((round) => round[name]));
      return [name, ms.toFixed(0), (bytes / 1e3 / ms).toFixed(0), `${((100 * copied) / ms).toFixed(0)} %`];
    }),
    notes: [
      "all end on disk. create: copied, checked by SQLite, packed, read back and rebuilt; MB/s of the whole database.",
      `incremental: after ${CHANGED_ROWS} new rows, ${(incrementBytes / 1e3).toFixed(0)} kB; proved with the full one it is built on.`,
      "verify and restore: the same two links, rebuilt, hashed and checked by SQLite.",
    ],
  };
}
