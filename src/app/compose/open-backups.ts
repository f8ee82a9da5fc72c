import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backupError } from "../../adapters/backup/backup-error.ts";
import { createBackupNotebook } from "../../adapters/backup/backup-notebook.ts";
import { openBackupArchive } from "../../adapters/backup/open-backup-archive.ts";
import type { Storage } from "../../adapters/storage/open-storage.ts";
import { openSyncStore } from "../../adapters/storage/sync-store.ts";
import { createIdSource } from "../../adapters/system/id-source.ts";
import { resolvePaths } from "../../adapters/system/paths.ts";
import { isProcessAlive } from "../../adapters/system/process-liveness.ts";
import { Secret } from "../../adapters/system/secret.ts";
import { readSecretFile } from "../../adapters/system/secret-file.ts";
import { createSystemClock } from "../../adapters/system/system-clock.ts";
import { NO_NOTES } from "../../core/domain/backup/backup-notes.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { BackupRun } from "../../core/ports/backup-archive.ts";
import { drillRestore } from "../../core/use-cases/drill-restore.ts";
import { makeBackup, planPruning, pruneBackups } from "../../core/use-cases/make-backup.ts";
import type { Backups, BackupWork, PassphraseSource } from "../backups.ts";
import { configWithoutSecrets } from "../config/config-without-secrets.ts";
import type { Env } from "../config/env.ts";
import { loadConfig } from "../config/load-config.ts";
import { findPackageRoot, readVersion } from "../config/package-root.ts";
import { backupStatusOf } from "../runtime/backup-keeper.ts";
import { homeFiles, openDatabaseOfHome } from "./home-files.ts";

export interface OpenBackupsOptions {
  readonly env: Env;
  readonly profile: string | undefined;
  /** Wins over the configured one. */
  readonly folder: string | undefined;
  /** Who asks, for the journal: `person` or `schedule`. */
  readonly by: string;
}

/** Shorter ones are guessed. */
const SHORTEST_PASSPHRASE_BYTES = 8;

