import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 12 });
  client = createClient(simulator);
});
afterAll(async () => {
  await simulator.close();
});

const batchQuery = (orders: unknown): string => `batchOrders=${encodeURIComponent(JSON.stringify(orders))}`;
const farBid = { symbol: "MXUSDT", side: "BUY", type: "LIMIT", quantity: "2", price: "3.4" };

describe("batch orders (fact sheet 4.4)", () => {
  it("place and refuse order by order, in one answer of 200", async () => {
    const reply = await client.signed(
      "POST",
      "/batchOrders",
      batchQuery([
        { ...farBid, newClientOrderId: "batch-1" },
        { ...farBid, quantity: "0.1", newClientOrderId: "batch-2" },
      ]),
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual([
      {
        symbol: "MXUSDT",
        orderId: expect.stringMatching(/^C02__/) as unknown,
        orderListId: -1,
        newClientOrderId: "batch-1",
      },
      { newClientOrderId: "batch-2", code: 30002, msg: expect.stringContaining("cannot be less than") as unknown },
    ]);
    const open = await client.signed("GET", "/order", "symbol=MXUSDT&origClientOrderId=batch-1");
    expect(open.body).toMatchObject({ status: "NEW", price: "3.4", origQty: "2" });
    const refused = await client.signed("GET", "/order", "symbol=MXUSDT&origClientOrderId=batch-2");
    expect(refused.body).toMatchObject({ code: -2013 });
  });

  it.each([
    ["two symbols", [farBid, { ...farBid, symbol: "ADAUSDT" }], 33333],
    ["more than twenty", Array.from({ length: 21 }, () => farBid), 33333],
    ["no list", "nonsense", 33333],
  ])("refuse %s as a whole and place nothing", async (_what, orders, code) => {
    const before = (await client.signed("GET", "/openOrders")).body as readonly unknown[];
    const reply = await client.signed("POST", "/batchOrders", batchQuery(orders));
    expect([reply.status, reply.body]).toMatchObject([400, { code }]);
    expect((await client.signed("GET", "/openOrders")).body).toHaveLength(before.length);
  });

  it("take the documentation's LIMIT_ORDER for LIMIT, and numbers for texts", async () => {
    const odd = { ...farBid, type: "LIMIT_ORDER", quantity: 2, price: 3.4, newClientOrderId: "odd" };
    await client.signed("POST", "/batchOrders", batchQuery([odd]));
    const found = await client.signed("GET", "/order", "symbol=MXUSDT&origClientOrderId=odd");
    expect(found.body).toMatchObject({ status: "NEW", type: "LIMIT", price: "3.4", origQty: "2" });
  });

  it("are all gone after a cancel of everything (4.5)", async () => {
    await client.signed("POST", "/batchOrders", batchQuery([farBid, farBid]));
    const reply = await client.signed("DELETE", "/order/all");
    expect(reply.body).toMatchObject({ code: 200, msg: "success" });
    expect((await client.signed("GET", "/openOrders")).body).toEqual([]);
  });
});

describe("aggregated trades (fact sheet 3.3)", () => {
  it("come newest first, without ids, on whole seconds", async () => {
    await client.control("move", { symbol: "ADAUSDT", price: "0.46" });
    const rows = (await client.get("/aggTrades", "symbol=ADAUSDT")) as readonly { readonly T: number }[];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ a: null, f: null, l: null, M: true });
    expect(rows.every((row) => row.T % 1_000 === 0)).toBe(true);
    expect(rows.map((row) => row.T)).toEqual(rows.map((row) => row.T).toSorted((left, right) => right - left));
  });

  it("want both ends of a window of at most an hour, or none", async () => {
    const now = Date.now();
    const half = await client.get("/aggTrades", `symbol=ADAUSDT&startTime=${String(now - 1_000)}`);
    expect(half).toMatchObject({ code: -1128 });
    const wide = `symbol=ADAUSDT&startTime=${String(now - 3_700_000)}&endTime=${String(now)}`;
    expect(await client.get("/aggTrades", wide)).toMatchObject({ code: 33333 });
  });
});

describe("facts of the account (fact sheet 4.8)", () => {
  it("tell the fees as numbers, the user, and what the key may do", async () => {
    const fee = await client.signed("GET", "/tradeFee", "symbol=BTCUSDT");
    expect(fee.body).toMatchObject({ data: { makerCommission: 0, takerCommission: 0.0005 }, code: 0, msg: "success" });
    expect((await client.signed("GET", "/uid")).body).toEqual({ uid: expect.stringMatching(/^\d+$/) as unknown });
    expect((await client.signed("GET", "/kyc/status")).body).toEqual({ status: "2" });
    const info = (await client.signed("GET", "/apiKeyInfo")).body as { readonly permissions: readonly string[] };
    expect(info).toMatchObject({ accessKey: simulator.apiKey, status: "VALID", remainingValidity: -999 });
    expect(info.permissions.filter((permission) => permission.includes("WITHDRAW"))).toEqual([]);
  });

  it("never withdraw", async () => {
    for (const path of ["/capital/withdraw", "/capital/withdraw/apply"]) {
      const reply = await client.signed("POST", path, "coin=USDT&amount=1&address=x");
      expect([reply.status, reply.body]).toMatchObject([400, { code: 700007 }]);
    }
  });

  it("list what is offline and what is announced, in the venue's envelopes (3.1)", async () => {
    expect(await client.get("/symbol/offline")).toEqual({ data: [] });
    expect(await client.get("/announcements")).toEqual({ code: 0, data: [{ details: [], totalPage: "0" }], msg: "" });
  });
});
