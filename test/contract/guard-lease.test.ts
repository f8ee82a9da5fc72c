import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import type { GuardIdentity } from "../../src/adapters/storage/guard-lease.ts";
import { isProcessAlive } from "../../src/adapters/system/process-liveness.ts";
import { exchangeTime } from "../../src/core/domain/exchange-time.ts";
import { HEARTBEAT_EVERY_MS, LEASE_TTL_MS } from "../../src/core/domain/guard-lease.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { price } from "../../src/core/domain/money.ts";
import type { GuardLease } from "../../src/core/ports/guard-lease.ts";
import { ACCOUNT, batchOf, fixedClock, NOON, temporaryHome } from "../adapters/storage/samples.ts";
import type { LeaseShelf } from "../app/runtime/memory-lease.ts";
import { createMemoryLease } from "../app/runtime/memory-lease.ts";

type OpenLease = (changes?: Partial<GuardIdentity>) => GuardLease;

const clock = fixedClock();
const undo: (() => void)[] = [];
afterEach(() => {
  clock.set(NOON);
  for (const one of undo.splice(0)) one();
});

let runs = 0;
const identity = (changes: Partial<GuardIdentity> = {}): GuardIdentity => ({
  ...{ holder: `run-${(runs += 1)}`, pid: runs, host: "here", isProcessAlive: () => true },
  ...changes,
});

function inMemory(): OpenLease {
  const shelf: LeaseShelf = {};
  return (changes) => createMemoryLease({ clock, shelf, guard: identity(changes) });
}

/** Each lease on a connection of its own, as another process would have. */
function onDisk(): OpenLease {
  const home = temporaryHome(clock);
  undo.push(home.remove);
  return (changes) => home.open(identity(changes)).forAccount(ACCOUNT).lease;
}

const MARKETS = {
  [marketSymbol("BTCUSDT")]: { state: "watching", seenUntil: exchangeTime(NOON - 5), lastPrice: price("65000.01") },
} as const;

describe.each([
  ["memory", inMemory],
  ["SQLite", onDisk],
])("the lease in %s", (_where, setUp) => {
  test("goes to the first who asks, and stays there while it beats", () => {
    const open = setUp();
    const [first, second] = [open({ holder: "a", pid: 11 }), open()];
    expect(first.read()).toBeUndefined();
    expect(first.claim()).toEqual({ kind: "held", token: 1, before: undefined });
    expect(first.claim()).toMatchObject({ kind: "held", token: 1 });
    for (let beats = 0; beats < 10; beats += 1) {
      clock.set(clock.now() + HEARTBEAT_EVERY_MS);
      first.beat(1, MARKETS);
      expect(second.claim()).toMatchObject({ kind: "taken", by: { holder: "a", pid: 11, token: 1 } });
    }
    expect(second.read()).toEqual({
      ...{ holder: "a", pid: 11, host: "here", token: 1, acquiredAt: NOON, released: false },
      ...{ heartbeatAt: clock.now(), markets: MARKETS },
    });
  });

  test("passes on when the heartbeat is too old, with a higher token and what was seen", () => {
    const open = setUp();
    const [first, second] = [open(), open({ holder: "b" })];
    first.claim();
    first.beat(1, MARKETS);
    clock.set(NOON + LEASE_TTL_MS);
    expect(second.claim().kind).toBe("taken");
    clock.set(NOON + LEASE_TTL_MS + 1);
    expect(second.claim()).toMatchObject({ kind: "held", token: 2, before: { token: 1, markets: MARKETS } });
    expect(second.read()).toMatchObject({ holder: "b", markets: MARKETS });
    expect(() => {
      first.beat(1, {});
    }).toThrow(expect.objectContaining({ code: "LEASE_LOST" }));
    first.release(1, {});
    expect(second.read()).toMatchObject({ token: 2, released: false, markets: MARKETS });
  });

  test("is free at once when it was released, and when its process is gone from this machine", () => {
    const open = setUp();
    const first = open({ pid: 11 });
    first.claim();
    const isGone = (pid: number) => pid !== 11;
    const elsewhere = open({ host: "there", isProcessAlive: isGone });
    expect(elsewhere.claim().kind).toBe("taken");
    expect(open({ isProcessAlive: isGone }).claim()).toMatchObject({ kind: "held", token: 2 });
    const [third, fourth] = [open({ isProcessAlive: isGone }), open()];
    expect(third.claim().kind).toBe("taken");
    const holder = open({ pid: 12 });
    clock.set(NOON + 2 * LEASE_TTL_MS);
    expect(holder.claim()).toMatchObject({ kind: "held", token: 3 });
    holder.release(3, MARKETS);
    expect(holder.isAlive(holder.read() ?? expect.fail("no lease"))).toBe(false);
    expect(fourth.claim()).toMatchObject({ kind: "held", token: 4, before: { released: true, markets: MARKETS } });
  });

  test.each([
    ["forwards", 3_600_000],
    ["backwards", -3_600_000],
  ])("a clock set %s lets another take over, and the one before can no longer beat", (_how, jumpMs) => {
    const open = setUp();
    const [first, second] = [open(), open()];
    first.claim();
    clock.set(NOON + jumpMs);
    expect(second.claim()).toMatchObject({ kind: "held", token: 2 });
    expect(() => {
      first.beat(1, MARKETS);
    }).toThrow(expect.objectContaining({ code: "LEASE_LOST" }));
    expect(first.claim().kind).toBe("taken");
  });

  test("a holder that comes back in time keeps it, whatever the clock did", () => {
    const open = setUp();
    const [first, second] = [open(), open()];
    first.claim();
    clock.set(NOON - 3_600_000);
    first.beat(1, MARKETS);
    expect(second.claim()).toMatchObject({ kind: "taken", by: { token: 1 } });
  });
});

describe("a commit under the fence", () => {
  test("of the holder is kept, of one that was taken over from is not", () => {
    const home = temporaryHome(clock);
    undo.push(home.remove);
    const [first, second] = [home.open().forAccount(ACCOUNT), home.open().forAccount(ACCOUNT)];
    const act = batchOf({ events: [{ type: "anomaly-seen", what: "an act" }] });
    first.lease.claim();
    expect(first.journal.commit({ ...act, fence: { token: 1 } })).toHaveLength(1);
    clock.set(NOON + LEASE_TTL_MS + 1);
    second.lease.claim();
    expect(() => first.journal.commit({ ...act, fence: { token: 1 } })).toThrow(
      expect.objectContaining({ code: "LEASE_LOST" }),
    );
    expect(second.journal.commit({ ...act, fence: { token: 2 } })).toHaveLength(1);
    expect(first.journal.latest(9)).toHaveLength(2);
  });
});

describe("changes of other processes", () => {
  test("are seen once, and our own are not", () => {
    const home = temporaryHome(clock);
    undo.push(home.remove);
    const [here, there] = [home.open().forAccount(ACCOUNT), home.open().forAccount(ACCOUNT)];
    here.changes.seen();
    here.journal.commit(batchOf({ events: [{ type: "session-ended" }] }));
    expect(here.changes.seen()).toBe(false);
    there.journal.commit(batchOf({ events: [{ type: "session-ended" }] }));
    expect([here.changes.seen(), here.changes.seen()]).toEqual([true, false]);
  });
});

describe("whether a process lives", () => {
  test("is yes for this one and no for one that has ended, also before anybody asked how", async () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    expect(isProcessAlive(child.pid ?? expect.fail("no child"))).toBe(false);
  });
});
