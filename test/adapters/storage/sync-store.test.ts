import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashOf } from "../../../src/adapters/storage/sync-rows.ts";
import { openSyncStore } from "../../../src/adapters/storage/sync-store.ts";
import type { SyncRow, SyncValue } from "../../../src/core/domain/sync-table.ts";
import type { SyncStore } from "../../../src/core/ports/sync-store.ts";
import type { TestHome } from "./samples.ts";
import { ACCOUNT, NOON, fixedClock, temporaryHome, testIds } from "./samples.ts";

const clock = fixedClock();
let home: TestHome;
let store: SyncStore;

beforeEach(() => {
  clock.set(NOON);
  home = temporaryHome(clock);
  home.open();
  store = openSyncStore({ file: home.file, clock, ids: testIds() });
});
afterEach(() => {
  store.close();
  home.remove();
});

function reading(ms: number, device = "elsewhere"): string {
  return `${ms.toString(16).padStart(12, "0")}0000-${device}`;
}

function setting(key: string, value: string, ms: number): SyncRow {
  const values: Record<string, SyncValue> = { key, value };
  return {
    table: "settings",
    key,
    values,
    hlc: reading(ms),
    deleted: false,
    hash: hashOf("settings", values, false),
  };
}
const valueOf = (key: string) => store.scan("settings", "", 100).find((row) => row.key === key)?.values["value"];

describe("rows of other devices", () => {
  test("are seen by the app's own connection, and wait for no push", () => {
    const app = home.open();
    store.apply([setting("theme", "dark", NOON)], 4);
    expect(app.settings.get("theme")).toBe("dark");
    expect(store.pendingSummary().rows).toBe(0);
  });

  test("what is written after them comes after them, whatever the wall clock says", () => {
    store.apply([setting("theme", "dark", NOON + 60_000)]);
    home.open().settings.set("theme", "light");
    store.apply([setting("theme", "dark", NOON + 60_000)]);
    expect(valueOf("theme")).toBe("light");
  });

  test("a clock more than five minutes ahead is put aside, and let in when its time has come", () => {
    const ahead = setting("theme", "dark", NOON + 301_000);
    expect(store.apply([ahead], 1)).toEqual({ taken: 0, conflicts: 0, putAside: 1 });
    expect(valueOf("theme")).toBeUndefined();
    expect(store.conflicts(10)).toMatchObject([{ kind: "clock", table: "settings", key: "theme" }]);
    expect(store.retryPutAside().taken).toBe(0);
    clock.set(NOON + 2_000);
    expect(store.retryPutAside().taken).toBe(1);
    expect(valueOf("theme")).toBe("dark");
    expect(store.conflictCount()).toBe(0);
  });

  test("values that do not give their hash are put aside for a person, once", () => {
    const spoiled = { ...setting("theme", "dark", NOON), values: { key: "theme", value: "spoiled" } };
    expect(store.apply([spoiled]).putAside).toBe(1);
    expect(store.apply([spoiled]).putAside).toBe(0);
    expect(valueOf("theme")).toBeUndefined();
    expect(store.conflicts(10)).toMatchObject([{ kind: "damaged" }]);
  });
});

describe("who synchronises", () => {
  test("is one process at a time, and the next when it is silent for too long", () => {
    expect(store.claimTurn("one", 30_000)).toBe(true);
    expect(store.claimTurn("two", 30_000)).toBe(false);
    clock.set(NOON + 30_001);
    expect(store.claimTurn("two", 30_000)).toBe(true);
    store.releaseTurn("two");
    expect(store.claimTurn("one", 30_000)).toBe(true);
  });
});

describe("who guards an account", () => {
  const lease = { accountId: ACCOUNT.accountId, host: "laptop", term: 2, seenAt: NOON, released: false };

  test("a device that has never met another guards freely", () => {
    expect(home.open().forAccount(ACCOUNT).lease.claim()).toMatchObject({ kind: "held" });
  });

  test("a device that learns of another holder is fenced at once", () => {
    const guard = home.open().forAccount(ACCOUNT).lease;
    const claim = guard.claim();
    if (claim.kind !== "held") throw new Error("it is free");
    store.keepLease({ ...lease, deviceId: store.facts().deviceId, term: 1 });
    guard.beat(claim.token, {});
    store.keepLease({ ...lease, deviceId: "another" });
    expect(() => {
      guard.beat(claim.token, {});
    }).toThrow(expect.objectContaining({ code: "LEASE_LOST" }));
    expect(guard.claim()).toMatchObject({ kind: "elsewhere", by: { host: "laptop", isLetGo: false } });
  });

  test("a device that let go waits until the remote gives it back", () => {
    const { deviceId } = store.facts();
    store.keepLease({ ...lease, deviceId, released: true });
    expect(home.open().forAccount(ACCOUNT).lease.claim()).toMatchObject({
      kind: "elsewhere",
      by: { isLetGo: true },
    });
    store.keepLease({ ...lease, deviceId, term: 3 });
    expect(home.open().forAccount(ACCOUNT).lease.claim()).toMatchObject({ kind: "held" });
  });
});
