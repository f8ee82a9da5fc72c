import { expect, test } from "vitest";
import type { SyncStatus, Syncing } from "../../../src/app/syncing.ts";
import { accountId } from "../../../src/core/domain/identifiers.ts";
import { NOW } from "../../core/domain/samples.ts";
import { NO_SHADOW } from "../../../src/core/domain/storage-mode.ts";
import { runLine } from "../run-line.ts";

const STATUS: SyncStatus = {
  deviceId: "d1",
  remote: "db.example.turso.io",
  pending: { rows: 3, oldestAt: NOW - 90_000 },
  conflicts: 1,
  figures: {
    lastSyncAt: NOW - 120_000,
    lastError: {
      code: "SYNC_UNREACHABLE",
      message: "db.example.turso.io cannot be reached: refused.",
      at: NOW - 5_000,
    },
    pushedRows: 10,
    pulledRows: 4,
    sentBytes: 2_000,
    receivedBytes: 900,
    clockOffsetMs: 1_000,
  },
  leases: [
    { accountId: accountId("live:1"), deviceId: "d2", host: "laptop", term: 4, seenAt: NOW - 60_000, released: false },
  ],
};

const absent = () => {
  throw new Error("the test has no shadow");
};

function fakeSyncing(over: Partial<Syncing> = {}): { readonly syncing: Syncing; readonly calls: string[] } {
  const calls: string[] = [];
  const syncing: Syncing = {
    mode: "live",
    now: () => NOW,
    status: () => STATUS,
    conflicts: () => [
      { id: "x", kind: "lost", table: "fills", key: "live:1:BTCUSDT:7", row: '{"values":{"price":"1"}}', at: NOW },
    ],
    synchronise: () => {
      calls.push("synchronise");
      return Promise.resolve({
        pushed: 3,
        pulled: 2,
        conflicts: 0,
        putAside: 0,
        clockOffsetMs: 1_000,
        otherDevices: 1,
      });
    },
    renewDevice: () => {
      calls.push("renew");
      return "d9";
    },
    shadow: {
      record: () => NO_SHADOW,
      enter: absent,
      leave: absent,
      verify: absent,
      plan: absent,
      cutOver: absent,
      rollBack: absent,
    },
    takeOver: () => {
      calls.push("take over");
      return Promise.resolve(STATUS.leases[0]!);
    },
    takeOverOffline: () => {
      calls.push("take over offline");
      return STATUS.leases[0]!;
    },
    close: () => {
      calls.push("close");
    },
    ...over,
  };
  return { syncing, calls };
}

const line = (argv: readonly string[], syncing: Syncing, tty = false) =>
  runLine(argv, undefined, {
    services: { openSyncing: () => Promise.resolve(syncing) },
    ...(tty ? { tty: true } : {}),
  });

test("status says what waits, what failed, and which machine guards", async () => {
  const { syncing, calls } = fakeSyncing();
  const { code, objects } = await line(["sync", "status", "--json"], syncing);
  expect(code).toBe(0);
  expect(objects()[0]).toMatchObject({
    schema: "tapedeck.sync-status/1",
    mode: "live",
    configured: true,
    pending: { rows: 3, oldestAgeMs: 90_000 },
    conflicts: 1,
    lastError: { code: "SYNC_UNREACHABLE" },
    rows: { pushed: 10, pulled: 4 },
    bytes: { sent: 2_000, received: 900 },
    guards: [{ account: "live:1", host: "laptop", here: false }],
  });
  expect(calls).toEqual(["close"]);
  const { out } = await line(["sync", "status", "-o", "table"], syncing);
  expect(out).toMatch(/waiting +3 rows/);
  expect(out).toMatch(/guards +live:1: laptop, last heard of/);
});

test("now tells what was exchanged", async () => {
  const { syncing, calls } = fakeSyncing();
  const { code, objects } = await line(["sync", "now", "--json"], syncing);
  expect(code).toBe(0);
  expect(objects()[0]).toMatchObject({
    schema: "tapedeck.sync/1",
    pushed: 3,
    pulled: 2,
    status: { remote: STATUS.remote },
  });
  expect(calls).toEqual(["synchronise", "close"]);
});

test("a new name and taking over need a person's word", async () => {
  const { syncing, calls } = fakeSyncing();
  const renew = await line(["sync", "now", "--as-new-device", "--json"], syncing);
  expect(renew.code).toBe(2);
  const takeOver = await line(["guard", "take-over", "--json"], syncing);
  expect(takeOver.code).toBe(2);
  expect(calls).toEqual(["close", "close"]);
  expect((await line(["guard", "take-over", "--yes", "--json"], syncing)).objects()[0]).toMatchObject({
    schema: "tapedeck.guard-taken-over/1",
    account: "live:1",
    term: 4,
  });
});

test("conflicts come with the row that gave way", async () => {
  const { objects } = await line(["sync", "conflicts", "--json"], fakeSyncing().syncing);
  expect(objects()[0]).toMatchObject({
    conflicts: [{ kind: "lost", table: "fills", row: { values: { price: "1" } } }],
  });
});
