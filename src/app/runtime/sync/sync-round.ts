import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { AccountId } from "../../../core/domain/identifiers.ts";
import type { AuditLog } from "../../../core/ports/audit-log.ts";
import type { DeviceLease } from "../../../core/ports/sync-remote.ts";
import type { SyncContext, SyncResult } from "../../../core/use-cases/synchronise.ts";
import { synchronise } from "../../../core/use-cases/synchronise.ts";
import { keepFigures, readFigures } from "./sync-figures.ts";

export interface SyncRoundParts extends SyncContext {
  /** Names the run of the program: one at a time synchronises. */
  readonly holder: string;
  readonly audit: AuditLog;
  /** The account whose stops this process would act on. */
  readonly accountId: AccountId | undefined;
}

/** A turn runs out by itself when its process is gone. */
const TURN_MS = 30_000;

/**
 * One exchange with the remote, from the greeting to the last row; and who guards is told and asked.
 * @throws AppError SYNC_BUSY, or what the remote throws; it is noted on disk as well
 */
export async function runSyncRound(
  parts: SyncRoundParts,
  signal: AbortSignal,
  onProgress: (done: { readonly pushed: number; readonly pulled: number }) => void = () => {},
): Promise<SyncResult> {
  const { store, remote, holder } = parts;
  if (!store.claimTurn(holder, TURN_MS)) throw busy();
  const before = { ...remote.traffic };
  const moved = { pushed: 0, pulled: 0 };
  let ours: readonly DeviceLease[] = [];
  let failure: AppError | undefined;
  let clockOffsetMs: number | undefined;
  try {
    const result = await synchronise(parts, signal, {
      async onGreeted() {
        ours = await settleGuarding(parts, signal);
      },
      onProgress(done) {
        moved.pushed = done.pushed;
        moved.pulled = done.pulled;
        // Each step says that this process lives.
        store.claimTurn(holder, TURN_MS);
        onProgress(done);
      },
    });
    clockOffsetMs = result.clockOffsetMs;
    // Not before everything is here that the last guard has done.
    for (const lease of ours) store.keepLease(lease);
    if (result.conflicts > 0) {
      const details = { conflicts: result.conflicts, remote: remote.address };
      parts.audit.append({ type: "sync-conflict-found", by: "syncer", details });
    }
    return result;
  } catch (cause) {
    if (cause instanceof AppError) failure = cause;
    throw cause;
  } finally {
    const figures = readFigures(store);
    const { sentBytes, receivedBytes } = remote.traffic;
    keepFigures(store, {
      lastSyncAt: clockOffsetMs === undefined ? figures.lastSyncAt : parts.now(),
      lastError: failure === undefined ? undefined : { code: failure.code, message: failure.message, at: parts.now() },
      pushedRows: figures.pushedRows + moved.pushed,
      pulledRows: figures.pulledRows + moved.pulled,
      sentBytes: figures.sentBytes + sentBytes - before.sentBytes,
      receivedBytes: figures.receivedBytes + receivedBytes - before.receivedBytes,
      clockOffsetMs: clockOffsetMs ?? figures.clockOffsetMs,
    });
    store.releaseTurn(holder);
  }
}

/**
 * Asks for the guarding of each account that this machine would guard. Where another has it, this machine is fenced before a
 * row of it can reach that other one. @returns what is ours, to be kept once all is pulled
 */
async function settleGuarding(parts: SyncRoundParts, signal: AbortSignal): Promise<readonly DeviceLease[]> {
  const { store, remote, accountId, host } = parts;
  const { deviceId } = store.facts();
  const device = { deviceId, host };
  const known = new Map(store.leases().map((lease) => [lease.accountId, lease]));
  const wanted = new Set([...store.guardedAccounts(), ...(accountId === undefined ? [] : [accountId])]);
  const ours: DeviceLease[] = [];
  for (const account of wanted) {
    const held = known.get(account);
    const isHeld = held?.deviceId === deviceId && !held.released;
    const told = isHeld
      ? await remote.tellLease(device, account, { term: held.term, released: false }, signal)
      : undefined;
    const isFree = told === undefined || told.released;
    const lease = isFree ? await remote.claimLease(device, account, undefined, signal) : told;
    if (lease.deviceId === deviceId && !lease.released) ours.push(lease);
    else store.keepLease(lease);
  }
  return ours;
}

function busy(): AppError {
  return new AppError({
    code: "SYNC_BUSY",
    message: "Another process of this home is synchronising.",
    notDone: "This one pushed and pulled nothing.",
    hint: "It goes on by itself; `tapedeck sync status` shows how far it is.",
    exitCode: EXIT_CODES.unavailable,
  });
}
