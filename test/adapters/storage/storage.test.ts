import Database from "better-sqlite3";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import { protectionSample } from "../../core/domain/samples.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import {
  ACCOUNT,
  NOON,
  OTHER_ACCOUNT,
  batchOf,
  fixedClock,
  intentBatch,
  migrationCount,
  openOrder,
  sampleFill,
  sampleOrder,
  temporaryHome,
} from "./samples.ts";
import type { TestHome } from "./samples.ts";

const clock = fixedClock();
let home: TestHome;
let storage: Storage;
beforeEach(() => {
  clock.set(NOON);
  home = temporaryHome(clock);
  storage = home.open();
});
afterEach(() => {
  home.remove();
});

function peek<T>(read: (database: Database.Database) => T): T {
  const database = new Database(home.file, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

const SESSION_ENDED: DomainEvent = { type: "session-ended" };
const ARMED = protectionSample();

describe("journal", () => {
  test("an intent, its order and its event are there after a restart", () => {
    const stamped = storage.forAccount(ACCOUNT).journal.commit(intentBatch());
    storage.close();
    const again = home.open().forAccount(ACCOUNT);
    expect(stamped.map((event) => event.sequence)).toEqual([1]);
    expect(again.journal.latest(10)).toEqual(stamped);
    expect(again.orders.list({})).toEqual([sampleOrder()]);
    expect(
      peek((database) => database.prepare("SELECT client_order_id, limit_price, seen_price, mode FROM intents").all()),
    ).toEqual([{ client_order_id: "td-1", limit_price: "65000.01", seen_price: "65010", mode: "demo" }]);
  });

  test("sequences count up by one for each account, also with two processes writing", () => {
    const here = storage.forAccount(ACCOUNT).journal;
    const there = home.open().forAccount(ACCOUNT).journal;
    const other = storage.forAccount(OTHER_ACCOUNT).journal;
    const batch = batchOf({ events: [SESSION_ENDED, SESSION_ENDED] });
    const sequences = [here, there, here, other].flatMap((journal) => journal.commit(batch)).map((one) => one.sequence);
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 1, 2]);
    expect(there.latest(3).map((event) => event.sequence)).toEqual([6, 5, 4]);
  });

  test("a batch that fails half-way keeps nothing and says so", () => {
    const { journal, orders, fills } = storage.forAccount(ACCOUNT);
    // A fill without its time breaks a constraint, after the event is already in.
    const broken = { ...sampleFill(), at: undefined as unknown as number };
    const attempt = () =>
      journal.commit({
        ...intentBatch(),
        fills: [broken],
      });
    expect(attempt).toThrow(expect.objectContaining({ code: "STORAGE_FAILED", exitCode: 1 }));
    expect([journal.latest(9), orders.list({}), fills.list({})]).toEqual([[], [], []]);
    expect(journal.commit(intentBatch())[0]?.sequence).toBe(1);
  });

  test("a client order id that another process took is refused before anything is kept", () => {
    storage.forAccount(ACCOUNT).journal.commit(intentBatch("mine"));
    const there = home.open().forAccount(ACCOUNT).journal;
    expect(() => there.commit(intentBatch("mine"))).toThrow(expect.objectContaining({ code: "CLIENT_ORDER_ID_USED" }));
    expect(there.latest(9)).toHaveLength(1);
    expect(storage.forAccount(OTHER_ACCOUNT).journal.commit(intentBatch("mine"))).toHaveLength(1);
  });

  test("a closed database fails as STORAGE_FAILED", () => {
    const { journal } = storage.forAccount(ACCOUNT);
    storage.close();
    expect(() => journal.commit(intentBatch())).toThrow(expect.objectContaining({ code: "STORAGE_FAILED" }));
  });
});

