import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

let now = Date.now();
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 60, now: () => now, manual: true });
  client = createClient(simulator, () => now);
});
afterEach(() => client.control("reset", {}));
afterAll(() => simulator.close());

type Row = Readonly<Record<string, unknown>>;
const symbols = async () => ((await client.get("/exchangeInfo")) as { readonly symbols: readonly Row[] }).symbols;

it("the catalogue has the venue's odd markets (fact sheet 3.2)", async () => {
  const rows = await symbols();
  const having = (wanted: Row) =>
    rows
      .filter((row) => Object.entries(wanted).every(([name, value]) => row[name] === value))
      .map((row) => row["symbol"]);
  expect(having({ st: true })).toContain("METALUSDT");
  expect(having({ status: "1", isSpotTradingAllowed: false })).toContain("LOKAUSDT");
  expect(having({ tradeSideType: 2 })).toEqual(["ICPUSDT"]);
  expect(having({ tradeSideType: 3 })).toEqual(["FTMUSDT"]);
  expect(having({ baseSizePrecision: "0" })).toContain("龙虾USDT");
  expect(having({ contractAddress: "" })).toContain("BTCUSDT");
  expect(having({ contractAddress: "xtokens" })).toEqual(["MXUSDT"]);
  expect(rows.filter((row) => (row["filters"] as readonly unknown[]).length > 0).length).toBeGreaterThan(3);
  for (const row of rows) {
    expect([row["conceptPlateIds"], row["conceptPlates"]].map((list) => (list as readonly unknown[]).length)).toEqual(
      Array.from({ length: 2 }, () => (row["conceptPlates"] as readonly unknown[]).length),
    );
  }
});

it("an order on the closed side of a market is refused (30001)", async () => {
  const place = async (side: string, symbol: string, price: string) =>
    (await client.signed("POST", "/order/test", `symbol=${symbol}&side=${side}&type=LIMIT&quantity=100&price=${price}`))
      .body;
  expect(await place("SELL", "ICPUSDT", "8.4")).toMatchObject({ code: 30001 });
  expect(await place("BUY", "ICPUSDT", "8.4")).toEqual({});
  expect(await place("BUY", "FTMUSDT", "0.5")).toMatchObject({ code: 30001 });
});

it("a depth of 5000 ends at 2000 levels a side, or at 5000 in the documented reading (3.3)", async () => {
  const accounts = ["mx0deep1", "mx0deep2", "mx0deep3", "mx0deep4", "mx0deep5"];
  let ticks = 35_000;
  for (const apiKey of accounts) {
    await client.control("keys", { apiKey, secret: "s" });
    const user = createClient({ ...simulator, apiKey, apiSecret: "s" }, () => now);
    for (let batch = 0; batch < 25; batch += 1) {
      const orders = Array.from({ length: 20 }, () => {
        ticks -= 1;
        return { symbol: "MXUSDT", side: "BUY", type: "LIMIT", quantity: "1", price: (ticks / 10_000).toFixed(4) };
      });
      await user.signed("POST", "/batchOrders", `batchOrders=${encodeURIComponent(JSON.stringify(orders))}`);
    }
  }
  const bids = async (limit: string) =>
    ((await client.get("/depth", `symbol=MXUSDT${limit}`)) as { readonly bids: readonly unknown[] }).bids.length;
  expect([await bids(""), await bids("&limit=5000")]).toEqual([100, 2_000]);
  await client.control("switches", { "depth-cap": 5000 });
  expect(await bids("&limit=5000")).toBeGreaterThanOrEqual(2_500);
});

it("klines know 8h or not, and leave out the candle that opened before the start (3.3)", async () => {
  const klines = (query: string) => client.get("/klines", `symbol=BTCUSDT&${query}`);
  expect(await klines("interval=8h")).toMatchObject({ code: -1121 });
  await client.control("switches", { "kline-8h": "served" });
  expect((await klines("interval=8h&limit=3")) as readonly unknown[]).toHaveLength(3);
  const rows = (await klines("interval=60m&limit=3")) as readonly [number, ...unknown[]][];
  const [second = 0, last = 0] = [rows[1]?.[0], rows[2]?.[0]];
  const between = (start: number) => klines(`interval=60m&startTime=${String(start)}&endTime=${String(last)}`);
  expect(((await between(second)) as readonly unknown[]).length).toBe(2);
  expect(((await between(second + 1)) as readonly unknown[]).length).toBe(1);
});

it("historicalTrades answers as trades does, and etf/info is gone", async () => {
  await client.control("move", { symbol: "ADAUSDT", price: "0.46" });
  const trades = await client.get("/trades", "symbol=ADAUSDT");
  expect(await client.get("/historicalTrades", "symbol=ADAUSDT")).toEqual(trades);
  expect(((trades as readonly Row[])[0] as Row)["id"]).toBeNull();
  expect((await client.call("GET", "/api/v3/etf/info")).status).toBe(404);
});

it("aggTrades take a window of an hour, and keep a day (3.3)", async () => {
  await client.control("move", { symbol: "ADAUSDT", price: "0.46" });
  const begin = now;
  const ask = async (from: number, to: number) =>
    (await client.get(
      "/aggTrades",
      `symbol=ADAUSDT&startTime=${String(from)}&endTime=${String(to)}`,
    )) as readonly unknown[];
  expect((await ask(begin - 1_000, begin + 1_000)).length).toBeGreaterThan(0);
  now += 25 * 3_600_000;
  expect(await ask(begin - 1_000, begin + 1_000)).toEqual([]);
});

it("envelopes and refusals come in their other readings", async () => {
  expect(await client.get("/defaultSymbols")).toMatchObject({ code: 0, msg: "success" });
  await client.control("switches", { "default-symbols-code": 200, "refusal-status": 200 });
  expect(await client.get("/defaultSymbols")).toMatchObject({ code: 200, msg: null });
  const reply = await client.call("GET", "/api/v3/depth", "symbol=NOPE");
  expect([reply.status, reply.body]).toEqual([200, { code: -1121, msg: "Invalid symbol." }]);
});

it("a duplicated order reaches the exchange twice, and its client id lets it be booked once", async () => {
  const bid = "symbol=MXUSDT&side=BUY&type=LIMIT&quantity=10&price=3.4";
  await client.control("faults", { kind: "duplicate", target: "order", method: "POST", count: 2 });
  expect((await client.signed("POST", "/order", `${bid}&newClientOrderId=once`)).body).toMatchObject({ code: 400 });
  expect((await client.signed("POST", "/order", bid)).status).toBe(200);
  const open = (await client.signed("GET", "/openOrders", "symbol=MXUSDT")).body as readonly Row[];
  expect(open.map((order) => order["clientOrderId"])).toEqual(["once", null, null]);
});
