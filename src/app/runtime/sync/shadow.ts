import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { Timestamp } from "../../../core/domain/identifiers.ts";
import type { Gate, ShadowRecord, StorageMode } from "../../../core/domain/storage-mode.ts";
import { applyVerification, cutoverGates, NO_SHADOW } from "../../../core/domain/storage-mode.ts";
import type { SyncStore } from "../../../core/ports/sync-store.ts";
import type { Verification } from "../../../core/use-cases/verify-remote.ts";
import { verifyDeep, verifyFast } from "../../../core/use-cases/verify-remote.ts";
import type { SyncRoundParts } from "./sync-round.ts";

const NOTE = "shadow";
const FAST_EVERY_MS = 3_600_000;
const DEEP_EVERY_MS = 7 * 24 * 3_600_000;

/** Written and read by this program alone. */
export function readShadow(store: SyncStore): ShadowRecord {
  const text = store.note(NOTE);
  return text === undefined ? NO_SHADOW : { ...NO_SHADOW, ...(JSON.parse(text) as Partial<ShadowRecord>) };
}

/** Moves one step, and writes down who and from where; first the journal, then the mode. */
export function moveMode(parts: SyncRoundParts, to: StorageMode, by: "person"): ShadowRecord {
  const before = readShadow(parts.store);
  parts.audit.append({ type: "storage-mode-changed", by, details: { from: before.mode, to } });
  const record: ShadowRecord =
    to === "shadow" ? { ...NO_SHADOW, mode: to, since: parts.now() } : { ...before, mode: to, since: parts.now() };
  parts.store.keepNote(NOTE, JSON.stringify(record));
  return record;
}

/** Compares both sides, and counts it where a shadow runs. */
export async function verifyShadow(
  parts: SyncRoundParts,
  kind: "fast" | "deep",
  by: "person" | "schedule",
  signal: AbortSignal,
  onProgress: (rows: number) => void = () => {},
): Promise<Verification> {
  const verified = await (kind === "deep" ? verifyDeep(parts, signal, onProgress) : verifyFast(parts, signal));
  const { rows, findings } = verified;
  const record = readShadow(parts.store);
  if (record.mode === "local") return verified;
  const counted = applyVerification(record, { at: parts.now(), kind, findings: findings.length });
  parts.store.keepNote(NOTE, JSON.stringify(counted));
  // Clean ones by schedule come every hour and say nothing new.
  if (by === "person" || findings.length > 0 || record.last?.findings !== 0) {
    parts.audit.append({ type: "shadow-verified", by, details: { kind, rows, findings: findings.length } });
  }
  return verified;
}

/** Which comparison is due by itself. */
export function dueVerification(record: ShadowRecord, now: Timestamp): "fast" | "deep" | undefined {
  if (record.mode === "local") return undefined;
  if (now - (record.lastDeep?.at ?? 0) >= DEEP_EVERY_MS) return "deep";
  return now - (record.last?.at ?? 0) >= FAST_EVERY_MS ? "fast" : undefined;
}

/** What stands in the way of making the remote the record. */
export async function planCutover(
  parts: SyncRoundParts,
  backupAt: Timestamp | undefined,
  signal: AbortSignal,
): Promise<readonly Gate[]> {
  const { store } = parts;
  return cutoverGates({
    record: readShadow(store),
    pendingOldestAt: store.pendingSummary().oldestAt,
    backupAt,
    isSchemaEqual: await isSchemaEqual(parts, signal),
    now: parts.now(),
  });
}

async function isSchemaEqual(
  { store, remote, host }: SyncRoundParts,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    // It brings an older remote up to ours, and refuses a newer one.
    await remote.greet({ deviceId: store.facts().deviceId, host }, signal);
    return true;
  } catch (cause) {
    if (cause instanceof AppError) return cause.code === "SYNC_REMOTE_NEWER" ? false : undefined;
    throw cause;
  }
}

/** @throws AppError CUTOVER_REFUSED naming each gate that does not hold */
export function refuseUnlessPassed(gates: readonly Gate[]): void {
  const failed = gates.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  throw new AppError({
    code: "CUTOVER_REFUSED",
    message: `The remote cannot be the record yet: ${failed.map(({ name, what }) => `${name}: ${what}`).join(" ")}`,
    notDone: "The mode is what it was.",
    hint: "See every gate with `tapedeck db cutover plan`.",
    exitCode: EXIT_CODES.denied,
  });
}
