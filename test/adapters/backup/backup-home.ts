import Database from "better-sqlite3";
import type { Database as Client } from "better-sqlite3";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBackupArchive } from "../../../src/adapters/backup/open-backup-archive.ts";
import type {
  BackupArchive,
  BackupProgress,
  BackupRequest,
  BackupRun,
} from "../../../src/core/ports/backup-archive.ts";

export const ORIGIN = "device1";
/** The cheapest a file may ask for. */
export const CHEAP_KEY = 2 ** 14;

export interface BackupHome {
  readonly folder: string;
  /** Of the archives. */
  readonly backups: string;
  readonly live: string;
  readonly client: Client;
  readonly archive: BackupArchive;
  /** Adds rows with keys in their order. */
  add(count: number): void;
  /** What the live file would be as a copy. */
  liveCopySha256(): Promise<string>;
  request(changes?: Partial<BackupRequest>): BackupRequest;
  remove(): void;
}

/** A live database in a folder of its own, with a clock that goes on by a second a backup. */
export function makeBackupHome(rows = 500, keyCost = CHEAP_KEY): BackupHome {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-backup-"));
  const live = join(folder, "console.db");
  const backups = join(folder, "backups");
  const client = new Database(live);
  client.pragma("journal_mode = WAL");
  client.exec(
    "CREATE TABLE fills(id TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID; CREATE TABLE notes(k INTEGER PRIMARY KEY, v TEXT)",
  );
  const insert = client.prepare("INSERT INTO fills VALUES(?, ?)");
  let next = 0;
  const add = (count: number) => {
    client.transaction(() => {
      for (let left = count; left > 0; left -= 1) {
        const id = String((next += 1)).padStart(8, "0");
        insert.run(id, createHash("sha256").update(id).digest("hex"));
      }
    })();
  };
  add(rows);
  let now = Date.UTC(2026, 10, 25, 12);
  const archive = openBackupArchive({
    folder: backups,
    database: live,
    version: "9.9.9",
    now: () => (now += 1_000),
    isProcessAlive: () => false,
    keyCost,
  });
  return {
    folder,
    backups,
    live,
    client,
    archive,
    add,
    async liveCopySha256() {
      const copy = join(folder, `copy-${next}-${now}.db`);
      await client.backup(copy, { progress: () => 0x7fffffff });
      const other = new Database(copy);
      other.pragma("journal_mode = DELETE");
      other.close();
      const sha256 = sha256Of(readFileSync(copy));
      rmSync(copy);
      return sha256;
    },
    request: (changes = {}) => ({ kind: "auto", origin: ORIGIN, config: undefined, folders: [], ...changes }),
    remove() {
      client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface TestRun extends BackupRun {
  readonly progress: BackupProgress[];
}

export function runOf(passphrase?: string, signal = new AbortController().signal): TestRun {
  const progress: BackupProgress[] = [];
  return {
    signal,
    passphrase: passphrase === undefined ? undefined : Buffer.from(passphrase, "utf8"),
    onProgress: (step) => progress.push(step),
    progress,
  };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Everything in a folder of archives, hidden files too. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}
