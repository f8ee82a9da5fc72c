import Database from "better-sqlite3";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storageFailed } from "../../../src/adapters/storage/storage-error.ts";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import type { AccountStorage } from "../../../src/app/app-parts.ts";
import { accountId } from "../../../src/core/domain/identifiers.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { IdSource } from "../../../src/core/ports/id-source.ts";
import type { GuardIdentity } from "../../../src/adapters/storage/guard-lease.ts";
import type { ProcessLife } from "./process-life.ts";

export const ACCOUNT = accountId("demo:world");

/**
 * The disk of a machine: one database file, a connection of its own for each process. It lies in memory, as what matters
 * is what a commit promises and not the disk's speed. Connections are kept for later processes, on which every statement
 * would otherwise be prepared anew; nothing but statements is in them.
 */
export interface Disk {
  /** Empties the database: another world begins. */
  wipe(): void;
  /** A connection as a process opens it. */
  connect(process: ConnectingProcess): DiskConnection;
  /** How many intents name this client order id. */
  countIntents(clientOrderId: string): number;
  /** The run that the lease names at this moment, whether or not it lives. */
  guardHolder(): string | undefined;
  remove(): void;
}

export interface ConnectingProcess {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly guard: GuardIdentity;
}

export interface DiskConnection {
  readonly storage: Storage;
  readonly account: AccountStorage;
  /** The process is gone, and its connection with it. */
  release(): void;
}

interface Kept {
  process: ConnectingProcess;
  readonly storage: Storage;
  readonly account: AccountStorage;
}

const MIGRATIONS = join(import.meta.dirname, "../../../drizzle");
const MEMORY = "/dev/shm";

export function createDisk(): Disk {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "tapedeck-world-"));
  const file = join(folder, "console.db");
  const idle: Kept[] = [];

  function open(process: ConnectingProcess): Kept {
    const kept: { process: ConnectingProcess } = { process };
    const clock: Clock = {
      now: () => kept.process.clock.now(),
      monotonic: () => kept.process.clock.monotonic(),
      sleep: (durationMs, signal) => kept.process.clock.sleep(durationMs, signal),
    };
    const ids: IdSource = {
      clientOrderId: () => kept.process.ids.clientOrderId(),
      recordId: () => kept.process.ids.recordId(),
    };
    const guard: GuardIdentity = {
      get holder() {
        return kept.process.guard.holder;
      },
      get pid() {
        return kept.process.guard.pid;
      },
      get host() {
        return kept.process.guard.host;
      },
      isProcessAlive: (pid) => kept.process.guard.isProcessAlive(pid),
    };
    const storage = openStorage({ file, migrationsFolder: MIGRATIONS, clock, ids, guard });
    return Object.assign(kept, { storage, account: storage.forAccount({ accountId: ACCOUNT, mode: "demo" }) });
  }

  idle.push(open(NOBODY));
  const admin = new Database(file);
  const tables = admin
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'")
    .pluck()
    .all()
    .filter((name) => !name.startsWith("sqlite_"));
  const emptied = tables.map((name) => {
    const mayStay = name === "sync_state" ? " WHERE k <> 'device'" : "";
    return admin.prepare(`DELETE FROM ${name}${mayStay}`);
  });
  const wipe = admin.transaction(() => {
    for (const statement of emptied) statement.run();
  });
  const intents = admin.prepare<[string], number>("SELECT count(*) FROM intents WHERE client_order_id = ?").pluck();
  const holder = admin.prepare<[], string>("SELECT holder FROM guard_lease").pluck();

  return {
    wipe() {
      admin.pragma("foreign_keys = OFF");
      wipe.immediate();
    },
    connect(process) {
      const kept = idle.pop() ?? open(process);
      kept.process = process;
      // Whoever opens the file begins with it as it is.
      kept.account.changes.seen();
      let isReleased = false;
      return {
        storage: kept.storage,
        account: kept.account,
        release() {
          if (isReleased) return;
          isReleased = true;
          idle.push(kept);
        },
      };
    },
    countIntents: (clientOrderId) => intents.get(clientOrderId) ?? 0,
    guardHolder: () => holder.get(),
    remove() {
      for (const { storage } of idle) storage.close();
      admin.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the first connection, so that the file has its schema and its name before the first world. */
export const NOBODY: ConnectingProcess = {
  clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.reject(new Error("nobody waits")) },
  ids: {
    clientOrderId: () => {
      throw new Error("nobody trades");
    },
    recordId: () => "0190c5a5-0000-7000-8000-5eed5eed5eed",
  },
  guard: { holder: "nobody", pid: 0, host: "here", isProcessAlive: () => false },
};

const WRITES = /^(commit|set|put|save|write|note|take|claim|renew|release|beat)/;

export interface OnDiskParts {
  readonly life: ProcessLife;
  readonly isFull: () => boolean;
  readonly note: (line: string) => void;
  /** Told of each write that is done, before its process can die of anything. */
  readonly onWritten: (call: string, written: unknown) => void;
}

/**
 * A store whose every call is a step of its process: before it, and after it, where a commit that returned survives what
 * then dies. Some writes find the disk full.
 */
export function onDisk<T extends object>(name: string, store: T, parts: OnDiskParts): T {
  const { life, isFull, note, onWritten } = parts;
  const wrapped: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(store)) {
    if (typeof value !== "function") {
      wrapped[key] = value;
      continue;
    }
    const run = value as (...args: readonly unknown[]) => unknown;
    const isWrite = WRITES.test(key);
    wrapped[key] = (...args: readonly unknown[]) => {
      life.step(`before ${name}.${key}${labelOf(args[0])}`);
      if (isWrite && isFull()) {
        note(`${name}.${key}: the disk is full`);
        throw storageFailed(
          "The journal could not be written",
          Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" }),
        );
      }
      const result = run(...args);
      if (isWrite) {
        note(`${name}.${key}${labelOf(args[0])}`);
        onWritten(`${name}.${key}`, args[0]);
      }
      life.step(`${name}.${key}${labelOf(args[0])}`);
      return result;
    };
  }
  return wrapped as T;
}

/** The kinds of the events of a batch, so that a doom can wait for one of them. */
function labelOf(batch: unknown): string {
  if (typeof batch !== "object" || batch === null || !("events" in batch)) return "";
  return (batch.events as readonly { readonly type: string }[]).map(({ type }) => ` ${type}`).join("");
}
