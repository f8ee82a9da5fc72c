import Database from "better-sqlite3";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import { openJournalBook } from "../../../src/app/compose/open-journal-book.ts";
import { orderId } from "../../../src/core/domain/identifiers.ts";
import {
  ACCOUNT,
  NOON,
  OTHER_ACCOUNT,
  batchOf,
  fixedClock,
  intentBatch,
  openOrder,
  sampleFill,
  temporaryHome,
} from "../../adapters/storage/samples.ts";
import type { TestHome } from "../../adapters/storage/samples.ts";
import { runLine } from "../run-line.ts";

const FORMULA = "=HYPERLINK(1)";
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

/** An order that is placed, accepted and filled, another one of another market, and a backup. */
function trade(): void {
  const { journal } = storage.forAccount(ACCOUNT);
  journal.commit(intentBatch("td-1"));
  const accepted = {
    type: "order-accepted",
    clientOrderId: openOrder().clientOrderId,
    orderId: orderId("C02__1"),
  } as const;
  journal.commit(batchOf({ at: NOON + 1, events: [accepted], orders: [openOrder()] }));
  const fill = sampleFill();
  const recorded = { type: "fill-recorded", clientOrderId: openOrder().clientOrderId, fill, source: "stream" } as const;
  journal.commit(batchOf({ at: NOON + 2, events: [recorded], fills: [fill] }));
  clock.set(NOON + 3);
  journal.commit({ ...intentBatch("td-2", { symbol: "ETHUSDT" as never }), at: NOON + 3 });
  storage.auditLog("demo").append({ type: "backup-created", by: "schedule", why: FORMULA, details: { id: "b1" } });
  storage.forAccount(OTHER_ACCOUNT).journal.commit(intentBatch("td-live"));
}

function journal(...words: readonly string[]) {
  return runLine(["journal", ...words], undefined, {
    env: {
      TAPEDECK_HOME: home.folder,
      TAPEDECK_REST_URL: "http://127.0.0.1:9",
      TAPEDECK_WS_URL: "ws://127.0.0.1:9/ws",
    },
    services: { openJournalBook: (options) => Promise.resolve(openJournalBook(options)) },
  });
}

function tamper(statement: string): void {
  const client = new Database(home.file);
  expect(client.prepare(statement).run().changes).toBeGreaterThan(0);
  client.close();
}

interface Listed {
  readonly mode: string;
  readonly entries: readonly { readonly type: string; readonly sequence: number; readonly [name: string]: unknown }[];
}

async function typesOf(...words: readonly string[]): Promise<readonly string[]> {
  const { code, objects, err } = await journal("ls", "--json", ...words);
  expect([code, err]).toEqual([0, ""]);
  return (objects()[0] as unknown as Listed).entries.map(({ type }) => type);
}

describe("journal ls", () => {
  test("lists this mode's entries and the program's own, the newest first, with who and why", async () => {
    trade();
    const { code, objects } = await journal("ls", "--json");
    expect(code).toBe(0);
    const [listed] = objects() as unknown as readonly Listed[];
    expect(listed).toMatchObject({ schema: "tapedeck.journal/1", mode: "demo" });
    expect(listed?.entries.map(({ type }) => type)).toEqual([
      "backup-created",
      "order-intended",
      "fill-recorded",
      "order-accepted",
      "order-intended",
    ]);
    expect(listed?.entries[0]).toMatchObject({ account: "program", by: "schedule", why: FORMULA, sequence: 1 });
    expect(listed?.entries[2]).toMatchObject({
      time: "2026-01-02T12:00:00.002Z",
      clientOrderId: "td-1",
      event: { fill: { price: "65000.01", fee: { asset: "USDT", quantity: "0.0162500025" } } },
    });
  });

  test("filters by type, order, market and time, and by mode unless all are asked for", async () => {
    trade();
    expect(await typesOf("--type", "fill", "--type", "backup-created")).toEqual(["backup-created", "fill-recorded"]);
    expect(await typesOf("--order", "td-1")).toEqual(["fill-recorded", "order-accepted", "order-intended"]);
    expect(await typesOf("--order", "C02__1")).toEqual(["fill-recorded", "order-accepted", "order-intended"]);
    expect(await typesOf("--symbol", "ETHUSDT")).toEqual(["order-intended"]);
    // What was accepted names no market; its order does.
    expect(await typesOf("--symbol", "btcusdt")).toContain("order-accepted");
    expect(await typesOf("--since", "2026-01-02T12:00:00.002Z", "--until", "2026-01-02T12:00:00.003Z")).toEqual([
      "fill-recorded",
    ]);
    expect(await typesOf("--all", "--type", "order-intended")).toHaveLength(3);
    expect(await typesOf("--limit", "1")).toEqual(["backup-created"]);
  });

  test("does not find nothing for a type that is misspelt, but says so", async () => {
    const { code, err } = await journal("ls", "--type", "order-intend");
    expect(code).toBe(2);
    expect(err).toContain("order-intended");
  });

  test("shows people a line an entry, and one that cannot be read with its place", async () => {
    trade();
    tamper(`UPDATE journal SET event = '{"type":"order-teleported"}' WHERE type = 'fill-recorded'`);
    const { out } = await journal("ls", "-o", "table");
    expect(out).toMatch(/order-intended +clientOrderId td-1, symbol BTCUSDT, side buy/);
    expect(out).toMatch(/fill-recorded +cannot be read by this program/);
  });
});

