import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTursoRemote } from "../../../src/adapters/sync/turso-remote.ts";
import { accountId } from "../../../src/core/domain/identifiers.ts";
import type { SyncRemote } from "../../../src/core/ports/sync-remote.ts";
import type { OwnRemote } from "../../remotes/remotes.ts";
import { isThere, openRemote, REMOTE_ENGINES } from "../../remotes/remotes.ts";
import { FACTS, THINGS, clockReading, row } from "./sync-rows.ts";

const A = { deviceId: "device-a", host: "desk" };
const B = { deviceId: "device-b", host: "laptop" };
const ACCOUNT = accountId("live:0123456789ab");
const { signal } = new AbortController();
const tables = [FACTS, THINGS];

const live = process.env["TURSO_TEST_URL"];

describe.each(REMOTE_ENGINES)("the remote on %s", (engine) => {
  describe.skipIf(!isThere(engine))("as a port", () => {
    contract(() => openRemote(engine));
  });
});

// Only with a database of Turso that may be written over: TURSO_TEST_URL and TURSO_TEST_TOKEN.
describe.skipIf(live === undefined)("Turso itself (needs TURSO_TEST_URL)", () => {
  test("takes a row, gives it to another device, and knows who guards", async () => {
    const one = createTursoRemote({ url: live!, token: process.env["TURSO_TEST_TOKEN"], tables });
    try {
      const key = `live-${String(Date.now())}`;
      const { revision } = await one.greet(A, signal);
      await one.push(A, "m1", [row(FACTS, { id: key, amount: "1" }, clockReading(1, "a"))], signal);
      const page = await one.pull(B, revision, 10, signal);
      expect(page.rows.map((each) => each.key)).toContain(key);
      expect(await one.claimLease(A, accountId(`live:${key}`), undefined, signal)).toMatchObject({ term: 1 });
    } finally {
      one.close();
    }
  });
});