describe("what a running program holds", () => {
  const ended = (n: number, changes: Partial<Order> = {}) =>
    openOrder({ state: "cancelled", orderId: orderId(`C02__${n}`), updatedAt: NOON + n, ...changes }, `td-${n}`);

  test("is all that may trade or lacks fills, and the latest changed of the others", () => {
    const { journal, orders } = storage.forAccount(ACCOUNT);
    const open = ended(1, { state: "partially-filled" });
    const lacking = ended(2, { reportedQuantity: quantity("0.001") });
    journal.commit(batchOf({ orders: [open, lacking, ended(3), ended(4), ended(5)] }));
    storage.forAccount(OTHER_ACCOUNT).journal.commit(batchOf({ orders: [ended(6, { state: "open" })] }));
    const held = orders.listForMemory(2).map((order) => order.clientOrderId);
    expect(held).toEqual(["td-1", "td-2", "td-5", "td-4"]);
  });

  test("is found by an index, however many orders have ended", () => {
    const steps = peek((database) =>
      [
        "state IN ('open', 'unknown')",
        "reported_quantity <> filled_quantity AND state NOT IN ('open', 'unknown')",
        "state NOT IN ('open', 'unknown') AND NOT reported_quantity <> filled_quantity ORDER BY updated_at DESC LIMIT 500",
      ].map((where) =>
        database
          .prepare<[string], { detail: string }>(
            `EXPLAIN QUERY PLAN SELECT * FROM orders WHERE account_id = ? AND ${where}`,
          )
          .all(ACCOUNT.accountId)
          .map(({ detail }) => detail)
          .join(),
      ),
    );
    expect(steps).toEqual([
      expect.stringContaining("orders_state"),
      expect.stringContaining("orders_lacking_fills"),
      expect.stringMatching(/orders_updated(?!.*TEMP B-TREE)/),
    ]);
  });

  test("the fills of some orders, whether a fill is known, and the markets of late", () => {
    const { journal, fills, orders } = storage.forAccount(ACCOUNT);
    const elsewhere = sampleFill("t2", { orderId: orderId("C02__2"), symbol: marketSymbol("ETHUSDT"), at: NOON + 60 });
    journal.commit(batchOf({ orders: [openOrder()], fills: [sampleFill("t1"), elsewhere] }));
    expect(fills.ofOrders([orderId("C02__1"), orderId("C02__3")])).toEqual([sampleFill("t1")]);
    expect(fills.ofOrders([])).toEqual([]);
    expect([fills.has(sampleFill("t1")), fills.has(sampleFill("t9"))]).toEqual([true, false]);
    expect(storage.forAccount(OTHER_ACCOUNT).fills.has(sampleFill("t1"))).toBe(false);
    expect([...orders.symbolsSince(NOON)].toSorted()).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect([...orders.symbolsSince(NOON + 50)]).toEqual(["ETHUSDT"]);
  });
});

