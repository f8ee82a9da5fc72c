import type { Database as Client } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { statSync } from "node:fs";
import { AppError } from "../../core/domain/errors.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { AuditLog } from "../../core/ports/audit-log.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { GuardLease } from "../../core/ports/guard-lease.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { Journal } from "../../core/ports/journal.ts";
import type { JournalRecord } from "../../core/ports/journal-record.ts";
import type { PortfolioStores } from "../../core/ports/portfolio-stores.ts";
import type {
  ArchiveStore,
  FillStore,
  OrderStore,
  ProtectionStore,
  SettingStore,
  StoredOrder,
  TradingStateStore,
} from "../../core/ports/stores.ts";
import type { StoreChanges } from "../../core/ports/store-changes.ts";
import { createArchiveStore } from "./archive-store.ts";
import { NO_ACCOUNT, createAuditLog } from "./audit-log.ts";
import { readDeviceId, readHomeId } from "./device.ts";
import type { GuardIdentity } from "./guard-lease.ts";
import { createGuardLease } from "./guard-lease.ts";
import { createEquityStore } from "./equity-store.ts";
import { createExecutionLog } from "./execution-log.ts";
import { createJournal } from "./journal.ts";
import { createJournalRecord } from "./journal-record.ts";
import type { MigrateResult } from "./migrate.ts";
import { migrate } from "./migrate.ts";
import { MIGRATION_STEPS } from "./migration-steps.ts";
import { openDatabase } from "./open-database.ts";
import { createOutbox } from "./outbox.ts";
import { createStoreChanges } from "./store-changes.ts";
import {
  createFillStore,
  createOrderStore,
  createProtectionStore,
  createSettingStore,
  createTradingStateStore,
  listAllOrders,
} from "./stores.ts";
import { readStateHash } from "./state-hash.ts";
import { reading, storageFailed } from "./storage-error.ts";
import { createTransferStore } from "./transfer-store.ts";
import { createWriteAheadLog } from "./write-ahead-log.ts";

export interface OpenStorageOptions {
  /** The database file, whose folder is made when missing; or `IN_MEMORY`. */
  readonly file: string;
  readonly migrationsFolder: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly guard: GuardIdentity;
}

/** What belongs to one account. */
export interface AccountStorage {
  readonly journal: Journal;
  readonly orders: OrderStore;
  readonly fills: FillStore;
  readonly archive: ArchiveStore;
  readonly protections: ProtectionStore;
  readonly tradingState: TradingStateStore;
  readonly lease: GuardLease;
  /** What other processes write to the file, whatever account it is of. */
  readonly changes: StoreChanges;
  /** See `readStateHash`. */
  stateHash(): string;
  readonly portfolio: PortfolioStores;
}

export interface StorageStatus {
  readonly file: string;
  /** How many migrations the file has. */
  readonly schemaVersion: number;
  /** Bytes on disk, with what is still in the write-ahead log. */
  readonly sizeBytes: number;
  readonly deviceId: string;
  readonly journalRows: number;
  readonly orderRows: number;
  readonly fillRows: number;
  /** Rows changed here and not yet pushed to a remote. */
  readonly unsyncedRows: number;
  /** The copy made before this start migrated the file, if it did. */
  readonly migrationBackup: string | undefined;
}

/** One open database. Several processes may hold the same file. */
export interface Storage {
  /** @param account `isAlone` where no other machine can have it: then who guards is settled on this one */
  forAccount(account: {
    readonly accountId: AccountId;
    readonly mode: Mode;
    readonly isAlone?: boolean;
  }): AccountStorage;
  /** A name of this file that nothing changes, a restore included. */
  homeId(): string;
  /** Whether anything was ever written of the account. */
  knows(accountId: AccountId): boolean;
  /** @param mode in which the program runs that does what is written down. */
  auditLog(mode: Mode): AuditLog;
  /** What opening did to the schema. */
  readonly migrated: MigrateResult;
  /** Every account that has a journal, an order or a fill here. */
  accounts(): readonly { readonly accountId: AccountId; readonly mode: Mode }[];
  /** What every journal in the file holds. */
  readonly record: JournalRecord;
  readonly settings: SettingStore;
  /** Orders of every account and mode, newest first. */
  allOrders(filter: { readonly limit?: number }): readonly StoredOrder[];
  status(): StorageStatus;
  /** SQLite's own look at the file. @returns what is wrong, nothing when it is sound. */
  checkIntegrity(): readonly string[];
  /** Belongs on a timer, between orders: see `write-ahead-log.ts`. */
  tendLog(): void;
  close(): void;
}

