import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { createBackupNotebook } from "../../adapters/backup/backup-notebook.ts";
import { openSyncStore } from "../../adapters/storage/sync-store.ts";
import { createTursoRemote } from "../../adapters/sync/turso-remote.ts";
import { createIdSource } from "../../adapters/system/id-source.ts";
import { createFolders, resolvePaths } from "../../adapters/system/paths.ts";
import { createSystemClock } from "../../adapters/system/system-clock.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { DeviceLease } from "../../core/ports/sync-remote.ts";
import type { AuditLog } from "../../core/ports/audit-log.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { Env } from "../config/env.ts";
import { loadConfig } from "../config/load-config.ts";
import type { SyncTarget } from "../config/sync-target.ts";
import { createShadowing } from "../runtime/sync/create-shadowing.ts";
import { syncStatusOf } from "../runtime/sync/sync-figures.ts";
import type { SyncRoundParts } from "../runtime/sync/sync-round.ts";
import { runSyncRound } from "../runtime/sync/sync-round.ts";
import type { Syncing } from "../syncing.ts";
import { accountOf } from "./account-of.ts";
import { homeFiles, openDatabaseOfHome } from "./home-files.ts";

export interface OpenSyncingOptions {
  readonly env: Env;
  readonly profile: string | undefined;
}

/** What a round needs, from a home's file and the address of the remote. */
export function openSyncRound(options: {
  readonly databaseFile: string;
  readonly target: SyncTarget;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly audit: AuditLog;
  readonly accountId: AccountId | undefined;
}): SyncRoundParts & { close(): void } {
  const { clock, ids, target } = options;
  const store = openSyncStore({ file: options.databaseFile, clock, ids });
  const remote = createTursoRemote({ url: target.url, token: target.token, tables: store.tables });
  return {
    store,
    remote,
    host: hostname(),
    newMark: randomUUID,
    now: () => clock.now(),
    yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
    holder: ids.recordId(),
    audit: options.audit,
    accountId: options.accountId,
    close() {
      remote.close();
      store.close();
    },
  };
}

/** The synchronisation of a home, for commands. Opens no exchange, and reaches the remote only where it is asked to. */
export function openSyncing(options: OpenSyncingOptions): Syncing {
  const paths = resolvePaths(options.env);
  createFolders(paths);
  const { config: configFile, database: databaseFile, backupNotes } = homeFiles(paths);
  const config = loadConfig({ env: options.env, profile: options.profile, configFile });
  const { mode, sync: target } = config;
  const account = config.keys === undefined ? undefined : accountOf(mode, config.keys.apiKey);
  const clock = createSystemClock();
  const ids = createIdSource({ now: () => clock.now() });
  const notebook = createBackupNotebook(backupNotes);
  let storage = openDatabaseOfHome(databaseFile, { clock, ids });
  let round = openRound();
  let store = round?.store ?? openSyncStore({ file: databaseFile, clock, ids });

  /** A command acts on no stop: it asks for the guarding of no account but those that were guarded here. */
  function openRound() {
    if (target === undefined) return undefined;
    return openSyncRound({ databaseFile, target, clock, ids, audit: storage.auditLog(mode), accountId: undefined });
  }

  function close(): void {
    if (round === undefined) store.close();
    else round.close();
    storage.close();
  }

  function need(): SyncRoundParts {
    if (round === undefined) throw notSet();
    return round;
  }

  return {
    mode,
    now: () => clock.now(),
    status: () => syncStatusOf(store, round?.remote.address),
    conflicts: (limit) => store.conflicts(limit),
    synchronise: (signal, onProgress) => runSyncRound(need(), signal, onProgress),
    renewDevice() {
      const before = store.facts().deviceId;
      const fresh = store.rebaseline();
      close();
      storage = openDatabaseOfHome(databaseFile, { clock, ids });
      round = openRound();
      store = round?.store ?? openSyncStore({ file: databaseFile, clock, ids });
      storage.auditLog(mode).append({ type: "device-renewed", by: "person", details: { from: before, to: fresh } });
      return fresh;
    },
    shadow: createShadowing({ need, store: () => store, backupAt: () => notebook.read().created?.at }),
    takeOverOffline() {
      if (account === undefined) throw keysMissing(mode);
      const held = store.leases().find((lease) => lease.accountId === account);
      const lease: DeviceLease = {
        accountId: account,
        deviceId: store.facts().deviceId,
        host: hostname(),
        // The remote's own term stays what it is: when it comes back it decides again.
        term: held?.term ?? 0,
        seenAt: clock.now(),
        released: false,
      };
      storage.auditLog(mode).append({
        type: "guard-taken-over",
        by: "person",
        why: "the remote could not be reached",
        details: { account, term: lease.term, before: held?.host ?? null },
      });
      store.keepLease(lease);
      return lease;
    },
    async takeOver(signal) {
      const parts = need();
      if (account === undefined) throw keysMissing(mode);
      await runSyncRound(parts, signal);
      const device = { deviceId: store.facts().deviceId, host: parts.host };
      const standing = await parts.remote.claimLease(device, account, undefined, signal);
      const lease =
        standing.deviceId === device.deviceId
          ? standing
          : await parts.remote.claimLease(device, account, standing.term, signal);
      // What the other one pushed until now must be here before anybody here acts.
      await runSyncRound(parts, signal);
      parts.audit.append({
        type: "guard-taken-over",
        by: "person",
        details: { account, term: lease.term, before: standing.host },
      });
      store.keepLease(lease);
      return lease;
    },
    close,
  };
}

function notSet(): AppError {
  return new AppError({
    code: "SYNC_NOT_SET",
    message: "No remote is set: everything stays on this machine.",
    notDone: "Nothing was pushed or pulled.",
    hint: "Set TURSO_DATABASE_URL and TURSO_AUTH_TOKEN, or url and token_file under [sync] in config.toml.",
    exitCode: EXIT_CODES.configuration,
  });
}

function keysMissing(mode: Mode): AppError {
  return new AppError({
    code: "KEYS_MISSING",
    message: `There is no account in this mode (${mode}): no API key is set.`,
    notDone: "Who guards was not changed.",
    hint: "Set MEXC_API_KEY and MEXC_API_SECRET_FILE, and choose the profile with --profile.",
    exitCode: EXIT_CODES.signInNeeded,
  });
}
