import Database from "better-sqlite3";
import type { Database as Client } from "better-sqlite3";
import { chmodSync, closeSync, mkdirSync, openSync, statfsSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../core/domain/errors.ts";
import { waitOutBusy } from "./busy.ts";
import { MOVED_BY_COMMIT_PAGES } from "./write-ahead-log.ts";
import { databaseUnreadable, sqliteCode, storageFailed } from "./storage-error.ts";

/** In the place of a file: a database that ends with its process. */
export const IN_MEMORY = ":memory:";

const BUSY_TIMEOUT_MS = 5000;
/** NFS, CIFS, SMB2: file systems whose locks SQLite cannot trust. */
const NETWORK_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x6969, 0xff534d42, 0xfe534d42]);

/**
 * Opens or makes the file with the settings money needs: WAL, a sync to disk with every commit, foreign keys, patience
 * with other processes, and no trust in functions a foreign schema might call.
 *
 * @throws AppError DATABASE_UNREADABLE (not a database, not ours, on a network share) or STORAGE_FAILED.
 */
export function openDatabase(file: string): Client {
  let client: Client | undefined;
  try {
    if (file !== IN_MEMORY) {
      prepareFolder(dirname(file));
      prepareFile(file);
    }
    client = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    applySettings(client);
    return client;
  } catch (cause) {
    client?.close();
    const code = sqliteCode(cause) ?? "";
    if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
      throw databaseUnreadable(`${file} is not a database, or it is damaged.`, undefined, cause);
    }
    if (cause instanceof AppError) throw cause;
    throw storageFailed(`The database ${file} could not be opened`, cause);
  }
}

function applySettings(client: Client): void {
  // Setting the mode on a file that another process is just opening fails despite the busy time-out; asking does not.
  const mode = client.pragma("journal_mode", { simple: true });
  if (mode !== "wal" && mode !== "memory") {
    waitOutBusy(BUSY_TIMEOUT_MS, () => client.pragma("journal_mode = WAL"));
  }
  // The library is built with NORMAL for WAL, which may lose the last commits when the power goes.
  client.pragma("synchronous = FULL");
  client.pragma(`wal_autocheckpoint = ${MOVED_BY_COMMIT_PAGES}`);
  client.pragma("foreign_keys = ON");
  client.pragma("trusted_schema = OFF");
}

function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = statSync(folder);
  refuseForeignOwner(folder, stats);
  if (isLoose(stats)) chmodSync(folder, 0o700);
  if (process.platform === "linux" && NETWORK_FILE_SYSTEMS.has(statfsSync(folder).type)) {
    throw databaseUnreadable(
      `${folder} lies on a network share, where SQLite cannot lock safely.`,
      "Point TAPEDECK_HOME at a folder on a local disk.",
    );
  }
}

/**
 * An existing file is only looked at, never opened here: closing a descriptor of our own would drop every lock this
 * process holds on the file.
 */
function prepareFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
    return;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
  const stats = statSync(file);
  if (!stats.isFile()) throw databaseUnreadable(`${file} is not a file.`);
  refuseForeignOwner(file, stats);
  if (isLoose(stats)) chmodSync(file, 0o600);
}

function isLoose(stats: Stats): boolean {
  return process.platform !== "win32" && (stats.mode & 0o077) !== 0;
}

function refuseForeignOwner(path: string, stats: Stats): void {
  const user = process.getuid?.();
  if (user === undefined || stats.uid === user) return;
  throw databaseUnreadable(
    `${path} belongs to another user.`,
    `Take it over with \`chown\`, or point TAPEDECK_HOME at a folder of your own.`,
  );
}