describe("orders and fills", () => {
  test("a fill is kept once and the order holds the sum of its fills", () => {
    const { journal, orders, fills } = storage.forAccount(ACCOUNT);
    journal.commit(intentBatch());
    const first = openOrder({ state: "partially-filled", filledQuantity: quantity("0.0005") });
    journal.commit(batchOf({ orders: [first], fills: [sampleFill("t1")] }));
    journal.commit(batchOf({ orders: [first], fills: [sampleFill("t1")] }));
    expect(fills.list({})).toEqual([sampleFill("t1")]);
    expect(orders.find({ orderId: orderId("C02__1") })).toMatchObject({
      state: "partially-filled",
      filledQuantity: quantity("0.0005"),
      filledNotional: notional("32.500005"),
    });
  });

  test("two processes that each saw one of two fills leave an order with both", () => {
    const here = storage.forAccount(ACCOUNT);
    const there = home.open().forAccount(ACCOUNT);
    here.journal.commit(intentBatch());
    const seen = openOrder({ state: "partially-filled", filledQuantity: quantity("0.0005") });
    here.journal.commit(batchOf({ orders: [seen], fills: [sampleFill("t1")] }));
    there.journal.commit(batchOf({ orders: [{ ...seen, updatedAt: NOON }], fills: [sampleFill("t2")] }));
    expect(here.orders.list({})[0]?.filledQuantity).toBe(quantity("0.001"));
    expect(here.orders.list({})[0]?.filledNotional).toBe(notional("65.00001"));
  });

  test("a fill that overtakes its order counts once the order is known", () => {
    const { journal, orders } = storage.forAccount(ACCOUNT);
    journal.commit(batchOf({ fills: [sampleFill("t1"), sampleFill("t2")] }));
    journal.commit(batchOf({ orders: [openOrder({ origin: "foreign" }, "x-C02__1")] }));
    expect(orders.list({})[0]?.filledQuantity).toBe(quantity("0.001"));
  });

  test("a fill of an order that only another process knows is added to its row", () => {
    const { journal, orders } = storage.forAccount(ACCOUNT);
    journal.commit(batchOf({ orders: [openOrder()] }));
    home
      .open()
      .forAccount(ACCOUNT)
      .journal.commit(batchOf({ fills: [sampleFill("t1")] }));
    expect(orders.list({})[0]?.filledQuantity).toBe(quantity("0.0005"));
  });

  test("an older view of another process does not overwrite a newer one", () => {
    const here = storage.forAccount(ACCOUNT);
    const there = home.open().forAccount(ACCOUNT);
    const filled = openOrder({ state: "filled", reportedQuantity: quantity("0.002") });
    here.journal.commit(batchOf({ orders: [filled] }));
    there.journal.commit(batchOf({ orders: [openOrder({ updatedAt: NOON + 900 })] }));
    expect(there.orders.list({})[0]).toMatchObject({ state: "filled", reportedQuantity: quantity("0.002") });
  });

  test("every field of an order comes back as it was, absent ones absent", () => {
    const { journal, orders } = storage.forAccount(ACCOUNT);
    const { limitPrice: _limitPrice, ...market } = sampleOrder({}, "td-2");
    const rows = [
      openOrder({ cancelRequestedAt: NOON + 3, reason: { code: "MEXC_30004", message: "no" }, state: "cancelling" }),
      { ...market, type: "market", size: { kind: "quote", notional: notional("50") }, state: "unknown" } as const,
    ];
    journal.commit(batchOf({ orders: rows }));
    expect(orders.list({}).toSorted((a, b) => (a.clientOrderId < b.clientOrderId ? -1 : 1))).toStrictEqual(rows);
  });

  test("lists are newest first and take symbol, working and limit", () => {
    const { journal, orders, fills } = storage.forAccount(ACCOUNT);
    const eth = marketSymbol("ETHUSDT");
    journal.commit(
      batchOf({
        orders: [
          sampleOrder({ createdAt: NOON + 1, state: "denied" }, "a"),
          sampleOrder({ createdAt: NOON + 3, symbol: eth }, "b"),
          sampleOrder({ createdAt: NOON + 2, state: "unknown" }, "c"),
        ],
        fills: [sampleFill("t1", { at: NOON }), sampleFill("t2", { at: NOON + 9, orderId: orderId("9"), symbol: eth })],
      }),
    );
    const ids = (filter: Parameters<typeof orders.list>[0]) => orders.list(filter).map((order) => order.clientOrderId);
    expect(ids({})).toEqual(["b", "c", "a"]);
    expect(ids({ limit: 1 })).toEqual(["b"]);
    expect(ids({ working: true })).toEqual(["b", "c"]);
    expect(ids({ working: false })).toEqual(["a"]);
    expect(ids({ symbol: eth })).toEqual(["b"]);
    expect(fills.list({}).map((fill) => fill.tradeId)).toEqual(["t2", "t1"]);
    expect(fills.list({ orderId: orderId("9") })).toHaveLength(1);
    expect(fills.list({ symbol: eth, limit: 5 })).toHaveLength(1);
  });

  test("accounts never mix, and all of them are listed when asked for", () => {
    const demo = storage.forAccount(ACCOUNT);
    const live = storage.forAccount(OTHER_ACCOUNT);
    demo.journal.commit(intentBatch("same"));
    expect([live.orders.list({}), live.journal.latest(5), live.fills.list({})]).toEqual([[], [], []]);
    expect(live.orders.find({ clientOrderId: clientOrderId("same") })).toBeUndefined();
    live.journal.commit(batchOf({ orders: [sampleOrder({ createdAt: NOON + 1 }, "same")] }));
    expect(storage.allOrders({}).map((row) => [row.mode, row.accountId, row.order.clientOrderId])).toEqual([
      ["live", "live:mx0test", "same"],
      ["demo", "demo:mx0test", "same"],
    ]);
    expect(storage.allOrders({ limit: 1 })).toHaveLength(1);
  });
});

