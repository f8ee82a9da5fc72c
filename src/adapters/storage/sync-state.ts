import type { Database } from "better-sqlite3";
import { z } from "zod";
import type { AccountId, Timestamp } from "../../core/domain/identifiers.ts";
import type { DeviceLease } from "../../core/ports/sync-remote.ts";
import type { RemoteMemory, SyncFacts } from "../../core/ports/sync-store.ts";

/** How many pushes back a mark is remembered: two processes may have some under way, and answers get lost. */
const MARKS_KEPT = 16;
/** Where the lease of an account's guarding stands; `guard-lease.ts` looks there. */
const LEASE_PREFIX = "guards:";

const marksSchema = z.array(z.string());
const leaseSchema = z.object({
  accountId: z.string().transform((text) => text as AccountId),
  deviceId: z.string(),
  host: z.string(),
  term: z.int(),
  seenAt: z.number(),
  released: z.boolean(),
});
const turnSchema = z.object({ holder: z.string(), until: z.number() });

/** The small facts of the synchronisation: one text each, in the file that they speak of. */
export interface SyncStateRows {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  facts(): SyncFacts;
  memoryOf(remoteId: string): RemoteMemory;
  /** Each speaks of the remote of today. */
  setCursor(cursor: number): void;
  addMark(mark: string): void;
  setPushed(): void;
  /** Nothing was seen of this remote, nothing said to it. */
  forget(remoteId: string): void;
  /** Nothing was seen of any. */
  forgetAll(): void;
  leases(): readonly DeviceLease[];
  lease(accountId: AccountId): DeviceLease | undefined;
  keepLease(lease: DeviceLease): void;
  claimTurn(holder: string, now: Timestamp, durationMs: number): boolean;
  releaseTurn(holder: string): void;
}

export function createSyncState(client: Database): SyncStateRows {
  const read = client.prepare<[string], string>("SELECT v FROM sync_state WHERE k = ?").pluck();
  const write = client.prepare<[string, string]>(
    "INSERT INTO sync_state(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v",
  );
  const leases = client
    .prepare<[], string>(`SELECT v FROM sync_state WHERE k >= '${LEASE_PREFIX}' AND k < 'guards;' ORDER BY k`)
    .pluck();
  const get = (name: string) => read.get(name);
  const set = (name: string, value: string) => {
    write.run(name, value);
  };
  const forget = client.prepare<[string]>(
    "DELETE FROM sync_state WHERE k IN ('cursor@' || ?1, 'marks@' || ?1, 'pushed@' || ?1)",
  );
  const forgetAll = client.prepare(
    "DELETE FROM sync_state WHERE k = 'remote' OR k LIKE 'cursor@%' OR k LIKE 'marks@%' OR k LIKE 'pushed@%'",
  );
  const marksOf = (remoteId: string) => marksSchema.parse(JSON.parse(get(`marks@${remoteId}`) ?? "[]"));
  const today = () => get("remote") ?? "";
  const turn = () => {
    const text = get("turn");
    return text === undefined ? undefined : turnSchema.parse(JSON.parse(text));
  };
  return {
    get,
    set,
    facts: () => ({
      deviceId: get("device") ?? "",
      remoteId: get("remote"),
      cursor: Number(get(`cursor@${today()}`) ?? 0),
    }),
    memoryOf: (remoteId) => ({
      cursor: Number(get(`cursor@${remoteId}`) ?? 0),
      marks: marksOf(remoteId),
      hasPushed: get(`pushed@${remoteId}`) === "1",
    }),
    setCursor(cursor) {
      set(`cursor@${today()}`, String(cursor));
    },
    addMark(mark) {
      set(`marks@${today()}`, JSON.stringify([...marksOf(today()), mark].slice(-MARKS_KEPT)));
    },
    setPushed() {
      set(`pushed@${today()}`, "1");
    },
    forget(remoteId) {
      forget.run(remoteId);
    },
    forgetAll() {
      forgetAll.run();
    },
    leases: () => leases.all().map((text) => leaseSchema.parse(JSON.parse(text))),
    lease(accountId) {
      const text = get(`${LEASE_PREFIX}${accountId}`);
      return text === undefined ? undefined : leaseSchema.parse(JSON.parse(text));
    },
    keepLease(lease) {
      set(`${LEASE_PREFIX}${lease.accountId}`, JSON.stringify(lease));
    },
    claimTurn(holder, now, durationMs) {
      const held = turn();
      // A time far ahead comes from a clock that was set back since.
      const isTaken =
        held !== undefined && held.holder !== holder && held.until > now && held.until - now <= 10 * durationMs;
      if (!isTaken) set("turn", JSON.stringify({ holder, until: now + durationMs }));
      return !isTaken;
    },
    releaseTurn(holder) {
      if (turn()?.holder === holder) set("turn", JSON.stringify({ holder, until: 0 }));
    },
  };
}