describe("journal export", () => {
  test("writes everything once and in order, page after page", async () => {
    const { journal: mine } = storage.forAccount(ACCOUNT);
    const note = (index: number) => ({ type: "anomaly-seen", what: `note ${index}` }) as const;
    mine.commit(batchOf({ events: Array.from({ length: 1_234 }, (_, index) => note(index)) }));
    const { code, objects } = await journal("export");
    expect(code).toBe(0);
    const entries = objects() as unknown as readonly {
      readonly schema: string;
      readonly event: { readonly what: string };
    }[];
    expect(entries.map(({ event }) => event.what)).toEqual(
      Array.from({ length: 1_234 }, (_, index) => `note ${index}`),
    );
    expect(entries[0]?.schema).toBe("tapedeck.journal-entry/1");
  });

  test("as JSON is one object, and as CSV has no cell that runs", async () => {
    trade();
    const document = JSON.parse((await journal("export", "--all", "-o", "json")).out) as Listed;
    expect(document.entries).toHaveLength(6);
    const { out } = await journal("export", "-o", "csv");
    const [header, ...rows] = out.trimEnd().split("\n");
    expect(header).toBe("mode,account,device,sequence,time,type,clientOrderId,by,why,chain,event");
    expect(rows).toHaveLength(5);
    expect(out).toContain(`,schedule,'${FORMULA},`);
    expect(out).not.toContain(`,${FORMULA}`);
  });

  test("of nothing is an empty list", async () => {
    expect(JSON.parse((await journal("export", "-o", "json")).out)).toEqual({
      schema: "tapedeck.journal/1",
      mode: "demo",
      entries: [],
    });
  });
});

interface Proof {
  readonly journals: readonly {
    readonly account: string;
    readonly entries: number;
    readonly chain: string;
    readonly broken: unknown;
  }[];
  readonly holds?: boolean;
  readonly replayed?: readonly { readonly account: string; readonly differences: readonly string[] }[];
}

interface Fault {
  readonly error: { readonly code: string; readonly message: string };
}

async function prove(...words: readonly string[]) {
  const { code, objects, errors } = await journal("verify", "--json", ...words);
  return { code, proof: objects()[0] as unknown as Proof, fault: (errors()[0] as Fault | undefined)?.error };
}

describe("journal verify", () => {
  test("finds every journal whole, and that the stored state follows from it", async () => {
    trade();
    const { code, proof } = await prove("--replay");
    expect(code).toBe(0);
    expect(proof.journals.map(({ account, entries, broken }) => [account, entries, broken])).toEqual([
      ["demo:mx0test", 4, null],
      ["live:mx0test", 1, null],
      ["program", 1, null],
    ]);
    expect(proof.replayed?.map(({ differences }) => differences)).toEqual([[], []]);
  });

  test.each([
    ["a changed event", "UPDATE journal SET event = replace(event, '65000.01', '65000.02') WHERE sequence = 3", 3],
    ["a changed time", "UPDATE journal SET at = at + 1 WHERE sequence = 2", 2],
    ["an entry taken out", "DELETE FROM journal WHERE account_id = 'demo:mx0test' AND sequence = 2", 2],
    ["the first taken out", "DELETE FROM journal WHERE account_id = 'demo:mx0test' AND sequence = 1", 1],
    ["an entry marked as deleted", "UPDATE journal SET _del = 1 WHERE sequence = 4", 4],
    [
      "an entry put in",
      "INSERT INTO journal SELECT replace(id, '0004', '0005'), account_id, mode, device_id, 5, at, type, " +
        "client_order_id, event, _hlc, _del, _h, chain FROM journal WHERE sequence = 4",
      5,
    ],
  ])("names the entry: %s", async (_, statement, sequence) => {
    trade();
    tamper(statement);
    const { code, proof, fault } = await prove();
    expect(code).toBe(1);
    expect(proof.journals[0]?.broken).toMatchObject({ sequence });
    expect(fault).toMatchObject({ code: "JOURNAL_BROKEN" });
    expect(fault?.message).toContain(`Entry ${sequence} of demo:mx0test`);
  });

  test("a chain that was noted proves later that nothing was cut off", async () => {
    trade();
    const chain = (await prove()).proof.journals[0]?.chain ?? "";
    storage.forAccount(ACCOUNT).journal.commit(intentBatch("td-3"));
    expect(await prove("--holds", chain)).toMatchObject({ code: 0, proof: { holds: true } });
    tamper("DELETE FROM journal WHERE account_id = 'demo:mx0test' AND sequence > 3");
    const { code, fault } = await prove("--holds", chain);
    expect([code, fault?.code]).toEqual([1, "JOURNAL_CHAIN_MISSING"]);
    expect((await prove("--holds", "abc")).code).toBe(2);
  });

  test.each([
    [
      "an order that was filled by hand",
      "UPDATE orders SET filled_quantity = '0.002' WHERE client_order_id = 'td-1'",
      "td-1",
    ],
    ["a fill that nobody told of", "UPDATE fills SET trade_id = 't2'", "t2"],
    ["an order that is gone", "DELETE FROM orders WHERE client_order_id = 'td-2'", "orders"],
  ])("--replay tells of %s", async (_, statement, named) => {
    trade();
    tamper(statement);
    expect((await prove()).code).toBe(0);
    const { code, fault } = await prove("--replay");
    expect([code, fault?.code]).toEqual([1, "REPLAY_DIFFERS"]);
    expect(fault?.message).toContain(named);
  });

  test("reading writes nothing down", async () => {
    trade();
    await prove("--replay");
    await journal("ls");
    expect((await prove()).proof.journals.map(({ entries }) => entries)).toEqual([4, 1, 1]);
  });
});

test("the database is opened where the home says", async () => {
  expect(home.file).toBe(join(home.folder, "data", "console.db"));
  expect((await journal("ls")).code).toBe(0);
});