describe("protections", () => {
  const exit = (id: string, version = 2): JournalBatch => {
    const attempted: DomainEvent = {
      type: "exit-attempted",
      protectionId: "p1",
      legId: "sl",
      exitOrderId: clientOrderId(id),
      quantity: quantity("0.002"),
      target: quantity("0.002"),
      observedPrice: price("59999"),
    };
    const batch = intentBatch(id, { side: "sell" });
    const change = { protection: { ...ARMED, version }, replaces: version - 1 };
    return { ...batch, events: [attempted, ...batch.events], protections: [change] };
  };

  test("one that two processes hold is changed by the first alone, and the second keeps nothing", () => {
    const here = storage.forAccount(ACCOUNT);
    const there = home.open().forAccount(ACCOUNT);
    here.journal.commit(batchOf({ protections: [{ protection: ARMED, replaces: undefined, beside: [] }] }));
    expect(there.protections.list({ armed: true })).toEqual([ARMED]);
    here.journal.commit(exit("exit-1"));
    expect(() => there.journal.commit(exit("exit-2"))).toThrow(expect.objectContaining({ code: "PROTECTION_CHANGED" }));
    expect(there.orders.find({ clientOrderId: clientOrderId("exit-2") })).toBeUndefined();
    expect(there.protections.list({})).toEqual([{ ...ARMED, version: 2 }]);
  });

  test("two processes that arm over the same base at once: the first alone is armed, and told to the second", () => {
    const here = storage.forAccount(ACCOUNT);
    const there = home.open().forAccount(ACCOUNT);
    const armed = (protectionId: string, changes: Partial<Protection> = {}, beside: readonly string[] = []) => {
      const protection = protectionSample({ protectionId, coverage: { kind: "holding" }, ...changes });
      const events: DomainEvent[] = [{ type: "protection-armed", protection }];
      return batchOf({ events, protections: [{ protection, replaces: undefined, beside }] });
    };
    const meanwhile = expect.objectContaining({ code: "PROTECTED_MEANWHILE" }) as unknown;
    here.journal.commit(armed("first"));
    expect(() => there.journal.commit(armed("second"))).toThrow(meanwhile);
    expect(there.protections.list({}).map(({ protectionId }) => protectionId)).toEqual(["first"]);
    expect(there.journal.latest(10)).toHaveLength(1);

    // One that was planned beside it, one of another market and a bracket of its own entry are not in its way.
    there.journal.commit(armed("third", { coverage: { kind: "quantity", quantity: quantity("0.1") } }, ["first"]));
    there.journal.commit(armed("elsewhere", { symbol: marketSymbol("ETHUSDT") }));
    const ofEntry = { coverage: { kind: "entry", clientOrderId: clientOrderId("td-1") } } as const;
    there.journal.commit(armed("bracket", ofEntry));
    expect(() => here.journal.commit(armed("bracket-again", ofEntry))).toThrow(meanwhile);
    expect(here.protections.list({ armed: true })).toHaveLength(4);
  });

  test("an act of the guardian needs the lease to bear its token", () => {
    const { journal } = storage.forAccount(ACCOUNT);
    const act = { ...intentBatch("guarded"), fence: { token: 3 } };
    expect(() => journal.commit(act)).toThrow(expect.objectContaining({ code: "LEASE_LOST" }));
    const lease = new Database(home.file);
    lease.prepare("INSERT INTO guard_lease VALUES(?, 'h', 1, 'host', 3, 0, 0, 0, '{}')").run(ACCOUNT.accountId);
    lease.close();
    expect(journal.commit(act)).toHaveLength(1);
    expect(() => journal.commit({ ...intentBatch("late"), fence: { token: 2 } })).toThrow(
      expect.objectContaining({ code: "LEASE_LOST" }),
    );
  });
});

