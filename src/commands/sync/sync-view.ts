import { ageInWords } from "../../core/domain/age-words.ts";
import type { SyncStatus, Syncing } from "../../app/syncing.ts";
import type { CommandContext } from "../define-command.ts";
import { isoTime, timeOrNull } from "../output/iso-time.ts";

/** Opens the synchronisation for the work, and closes it whatever happens. */
export async function withSyncing<T>(
  { services, io, globals, print }: CommandContext,
  work: (syncing: Syncing) => Promise<T>,
): Promise<T> {
  const syncing = await services.openSyncing({ env: io.env, profile: globals.profile });
  print.mode = syncing.mode;
  try {
    return await work(syncing);
  } finally {
    syncing.close();
  }
}

export function statusJson(status: SyncStatus, now: number) {
  const { figures, pending } = status;
  return {
    configured: status.remote !== undefined,
    remote: status.remote ?? null,
    device: status.deviceId,
    pending: {
      rows: pending.rows,
      oldestAt: timeOrNull(pending.oldestAt),
      oldestAgeMs: pending.oldestAt === undefined ? null : Math.max(0, now - pending.oldestAt),
    },
    conflicts: status.conflicts,
    lastSyncAt: timeOrNull(figures.lastSyncAt),
    lastError:
      figures.lastError === undefined
        ? null
        : {
            code: figures.lastError.code,
            message: figures.lastError.message,
            at: isoTime(figures.lastError.at),
          },
    rows: { pushed: figures.pushedRows, pulled: figures.pulledRows },
    bytes: { sent: figures.sentBytes, received: figures.receivedBytes },
    clockOffsetMs: figures.clockOffsetMs ?? null,
    guards: status.leases.map((lease) => ({
      account: lease.accountId,
      device: lease.deviceId,
      host: lease.host,
      here: lease.deviceId === status.deviceId && !lease.released,
      term: lease.term,
      released: lease.released,
      seenAt: isoTime(lease.seenAt),
    })),
  };
}

export function statusFields(status: SyncStatus, now: number): readonly (readonly [string, string])[] {
  const { figures, pending } = status;
  const age = (at: number | undefined) => (at === undefined ? "never" : `${ageInWords(Math.max(0, now - at))} ago`);
  return [
    ["remote", status.remote ?? "none is set: everything stays on this machine"],
    ["device", status.deviceId],
    ["last equal", age(figures.lastSyncAt)],
    ...(figures.lastError === undefined
      ? []
      : [["fault", `${figures.lastError.message} (${figures.lastError.code}, ${age(figures.lastError.at)})`] as const]),
    ["waiting", pending.rows === 0 ? "nothing" : `${pending.rows} rows, the oldest from ${age(pending.oldestAt)}`],
    ["conflicts", status.conflicts === 0 ? "none" : `${status.conflicts}: \`tapedeck sync conflicts\``],
    ["rows", `${figures.pushedRows} pushed, ${figures.pulledRows} pulled`],
    ["bytes", `${figures.sentBytes} sent, ${figures.receivedBytes} received`],
    ...status.leases.map((lease) => ["guards", guardText(status, lease, age)] as const),
  ];
}

function guardText(
  { deviceId }: SyncStatus,
  lease: SyncStatus["leases"][number],
  age: (at: number | undefined) => string,
): string {
  if (lease.released) return `${lease.accountId}: nobody; ${lease.host} let go`;
  if (lease.deviceId === deviceId) return `${lease.accountId}: this machine`;
  return `${lease.accountId}: ${lease.host}, last heard of ${age(lease.seenAt)}`;
}
