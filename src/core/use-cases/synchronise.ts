import { AppError, EXIT_CODES } from "../domain/errors.ts";
import type { SyncDevice, SyncRemote } from "../ports/sync-remote.ts";
import type { SyncStore } from "../ports/sync-store.ts";

export interface SyncContext {
  readonly store: SyncStore;
  readonly remote: SyncRemote;
  readonly host: string;
  /** A name that never comes again. */
  readonly newMark: () => string;
  readonly now: () => number;
  /** Lets whoever waits have the thread: between two transactions. */
  readonly yieldTurn: () => Promise<void>;
  readonly pushRows?: number;
  readonly pullRows?: number;
}

export interface SyncResult {
  readonly pushed: number;
  readonly pulled: number;
  readonly conflicts: number;
  readonly putAside: number;
  /** The remote's clock minus ours, ms. */
  readonly clockOffsetMs: number;
  /** How many other machines it knows. */
  readonly otherDevices: number;
}

/** How many rows one push carries, and how many one transaction takes in: an order waits for one of the latter at most. */
const PUSH_ROWS = 500;
const PULL_ROWS = 1_000;
const APPLY_ROWS = 100;

/**
 * Makes this machine and the remote equal as far as both can be reached: what others pushed is taken in by the rules, what
 * changed here is offered. Every step may be broken off and done again.
 *
 * @throws what the remote throws, and AppError SYNC_COPIED when this home is a copy of one that has synchronised since.
 */
export async function synchronise(
  context: SyncContext,
  signal: AbortSignal,
  {
    onGreeted = () => Promise.resolve(),
    onProgress = () => {},
  }: {
    /** Before the first row is told or asked for. */
    readonly onGreeted?: () => Promise<void>;
    readonly onProgress?: (done: { readonly pushed: number; readonly pulled: number }) => void;
  } = {},
): Promise<SyncResult> {
  const met = await greetRemote(context, signal);
  await onGreeted();
  const totals = { pushed: 0, pulled: 0, conflicts: 0, putAside: 0 };
  const count = (applied: { readonly taken: number; readonly conflicts: number; readonly putAside: number }) => {
    totals.pulled += applied.taken;
    totals.conflicts += applied.conflicts;
    totals.putAside += applied.putAside;
    onProgress(totals);
  };
  count(context.store.retryPutAside());
  await pullChanges(context, signal, count);
  await pushChanges(context, signal, (rows) => {
    totals.pushed += rows;
    onProgress(totals);
  });
  return { ...totals, ...met };
}

async function greetRemote(
  context: SyncContext,
  signal: AbortSignal,
): Promise<Pick<SyncResult, "clockOffsetMs" | "otherDevices">> {
  const { store, remote } = context;
  const sentAt = context.now();
  const greeting = await remote.greet(deviceOf(context), signal);
  const { cursor, marks, hasPushed } = store.memoryOf(greeting.remoteId);
  // A remote that was put back to an earlier state lacks what was pushed since, and its revisions come a second time.
  const isRewound = greeting.revision < cursor || (hasPushed && greeting.mark === undefined);
  if (!isRewound && greeting.mark !== undefined && !marks.includes(greeting.mark)) throw copied();
  if (isRewound || store.facts().remoteId !== greeting.remoteId) store.adoptRemote(greeting.remoteId, isRewound);
  // Halfway between sending and hearing is as near as one answer tells.
  const clockOffsetMs = Math.round(greeting.now - (sentAt + context.now()) / 2);
  return { clockOffsetMs, otherDevices: greeting.otherDevices };
}

export async function pushChanges(
  context: SyncContext,
  signal: AbortSignal,
  onPushed: (rows: number) => void = () => {},
): Promise<void> {
  const { store, remote } = context;
  for (;;) {
    signal.throwIfAborted();
    const pending = store.pending(context.pushRows ?? PUSH_ROWS);
    if (pending.marks.length === 0) return;
    const mark = context.newMark();
    store.announceMark(mark);
    await remote.push(deviceOf(context), mark, pending.rows, signal);
    store.confirm(pending);
    onPushed(pending.rows.length);
  }
}

export async function pullChanges(
  context: SyncContext,
  signal: AbortSignal,
  onApplied: (applied: ReturnType<SyncStore["apply"]>) => void = () => {},
): Promise<void> {
  const { store, remote } = context;
  for (;;) {
    signal.throwIfAborted();
    const { cursor } = store.facts();
    const page = await remote.pull(deviceOf(context), cursor, context.pullRows ?? PULL_ROWS, signal);
    for (let at = 0; at < page.rows.length - APPLY_ROWS; at += APPLY_ROWS) {
      onApplied(store.apply(page.rows.slice(at, at + APPLY_ROWS)));
      await context.yieldTurn();
    }
    // The cursor moves with the last of its rows: a page that was broken off comes again.
    const rest = page.rows.length === 0 ? 0 : (Math.ceil(page.rows.length / APPLY_ROWS) - 1) * APPLY_ROWS;
    if (page.cursor > cursor) onApplied(store.apply(page.rows.slice(rest), page.cursor));
    if (page.cursor >= page.revision) return;
  }
}

function deviceOf({ store, host }: SyncContext): SyncDevice {
  return { deviceId: store.facts().deviceId, host };
}

function copied(): AppError {
  return new AppError({
    code: "SYNC_COPIED",
    message: "This home is a copy of one that has synchronised since, or an older state of it.",
    notDone: "Nothing was pushed or pulled.",
    hint: "End every tapedeck of this home, then run `tapedeck sync now --as-new-device`.",
    exitCode: EXIT_CODES.configuration,
  });
}
