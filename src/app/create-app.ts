import { join } from "node:path";
import { createBackupNotebook } from "../adapters/backup/backup-notebook.ts";
import { createMexcExchange } from "../adapters/mexc/create-mexc-exchange.ts";
import type { Storage } from "../adapters/storage/open-storage.ts";
import { IN_MEMORY } from "../adapters/storage/open-database.ts";
import type { AccountId } from "../core/domain/identifiers.ts";
import { createFileLogger } from "../adapters/system/file-logger.ts";
import { createIdSource } from "../adapters/system/id-source.ts";
import { createGuardRuns } from "../adapters/system/guard-runs.ts";
import { createLookBoard } from "../adapters/system/look-board.ts";
import { createFolders, resolvePaths } from "../adapters/system/paths.ts";
import { isProcessAlive } from "../adapters/system/process-liveness.ts";
import { createSystemClock } from "../adapters/system/system-clock.ts";
import type { App } from "./app.ts";
import { assembleApp } from "./assemble-app.ts";
import { accountOf, demoAccountOf } from "./compose/account-of.ts";
import { startBackgroundSync } from "./compose/background-sync.ts";
import type { SyncStatus } from "./syncing.ts";
import { startBackgroundGuard } from "./compose/background-guard.ts";
import { homeFiles, openDatabaseOfHome } from "./compose/home-files.ts";
import { runBackupCommand } from "./compose/run-backup-command.ts";
import type { DemoExchange } from "./compose/demo-exchange.ts";
import { noteMigration } from "./compose/note-migration.ts";
import type { ExchangeKeys } from "./config/exchange-keys.ts";
import type { AppConfig } from "./config/load-config.ts";
import { loadConfig } from "./config/load-config.ts";
import { findPackageRoot, readVersion } from "./config/package-root.ts";
import type { CreateAppOptions } from "./create-app-options.ts";

/** Where the exchange is, with the keys that go with it. */
interface Venue {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly label: string;
  readonly keys: ExchangeKeys | undefined;
  readonly demo: DemoExchange | undefined;
}

/** How often the database's log is looked after, so that this falls between orders and not into one. */
const LOG_TENDED_MS = 2_000;

/**
 * The composition root: configuration, storage, exchange, core. The one place that knows every adapter.
 * @throws AppError when a setting, the database or the address cannot be used; nothing stays open then.
 */
export async function createApp(options: CreateAppOptions): Promise<App> {
  const paths = resolvePaths(options.env);
  const { isStoreless = false } = options;
  if (!isStoreless) createFolders(paths);
  const files = homeFiles(paths);
  const configFile = files.config;
  const config = loadConfig({ env: options.env, profile: options.profile, configFile });
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const logFile = join(paths.state, "tapedeck.log");
  const logger = createFileLogger({ file: logFile, now: () => clock.now() });
  const databaseFile = isStoreless ? IN_MEMORY : files.database;
  const storage = openDatabaseOfHome(databaseFile, { clock, ids });
  const tendingLog = setInterval(storage.tendLog, LOG_TENDED_MS).unref();
  const closeStorage = () => {
    clearInterval(tendingLog);
    storage.close();
  };
  try {
    noteMigration(storage, config.mode);
    const venue = await openVenue(config, paths.data);
    const exchange = createMexcExchange({
      endpoints: { restUrl: venue.restUrl, wsUrl: venue.wsUrl, trustedHosts: config.trustedHosts },
      ...(venue.keys === undefined ? {} : { keys: venue.keys }),
      // The embedded exchange has no limits to share.
      ...(venue.demo === undefined && !isStoreless ? { useFile: join(paths.state, "exchange-use.ndjson") } : {}),
      clock,
      random: Math.random,
      logger,
    });
    const id =
      venue.keys === undefined ? undefined : nameAccount(config, venue.keys.apiKey, venue.demo !== undefined, storage);
    const account =
      id === undefined
        ? undefined
        : { id, ...storage.forAccount({ accountId: id, mode: config.mode, isAlone: venue.demo !== undefined }) };
    const { sync: target } = config;
    // The demo's exchange is of this home alone, and so is all that was done on it.
    const startSyncing =
      target === undefined || venue.demo !== undefined
        ? undefined
        : (onRound: (status: SyncStatus) => void) =>
            startBackgroundSync(
              { databaseFile, target, clock, ids, logger, audit: storage.auditLog(config.mode), account },
              onRound,
            );
    return assembleApp({
      identity: { mode: config.mode, version: readVersion(findPackageRoot()), exchange: venue.label, accountId: id },
      places: { databaseFile, configFile, logFile },
      exchange,
      limits: config.limits,
      trips: config.trips,
      lotMethod: config.lotMethod,
      clock,
      ids,
      logger,
      settings: storage.settings,
      account,
      ...(startSyncing === undefined ? {} : { startSyncing }),
      allOrders: storage.allOrders,
      // Not in the runtime folder: a system may empty that at the logout, which a guardian outlives.
      guardRuns: createGuardRuns({ folder: join(paths.state, "guards"), clock, ids }),
      demoControls: venue.demo === undefined ? undefined : { movePrice: venue.demo.movePrice },
      ...(venue.demo?.own === true
        ? {}
        : { startBackgroundGuard: () => startBackgroundGuard({ env: options.env, profile: options.profile }) }),
      ...(config.backup.everyMs === undefined
        ? {}
        : {
            backups: {
              schedule: config.backup,
              notebook: createBackupNotebook(files.backupNotes),
              audit: storage.auditLog(config.mode),
              run: (work, signal) => runBackupCommand({ env: options.env, profile: options.profile, work, signal }),
            },
          }),
      ...(isStoreless
        ? {}
        : { lookBoard: createLookBoard({ folder: join(paths.state, "looks"), pid: process.pid, isProcessAlive }) }),
      schedule: (run, waitMs) => {
        const timer = setTimeout(run, waitMs);
        return () => {
          clearTimeout(timer);
        };
      },
      dispose: async () => {
        await venue.demo?.close();
        closeStorage();
      },
    });
  } catch (cause) {
    closeStorage();
    throw cause;
  }
}

async function openVenue(config: AppConfig, dataFolder: string): Promise<Venue> {
  if (config.exchange.kind === "remote") {
    const { restUrl, wsUrl } = config.exchange;
    const label = config.mode === "demo" ? `simulated exchange at ${restUrl}` : new URL(restUrl).host;
    return { restUrl, wsUrl, label, keys: config.keys, demo: undefined };
  }
  // Loaded only here: nobody who trades for real starts an exchange inside the process.
  const { openDemoExchange } = await import("./compose/demo-exchange.ts");
  const demo = await openDemoExchange(dataFolder);
  return {
    restUrl: demo.restUrl,
    wsUrl: demo.wsUrl,
    label: demo.own ? "embedded simulated exchange" : `simulated exchange of another console at ${demo.restUrl}`,
    keys: { apiKey: demo.apiKey, apiSecret: Buffer.from(demo.apiSecret, "utf8") },
    demo,
  };
}

/** A home whose demo has a name from before homes were part of it keeps that. */
function nameAccount(config: AppConfig, apiKey: string, isDemo: boolean, storage: Storage): AccountId {
  const plain = accountOf(config.mode, apiKey);
  return !isDemo || storage.knows(plain) ? plain : demoAccountOf(apiKey, storage.homeId());
}
