import type { AuditLog } from "../../core/ports/audit-log.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { GuardLease } from "../../core/ports/guard-lease.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { Logger } from "../../core/ports/logger.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { SyncTarget } from "../config/sync-target.ts";
import { letGoOfGuarding } from "../runtime/sync/let-go.ts";
import { readFigures, syncStatusOf } from "../runtime/sync/sync-figures.ts";
import { dueVerification, readShadow, verifyShadow } from "../runtime/sync/shadow.ts";
import { startSyncer } from "../runtime/sync/syncer.ts";
import type { SyncStatus } from "../syncing.ts";
import { openSyncRound } from "./open-syncing.ts";

export interface BackgroundSyncOptions {
  readonly databaseFile: string;
  readonly target: SyncTarget;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly audit: AuditLog;
  readonly account: { readonly id: AccountId; readonly lease: GuardLease } | undefined;
}

/** How long leaving may wait for the remote, ms: another machine can guard at once then. */
const LET_GO_MS = 2_000;

/** Synchronises while a session runs. @returns its end, to be called when nobody of this process guards any more */
export function startBackgroundSync(
  options: BackgroundSyncOptions,
  onRound: (status: SyncStatus) => void,
): { close(): Promise<void> } {
  const { account, clock, logger } = options;
  const round = openSyncRound({ ...options, accountId: account?.id });
  const { store, remote } = round;
  const tell = () => {
    onRound(syncStatusOf(store, remote.address));
  };
  const syncer = startSyncer({
    ...round,
    clock,
    random: Math.random,
    logger,
    async onEqual(signal) {
      const due = dueVerification(readShadow(store), clock.now());
      if (due === undefined) return;
      const { findings } = await verifyShadow(round, due, "schedule", signal);
      if (findings.length > 0) logger.warn("The remote differs from this machine", { rows: findings.length, due });
    },
    onRound: tell,
  });
  tell();
  return {
    async close() {
      await syncer.close();
      try {
        if (account !== undefined && readFigures(store).lastError === undefined) {
          const isGuardedHere = () => {
            const lease = account.lease.read();
            return lease !== undefined && account.lease.isAlive(lease);
          };
          await letGoOfGuarding({ ...round, accountId: account.id, isGuardedHere }, AbortSignal.timeout(LET_GO_MS));
        }
      } catch (cause) {
        const code = cause instanceof AppError ? cause.code : "SYNC_UNREACHABLE";
        logger.warn("This machine stays the one that guards", { code });
      } finally {
        round.close();
      }
    },
  };
}
