import BetterSqlite from "better-sqlite3";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStorage } from "../../src/adapters/storage/open-storage.ts";
import type { AccountStorage, Storage } from "../../src/adapters/storage/open-storage.ts";
import { openSyncStore } from "../../src/adapters/storage/sync-store.ts";
import { createTursoRemote } from "../../src/adapters/sync/turso-remote.ts";
import { createIdSource } from "../../src/adapters/system/id-source.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { SyncRemote } from "../../src/core/ports/sync-remote.ts";
import type { SyncStore } from "../../src/core/ports/sync-store.ts";
import type { SyncContext, SyncResult } from "../../src/core/use-cases/synchronise.ts";
import { synchronise } from "../../src/core/use-cases/synchronise.ts";
import { ACCOUNT, MIGRATIONS, OTHER_ACCOUNT, testGuard } from "../adapters/storage/samples.ts";
import type { RunningRemote } from "../remotes/serve-remote.ts";

/** One machine: a home with its database, a clock that may be wrong, and a way to the remote. */
export interface SyncDevice {
  readonly name: string;
  readonly storage: Storage;
  readonly account: AccountStorage;
  readonly otherAccount: AccountStorage;
  readonly store: SyncStore;
  synchronise(): Promise<SyncResult>;
  /** Copies the database aside, as a backup does. */
  backUp(): void;
  readonly hasBackup: boolean;
  /** Puts the copy back. @param announced whether whoever does it says so, as `backup restore` does */
  restore(announced: boolean): void;
  /** Ends and starts, as after a new name. */
  restart(): void;
  close(): void;
}

export function createSyncDevice(options: {
  readonly name: string;
  readonly folder: string;
  readonly now: () => number;
  readonly random: () => number;
  readonly remote: RunningRemote;
}): SyncDevice {
  const { name, folder, now } = options;
  const file = join(folder, name, "console.db");
  const backup = join(folder, `${name}-backup.db`);
  const clock: Clock = { now, monotonic: now, sleep: () => Promise.resolve() };
  const ids = createIdSource({
    now,
    randomBytes: (size) => Buffer.from(Array.from({ length: size }, () => Math.floor(options.random() * 256))),
  });
  let storage: Storage;
  let account: AccountStorage;
  let otherAccount: AccountStorage;
  let store: SyncStore;
  let remote: SyncRemote;
  let hasBackup = false;

  function open(): void {
    storage = openStorage({ file, migrationsFolder: MIGRATIONS, clock, ids, guard: testGuard() });
    account = storage.forAccount(ACCOUNT);
    otherAccount = storage.forAccount(OTHER_ACCOUNT);
    store = openSyncStore({ file, clock, ids });
    remote = createTursoRemote({ url: options.remote.url, token: options.remote.token, tables: store.tables });
  }

  function close(): void {
    remote.close();
    store.close();
    storage.close();
  }

  function restart(): void {
    close();
    open();
  }

  open();
  return {
    name,
    get storage() {
      return storage;
    },
    get account() {
      return account;
    },
    get otherAccount() {
      return otherAccount;
    },
    get store() {
      return store;
    },
    synchronise() {
      const context: SyncContext = {
        store,
        remote,
        host: name,
        newMark: () => ids.recordId(),
        now,
        yieldTurn: () => Promise.resolve(),
        // Small, so that a handful of rows already needs several of them.
        pushRows: 7,
        pullRows: 5,
      };
      return synchronise(context, new AbortController().signal);
    },
    backUp() {
      rmSync(backup, { force: true });
      const reader = new BetterSqlite(file, { readonly: true });
      reader.prepare("VACUUM INTO ?").run(backup);
      reader.close();
      hasBackup = true;
    },
    get hasBackup() {
      return hasBackup;
    },
    restore(announced) {
      close();
      for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
      copyFileSync(backup, file);
      open();
      if (!announced) return;
      store.rebaseline();
      restart();
    },
    restart,
    close,
  };
}