/**
 * Opens the file, makes it if it is not there, and brings its schema up to date.
 * @throws AppError STORAGE_FAILED, DATABASE_NEWER or DATABASE_UNREADABLE.
 */
export function openStorage(options: OpenStorageOptions): Storage {
  const { file, clock, ids } = options;
  const client = openDatabase(file);
  try {
    const migrated = migrate(client, {
      migrationsFolder: options.migrationsFolder,
      steps: MIGRATION_STEPS,
      backupFile: () => `${file}.before-migration-${clock.now()}`,
    });
    const query = drizzle(client);
    const deviceId = readDeviceId(client, ids);
    const outbox = createOutbox(client, { clock, deviceId });
    const count = (table: string) => client.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    return {
      forAccount: (account) => ({
        journal: createJournal({ client, query, outbox, deviceId, ...account }),
        orders: createOrderStore({ query, ...account }),
        fills: createFillStore({ query, ...account }),
        archive: createArchiveStore({ client, query, ...account }),
        protections: createProtectionStore({ query, ...account }),
        tradingState: createTradingStateStore({ query, ...account }),
        lease: createGuardLease({ client, query, outbox, clock, guard: options.guard, ...account }),
        changes: createStoreChanges(client),
        stateHash: () => readStateHash(client, account.accountId),
        portfolio: {
          executions: createExecutionLog({ client, ...account }),
          transfers: createTransferStore({ client, query, outbox, ...account }),
          equity: createEquityStore({ client, query, outbox, ...account }),
        },
      }),
      auditLog: (mode) => createAuditLog({ client, outbox, clock, deviceId, mode }),
      migrated,
      accounts: () => listAccounts(client),
      record: createJournalRecord(client),
      homeId: () => readHomeId(client, ids),
      knows: (accountId) =>
        client.prepare<[string]>("SELECT 1 FROM journal WHERE account_id = ? LIMIT 1").get(accountId) !== undefined,
      settings: createSettingStore({ client, query, outbox }),
      allOrders: (filter) => listAllOrders(query, filter),
      status: () => ({
        file,
        schemaVersion: migrated.schemaVersion,
        sizeBytes: sizeOf(file) + sizeOf(`${file}-wal`),
        deviceId,
        journalRows: count("journal"),
        orderRows: count("orders"),
        fillRows: count("fills"),
        unsyncedRows: count("sync_dirty"),
        migrationBackup: migrated.backup,
      }),
      checkIntegrity: () =>
        client
          .prepare<[], string>("PRAGMA integrity_check")
          .pluck()
          .all()
          .filter((line) => line !== "ok"),
      tendLog: createWriteAheadLog(client).tend,
      close: () => {
        client.close();
      },
    };
  } catch (cause) {
    client.close();
    if (cause instanceof AppError) throw cause;
    throw storageFailed(`The database ${file} could not be opened`, cause);
  }
}

function listAccounts(client: Client): readonly { readonly accountId: AccountId; readonly mode: Mode }[] {
  const rows = ["journal", "orders", "fills"].map((table) => `SELECT account_id, mode FROM ${table}`);
  const found = client.prepare<[string], { readonly accountId: AccountId; readonly mode: Mode }>(
    `SELECT account_id accountId, mode FROM (${rows.join(" UNION ")}) WHERE account_id <> ? ORDER BY 1, 2`,
  );
  return reading("The accounts", () => found.all(NO_ACCOUNT));
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
