import type { App } from "../app/app.ts";
import type { RunningSimulator, SimulatorOptions } from "../app/compose/serve-simulator.ts";
import type { Backups } from "../app/backups.ts";
import type { OpenBackupsOptions } from "../app/compose/open-backups.ts";
import type { HomeOptions } from "../app/compose/open-home-storage.ts";
import type { OpenSyncingOptions } from "../app/compose/open-syncing.ts";
import type { Syncing } from "../app/syncing.ts";
import type { BackgroundGuard } from "../app/guarding.ts";
import type { Env } from "../app/config/env.ts";
import type { CreateAppOptions } from "../app/create-app-options.ts";
import type { DatabaseCare } from "../app/database-care.ts";
import type { JournalBook } from "../app/journal-book.ts";
import { findPackageRoot, readVersion } from "../app/config/package-root.ts";
import type { Terminal } from "../tui/main.tsx";

/** The heavy things a command may need, each loaded only when it is. A test hands in its own. */
export interface Services {
  createApp(options: CreateAppOptions): Promise<App>;
  serveSimulator(options: SimulatorOptions): Promise<RunningSimulator>;
  /** Where it runs on after this process, with what it says in a file. */
  startBackgroundGuard(options: { readonly env: Env; readonly profile: string | undefined }): Promise<BackgroundGuard>;
  /** Takes lines for a file of bounded size, for the owner alone. @throws the file system's error */
  openGuardLog(file: string): Promise<(line: string) => void>;
  openBackups(options: OpenBackupsOptions): Promise<Backups>;
  openDatabaseCare(options: HomeOptions): Promise<DatabaseCare>;
  openJournalBook(options: HomeOptions): Promise<JournalBook>;
  openSyncing(options: OpenSyncingOptions): Promise<Syncing>;
  runTui(app: App, terminal: Terminal): Promise<number>;
  readVersion(): string;
}

export const REAL_SERVICES: Services = {
  createApp: async (options) => (await import("../app/create-app.ts")).createApp(options),
  serveSimulator: async (options) => (await import("../app/compose/serve-simulator.ts")).serveSimulator(options),
  startBackgroundGuard: async (options) =>
    (await import("../app/compose/background-guard.ts")).startBackgroundGuard(options),
  openGuardLog: async (file) => (await import("../app/compose/guard-log.ts")).openGuardLog(file),
  openBackups: async (options) => (await import("../app/compose/open-backups.ts")).openBackups(options),
  openDatabaseCare: async (options) => (await import("../app/compose/open-database-care.ts")).openDatabaseCare(options),
  openJournalBook: async (options) => (await import("../app/compose/open-journal-book.ts")).openJournalBook(options),
  openSyncing: async (options) => (await import("../app/compose/open-syncing.ts")).openSyncing(options),
  runTui: async (app, terminal) => (await import("../tui/main.tsx")).runTui(app, terminal),
  readVersion: () => readVersion(findPackageRoot()),
};
