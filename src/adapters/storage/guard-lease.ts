import { eq, sql } from "drizzle-orm";
import type { Guard, GuardedElsewhere, LeaseRecord, WatchedMarkets } from "../../core/domain/guard-lease.ts";
import { isLeaseFresh, LEASE_TTL_MS } from "../../core/domain/guard-lease.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { GuardLease, LeaseClaim } from "../../core/ports/guard-lease.ts";
import type { AccountParts } from "./account-parts.ts";
import { leaseLost } from "./commit-checks.ts";
import { decodeMoneyJson, encodeMoneyJson } from "./money-json.ts";
import { guardLease } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";
import { createSyncState } from "./sync-state.ts";

/** Which run of the program this is, and how to tell whether another one lives. */
export interface GuardIdentity extends Guard {
  /** Whether a process of this machine is there. */
  readonly isProcessAlive: (pid: number) => boolean;
}

export interface GuardLeaseParts extends AccountParts {
  readonly clock: Pick<Clock, "now">;
  readonly guard: GuardIdentity;
  /** No other machine can have this account. */
  readonly isAlone?: boolean;
}

type LeaseRow = typeof guardLease.$inferSelect;

/** The lease of one account, a row. Each change is one IMMEDIATE transaction: of two claims one comes first. */
export function createGuardLease(parts: GuardLeaseParts): GuardLease {
  const { client, query, accountId, clock, guard } = parts;
  const mine = eq(guardLease.accountId, sql.placeholder("accountId"));
  const row = query.select().from(guardLease).where(mine).prepare();
  const beaten = query
    .update(guardLease)
    .set({
      heartbeatAt: sql`${sql.placeholder("heartbeatAt")}`,
      expiresAt: sql`${sql.placeholder("expiresAt")}`,
      detail: sql`${sql.placeholder("detail")}`,
    })
    .where(mine)
    .prepare();
  const read = () => {
    const found = row.get({ accountId });
    return found === undefined ? undefined : rowToLease(found);
  };

  function isAlive(lease: LeaseRecord): boolean {
    if (!isLeaseFresh(lease, clock.now())) return false;
    return lease.host !== guard.host || guard.isProcessAlive(lease.pid);
  }

  const syncState = createSyncState(client);
  function elsewhere(): GuardedElsewhere | undefined {
    if (parts.isAlone === true) return undefined;
    const lease = syncState.lease(accountId);
    if (lease === undefined) {
      // It has met others, and nobody has said yet who guards this account.
      const { deviceId, remoteId } = syncState.facts();
      return remoteId === undefined ? undefined : { deviceId, host: guard.host, seenAt: 0, isLetGo: true };
    }
    const isOurs = lease.deviceId === syncState.facts().deviceId;
    if (isOurs && !lease.released) return undefined;
    const { deviceId, host, seenAt } = lease;
    return { deviceId, host, seenAt, isLetGo: isOurs };
  }

  const claim = client.transaction((): LeaseClaim => {
    const other = elsewhere();
    if (other !== undefined) return { kind: "elsewhere", by: other };
    const before = read();
    const { holder, pid, host } = guard;
    if (before?.holder === holder && !before.released) return { kind: "held", token: before.token, before };
    if (before !== undefined && isAlive(before)) return { kind: "taken", by: before };
    const now = clock.now();
    const token = (before?.token ?? 0) + 1;
    const own = { holder, pid, host, token, acquiredAt: now, heartbeatAt: now, expiresAt: now + LEASE_TTL_MS };
    // What the last holder saw stays until this one has seen more.
    const detail = encodeMoneyJson(before?.markets ?? {});
    query
      .insert(guardLease)
      .values({ accountId, ...own, detail })
      .onConflictDoUpdate({ target: guardLease.accountId, set: own })
      .run();
    return { kind: "held", token, before };
  });

  const write = client.transaction((token: number, markets: WatchedMarkets, ends: boolean): boolean => {
    const held = read();
    if (held?.token !== token || held.holder !== guard.holder) return false;
    const now = clock.now();
    const times = ends
      ? { heartbeatAt: held.heartbeatAt, expiresAt: 0 }
      : { heartbeatAt: now, expiresAt: now + LEASE_TTL_MS };
    beaten.run({ ...times, detail: encodeMoneyJson(markets), accountId });
    return true;
  });

  return {
    claim: () => writing(() => claim.immediate()),
    beat(token, markets) {
      if (!writing(() => write.immediate(token, markets, false))) throw leaseLost();
    },
    release(token, markets) {
      writing(() => write.immediate(token, markets, true));
    },
    read: () => reading("The lease of the guardian", read),
    elsewhere: () => reading("The lease of the guardian", elsewhere),
    isAlive,
  };
}

function writing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storageFailed("The lease of the guardian could not be written", cause);
  }
}

function rowToLease(row: LeaseRow): LeaseRecord {
  const { holder, pid, host, token, acquiredAt, heartbeatAt } = row;
  const markets = decodeMoneyJson(row.detail) as WatchedMarkets;
  return { holder, pid, host, token, acquiredAt, heartbeatAt, released: row.expiresAt === 0, markets };
}