function contract(open: () => Promise<OwnRemote>): void {
  let server: OwnRemote;
  let remote: SyncRemote;
  const opened: SyncRemote[] = [];
  const connect = (options: Partial<Parameters<typeof createTursoRemote>[0]> = {}) => {
    const { url, token } = server;
    const made = createTursoRemote({ url, token, tables, ...options });
    opened.push(made);
    return made;
  };

  beforeEach(async () => {
    server = await open();
    remote = connect();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) each.close();
    await server.close();
  });

  test("two devices that meet it at once make one set of tables", async () => {
    const [one, two] = await Promise.all([remote.greet(A, signal), connect().greet(B, signal)]);
    expect(one.remoteId).toBe(two.remoteId);
    expect(one).toMatchObject({ revision: 0, mark: undefined });
    expect(Math.abs(one.now - Date.now())).toBeLessThan(5_000);
  });

  test("what one device pushed the other pulls, and the pusher does not", async () => {
    await remote.greet(A, signal);
    const fact = row(FACTS, { id: "f1", amount: "0.10000000000000000001" }, clockReading(5, "a"));
    const thing = row(THINGS, { id: "t1", rank: 3 }, clockReading(6, "a"));
    await remote.push(A, "m1", [fact, thing], signal);
    expect(await remote.pull(B, 0, 10, signal)).toEqual({ rows: [fact, thing], cursor: 1, revision: 1 });
    expect(await remote.pull(A, 0, 10, signal)).toEqual({ rows: [], cursor: 1, revision: 1 });
    expect((await remote.greet(A, signal)).mark).toBe("m1");
  });

  test("the first fact stands, and a thing stands by rank, then by clock", async () => {
    await remote.greet(A, signal);
    const push = (device: typeof A, rank: number, at: number) =>
      remote.push(device, "m", [row(THINGS, { id: "t", rank }, clockReading(at, device.deviceId))], signal);
    await remote.push(A, "m", [row(FACTS, { id: "f", amount: "1" }, clockReading(1, "a"))], signal);
    await remote.push(B, "m", [row(FACTS, { id: "f", amount: "2" }, clockReading(9, "b"))], signal);
    const standing = async () => (await remote.scan("things", "", 10, signal))[0];
    await push(A, 3, 5);
    await push(B, 2, 9);
    expect(await standing()).toMatchObject({ values: { rank: 3 } });
    await push(B, 3, 4);
    expect((await standing())?.hlc).toBe(clockReading(5, "device-a"));
    await push(B, 4, 1);
    expect(await standing()).toMatchObject({ values: { rank: 4 }, hlc: clockReading(1, "device-b") });
    expect(await remote.scan("facts", "", 10, signal)).toMatchObject([{ values: { amount: "1" } }]);
  });

  test("a reply that was lost does no harm: the same push again changes nothing", async () => {
    await remote.greet(A, signal);
    const rows = [row(THINGS, { id: "t", rank: 1 }, clockReading(1, "a"))];
    server.setFaults(() => "drop-after");
    await expect(remote.push(A, "m1", rows, signal)).rejects.toMatchObject({ code: "SYNC_UNREACHABLE", exitCode: 7 });
    server.setFaults(() => undefined);
    const { rows: first } = await remote.pull(B, 0, 10, signal);
    expect(first).toEqual(rows);
    await remote.push(A, "m2", rows, signal);
    expect((await remote.pull(B, 1, 10, signal)).rows).toEqual([]);
  });

  test("a page never passes a revision of which it did not tell every row", async () => {
    await remote.greet(A, signal);
    const push = (from: number, to: number) =>
      remote.push(
        A,
        "m",
        Array.from({ length: to - from }, (_, at) =>
          row(FACTS, { id: `f${String(from + at).padStart(3, "0")}`, amount: "1" }, clockReading(1, "a")),
        ),
        signal,
      );
    await push(0, 3);
    await push(3, 6);
    await push(6, 18);
    const seen: string[] = [];
    for (let cursor = 0; cursor < 3;) {
      const page = await remote.pull(B, cursor, 5, signal);
      seen.push(...page.rows.map(({ key }) => key));
      expect(page.cursor).toBeGreaterThan(cursor);
      cursor = page.cursor;
    }
    expect(new Set(seen).size).toBe(18);
  });

  test.each([
    ["drop-before", "SYNC_UNREACHABLE", 7],
    [{ status: 503 }, "SYNC_UNREACHABLE", 7],
    ["unauthorized", "SYNC_DENIED", 4],
    ["full", "SYNC_FULL", 7],
  ] as const)("%j is %s", async (fault, code, exitCode) => {
    await remote.greet(A, signal);
    server.setFaults(() => fault);
    await expect(remote.pull(B, 0, 10, signal)).rejects.toMatchObject({ code, exitCode });
    await expect(remote.push(A, "m", [], signal)).rejects.toMatchObject({ code, exitCode });
  });

  test("a server that accepts and says nothing costs the time-out and no more", async () => {
    server.setFaults(() => "black-hole");
    const impatient = connect({ timeoutMs: 200 });
    await expect(impatient.greet(A, signal)).rejects.toMatchObject({ code: "SYNC_UNREACHABLE" });
  });

  test("a caller who gives up is let go at once, and the next call works", async () => {
    await remote.greet(A, signal);
    server.setFaults(() => "black-hole");
    const controller = new AbortController();
    const pulling = remote.pull(B, 0, 10, controller.signal);
    controller.abort(new Error("enough"));
    await expect(pulling).rejects.toThrow("enough");
    server.setFaults(() => undefined);
    expect((await remote.pull(B, 0, 10, signal)).revision).toBe(0);
  });

  test("a newer program adds its column once, and the older one stops", async () => {
    const withNote = { ...THINGS, columns: [...THINGS.columns, { name: "note", type: "text" as const }] };
    const old = connect();
    await old.greet(A, signal);
    await old.push(A, "m", [row(THINGS, { id: "t", rank: 1 }, clockReading(1, "a"))], signal);
    const fresh = () => connect({ tables: [FACTS, withNote], version: 2 });
    const newer = fresh();
    await newer.greet(B, signal);
    await fresh().greet(B, signal);
    const noted = row(withNote, { id: "t", rank: 2, note: "hello" }, clockReading(2, "b"));
    await newer.push(B, "m", [noted], signal);
    expect(await newer.scan("things", "", 10, signal)).toEqual([noted]);
    await expect(old.greet(A, signal)).rejects.toMatchObject({ code: "SYNC_REMOTE_NEWER", exitCode: 3 });
    await expect(connect().greet(A, signal)).rejects.toMatchObject({ code: "SYNC_REMOTE_NEWER" });
  });

  test("sums over the hashes are told by bucket, with the rows of each", async () => {
    await remote.greet(A, signal);
    const rows = ["a", "b", "c"].map((id) => row(FACTS, { id, amount: "1" }, clockReading(1, "a")));
    await remote.push(A, "m", rows, signal);
    const { revision, tables: told } = await remote.buckets(signal);
    expect(revision).toBe(1);
    expect(told["things"]).toEqual([]);
    expect(told["facts"]?.reduce((sum, bucket) => sum + (bucket.high << 32n) + bucket.low, 0n)).toBe(
      rows.reduce((sum, { hash }) => sum + hash, 0n),
    );
    const [{ hash, key } = rows[0]!] = rows;
    expect((await remote.bucketRows("facts", Number(hash & 255n), signal)).get(key)).toBe(hash);
  });

  describe("the guarding of an account", () => {
    beforeEach(async () => {
      await remote.greet(A, signal);
    });

    test("belongs to the first who asks, of two at once too", async () => {
      const [one, two] = await Promise.all([
        remote.claimLease(A, ACCOUNT, undefined, signal),
        connect().claimLease(B, ACCOUNT, undefined, signal),
      ]);
      expect(one).toEqual(two);
      expect(one).toMatchObject({ term: 1, released: false });
      expect(await remote.claimLease(A, ACCOUNT, undefined, signal)).toMatchObject({ term: 1, deviceId: one.deviceId });
    });

    test("goes over when it was let go", async () => {
      await remote.claimLease(A, ACCOUNT, undefined, signal);
      expect(await remote.tellLease(A, ACCOUNT, { term: 1, released: true }, signal)).toMatchObject({ released: true });
      expect(await remote.claimLease(B, ACCOUNT, undefined, signal)).toMatchObject({ term: 2, deviceId: "device-b" });
    });

    test("goes over when a person names the term of the holder, once", async () => {
      await remote.claimLease(A, ACCOUNT, undefined, signal);
      expect(await remote.claimLease(B, ACCOUNT, 1, signal)).toMatchObject({ term: 2, deviceId: "device-b" });
      expect(await remote.claimLease(A, ACCOUNT, 1, signal)).toMatchObject({ term: 2, deviceId: "device-b" });
    });

    test("a holder that was taken over from learns of it with its next word", async () => {
      await remote.claimLease(A, ACCOUNT, undefined, signal);
      await remote.claimLease(B, ACCOUNT, 1, signal);
      const told = await remote.tellLease(A, ACCOUNT, { term: 1, released: false }, signal);
      expect(told).toMatchObject({ term: 2, deviceId: "device-b" });
    });
  });
}