/** Puts the backups of a home together. Opens no exchange, and the database only where it is needed. */
export function openBackups(options: OpenBackupsOptions): Backups {
  const paths = resolvePaths(options.env);
  const { config: configFile, database: databaseFile, backupNotes } = homeFiles(paths);
  const { mode, backup: settings } = loadConfig({ env: options.env, profile: options.profile, configFile });
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const folder = options.folder ?? settings.folder ?? join(paths.data, "backups");
  const notebook = createBackupNotebook(backupNotes);
  const archive = openBackupArchive({
    folder,
    database: databaseFile,
    version: readVersion(findPackageRoot()),
    now: () => clock.now(),
    isProcessAlive,
  });

  function withStorage<T>(file: string, work: (storage: Storage) => T): T {
    const storage = openDatabaseOfHome(file, { clock, ids });
    try {
      return work(storage);
    } finally {
      storage.close();
    }
  }

  /** The database is not held open meanwhile: a backup may take long, and nothing of ours shall stand in its way. */
  const context = () => ({
    archive,
    notebook,
    clock,
    by: options.by,
    audit: {
      append: (entry: Parameters<ReturnType<Storage["auditLog"]>["append"]>[0]) =>
        withStorage(databaseFile, (storage) => storage.auditLog(mode).append(entry)),
    },
  });

  const origin = () => {
    if (!existsSync(databaseFile)) {
      throw backupError("BACKUP_SOURCE_MISSING", `There is no database at ${databaseFile}.`);
    }
    return withStorage(databaseFile, (storage) => storage.status().deviceId);
  };

  /** A restored database is another one than that it was made of, for whoever synchronises and for retention. */
  function adopt(database: string, details: Readonly<Record<string, string | number>>): void {
    const before = withStorage(database, (storage) => storage.status().deviceId);
    const sync = openSyncStore({ file: database, clock, ids });
    let device: string;
    try {
      device = sync.rebaseline();
    } finally {
      sync.close();
    }
    withStorage(database, (storage) => {
      const audit = storage.auditLog(mode);
      audit.append({ type: "backup-restored", by: options.by, details });
      audit.append({ type: "device-renewed", by: options.by, why: "restored", details: { from: before, to: device } });
    });
  }

  return {
    mode,
    folder,
    databaseFile,
    passphraseFile: settings.passphraseFile,
    keep: settings.keep,
    schedule: settings,
    now: () => clock.now(),
    freshHome: (id) => join(paths.data, `restored-${id}`),
    list: () => archive.list(),
    create: (kind, folders, work) =>
      running(work, (run) => {
        const config = configWithoutSecrets(configFile);
        const request = { kind, origin: origin(), config, folders: [...settings.folders, ...folders] };
        return makeBackup(context(), request, run);
      }),
    show: (id, work) => running(work, (run) => archive.show(id, run)),
    verify: (id, work) => running(work, (run) => archive.verify(id, run)),
    drill: (work) =>
      running(work, async (run) => {
        const place = join(paths.state, `drill-${randomBytes(6).toString("hex")}`);
        mkdirSync(paths.state, { recursive: true, mode: 0o700 });
        try {
          const tryOut = ({ database }: { readonly database: string }) => withStorage(database, checkRestored);
          return await drillRestore(context(), { origin: origin(), place, tryOut }, run);
        } finally {
          rmSync(place, { recursive: true, force: true });
        }
      }),
    restoreTo: (id, home, work) =>
      running(work, (run) =>
        archive.restoreTo(id, home, run, ({ database }) => {
          adopt(database, { id, place: "a new home" });
        }),
      ),
    restoreInPlace: (id, work) =>
      running(work, async (run) => {
        const restored = await archive.restoreInPlace(id, databaseFile, run, (database) => {
          adopt(database, { id, place: "the live database" });
        });
        // What was made of the database before says nothing of this one.
        notebook.note(NO_NOTES);
        return restored;
      }),
    planPruning: (rules) => planPruning(archive, origin(), rules),
    prune: (plan) => pruneBackups(context(), plan),
    status: () => backupStatusOf({ notebook, schedule: settings }, clock.now()),
  };
}

/** Reads the passphrase for the time of the work, and forgets it. */
async function running<T>(work: BackupWork, act: (run: BackupRun) => Promise<T>): Promise<T> {
  const { signal, onProgress, passphrase } = work;
  if (passphrase === undefined) return act({ signal, onProgress, passphrase: undefined });
  const secret = readPassphrase(passphrase);
  const bytes = secret.use((held) => Buffer.from(held));
  secret.wipe();
  try {
    return await act({ signal, onProgress, passphrase: bytes });
  } finally {
    bytes.fill(0);
  }
}

function readPassphrase(source: PassphraseSource): Secret {
  const secret =
    source.kind === "typed"
      ? Secret.fromBuffer(Buffer.from(source.text.trim(), "utf8"))
      : readSecretFile(source.kind === "file" ? source.path : `/dev/fd/${source.number}`).secret;
  if (secret.use((bytes) => bytes.length) >= SHORTEST_PASSPHRASE_BYTES) return secret;
  throw new AppError({
    code: "BACKUP_PASSPHRASE_SHORT",
    message: `A passphrase has at least ${SHORTEST_PASSPHRASE_BYTES} characters.`,
    notDone: "Nothing was done.",
    hint: "Take a longer one, such as four words.",
    exitCode: EXIT_CODES.usage,
  });
}

function checkRestored(storage: Storage): void {
  const broken = storage.record.verify().find((journal) => journal.broken !== undefined)?.broken;
  const [problem] = [
    ...storage.checkIntegrity(),
    ...(broken === undefined ? [] : [`entry ${broken.sequence} of its journal: ${broken.why}`]),
  ];
  if (problem === undefined) return;
  throw new AppError({
    code: "BACKUP_DAMAGED",
    message: `The restored database does not work: ${problem}.`,
    notDone: "Nothing was restored or changed.",
    hint: "Make a full backup at once: `tapedeck backup create --full`.",
    exitCode: EXIT_CODES.failure,
  });
}