describe("settings", () => {
  test("a setting is read back, overwritten, and unknown until set", () => {
    expect(storage.settings.get("layout")).toBeUndefined();
    storage.settings.set("layout", "wide");
    storage.settings.set("layout", "narrow");
    expect(home.open().settings.get("layout")).toBe("narrow");
  });
});

describe("bookkeeping for the synchronisation", () => {
  test("each changed row is marked dirty under its own clock, in the same transaction", () => {
    storage.forAccount(ACCOUNT).journal.commit({
      ...intentBatch(),
      fills: [sampleFill()],
      protections: [{ protection: ARMED, replaces: undefined, beside: [] }],
    });
    storage.settings.set("layout", "wide");
    const rows = peek(
      (database) =>
        database.prepare("SELECT tbl, pk, hlc FROM sync_dirty ORDER BY tbl").all() as Record<string, string>[],
    );
    expect(rows.map((row) => row["tbl"])).toEqual(["fills", "intents", "journal", "orders", "protections", "settings"]);
    expect(rows.map((row) => row["pk"])).toContain("demo:mx0test:BTCUSDT:t1");
    for (const row of rows) {
      const key = row["tbl"] === "journal" ? "id" : "key";
      const held = peek((database) =>
        database
          .prepare(`SELECT _hlc, _del, _h FROM ${row["tbl"] ?? ""} WHERE ${key} = ?`)
          .safeIntegers()
          .get(row["pk"]),
      ) as { _hlc: string; _del: bigint; _h: bigint };
      expect(held._hlc).toBe(row["hlc"]);
      expect(held._del).toBe(0n);
      expect(held._h > 0n && held._h < 1n << 60n).toBe(true);
    }
  });

  test("the clock moves forward even when the wall clock is set back, and across processes", () => {
    const readings: string[] = [];
    for (const at of [NOON, NOON - 60_000, NOON, NOON + 1]) {
      clock.set(at);
      home.open().settings.set("at", String(readings.length));
      readings.push(
        peek((database) => database.prepare("SELECT v FROM sync_state WHERE k = 'hlc'").pluck().get()) as string,
      );
    }
    expect(readings.toSorted()).toEqual(readings);
    expect(new Set(readings).size).toBe(readings.length);
  });

  test("a row that did not change keeps its clock and makes no work", () => {
    storage.settings.set("layout", "wide");
    const before = peek((database) => database.prepare("SELECT * FROM sync_dirty").all());
    storage.settings.set("layout", "wide");
    expect(peek((database) => database.prepare("SELECT * FROM sync_dirty").all())).toEqual(before);
  });
});

test("the folder and the files are the owner's alone, and the status tells what is there", () => {
  storage.forAccount(ACCOUNT).journal.commit(intentBatch());
  expect(statSync(dirname(home.file)).mode & 0o777).toBe(0o700);
  for (const suffix of ["", "-wal", "-shm"]) expect(statSync(home.file + suffix).mode & 0o777).toBe(0o600);
  const status = storage.status();
  expect(status).toMatchObject({
    file: home.file,
    schemaVersion: migrationCount(),
    journalRows: 1,
    orderRows: 1,
    unsyncedRows: 3,
  });
  expect(status.sizeBytes).toBeGreaterThan(4096);
  expect(home.open().status().deviceId).toBe(status.deviceId);
});
