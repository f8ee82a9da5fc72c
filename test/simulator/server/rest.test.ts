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

const padded = (decimals: number): unknown => expect.stringMatching(new RegExp(`^\\d+\\.\\d{${String(decimals)}}$`));
const decimal: unknown = expect.stringMatching(/^-?\d+(\.\d+)?$/);
const someTime: unknown = expect.any(Number);

describe("market data", () => {
  it("ping, time and the list of symbols", async () => {
    expect(await client.get("/ping")).toEqual({});
    expect(await client.get("/time")).toEqual({ serverTime: someTime });
    const list = (await client.get("/defaultSymbols")) as { readonly data: readonly string[] };
    expect(list).toEqual({ data: expect.any(Array) as unknown, code: 0, msg: "success", timestamp: someTime });
    expect(list.data).toContain("BTCUSDT");
    expect(list.data).not.toContain("LOKAUSDT");
  });

  it("exchangeInfo of one, of several and of all", async () => {
    const one = (await client.get("/exchangeInfo", "symbol=BTCUSDT")) as { readonly symbols: readonly unknown[] };
    expect(one).toMatchObject({ timezone: "CST", rateLimits: [], exchangeFilters: [] });
    expect(one.symbols).toEqual([
      {
        symbol: "BTCUSDT",
        status: "1",
        baseAsset: "BTC",
        baseAssetPrecision: 8,
        quoteAsset: "USDT",
        quotePrecision: 2,
        quoteAssetPrecision: 2,
        baseCommissionPrecision: 8,
        quoteCommissionPrecision: 2,
        orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER"],
        isSpotTradingAllowed: true,
        isMarginTradingAllowed: false,
        quoteAmountPrecision: "1",
        baseSizePrecision: "0.000001",
        permissions: ["SPOT"],
        filters: [{ filterType: "PERCENT_PRICE_BY_SIDE", bidMultiplierUp: "0.005", askMultiplierDown: "0.005" }],
        maxQuoteAmount: "4000000",
        makerCommission: "0",
        takerCommission: "0.0005",
        quoteAmountPrecisionMarket: "1",
        maxQuoteAmountMarket: "4000000",
        fullName: "Bitcoin",
        tradeSideType: 1,
        contractAddress: "",
        conceptPlateIds: expect.any(Array) as unknown,
        conceptPlates: expect.any(Array) as unknown,
        st: false,
        firstOpenTime: someTime,
        bizType: "SPOT",
      },
    ]);
    const some = await client.get("/exchangeInfo", `symbols=MXUSDT,${encodeURIComponent("龙虾USDT")}`);
    expect(some).toMatchObject({ symbols: [{ symbol: "MXUSDT" }, { symbol: "龙虾USDT" }] });
    expect(((await client.get("/exchangeInfo")) as { readonly symbols: unknown[] }).symbols).toHaveLength(12);
  });

  it("depth is padded and sorted, with lastUpdateId first", async () => {
    const depth = (await client.get("/depth", "symbol=BTCUSDT&limit=3")) as Record<"bids" | "asks", [string, string][]>;
    expect(Object.keys(depth)).toEqual(["lastUpdateId", "bids", "asks", "timestamp"]);
    for (const row of [...depth.bids, ...depth.asks]) expect(row).toEqual([padded(2), padded(8)]);
    const prices = [...depth.asks.toReversed(), ...depth.bids].map(([price]) => Number(price));
    expect(prices).toHaveLength(6);
    expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  });

  it("trades are newest first, with a null id", async () => {
    await client.control("move", { symbol: "ADAUSDT", price: "0.47" });
    await client.control("move", { symbol: "ADAUSDT", price: "0.46" });
    const rows = (await client.get("/trades", "symbol=ADAUSDT&limit=5")) as readonly { readonly time: number }[];
    expect(rows[0]).toEqual({
      id: null,
      price: "0.4600",
      qty: padded(2),
      quoteQty: decimal,
      time: someTime,
      isBuyerMaker: true,
      isBestMatch: true,
      tradeType: "ASK",
    });
    expect(rows.map((row) => row.time)).toEqual(rows.map((row) => row.time).toSorted((a, b) => b - a));
  });

  it("klines: eight fields, oldest first, closeTime at the next opening, at most 500", async () => {
    const rows = (await client.get("/klines", "symbol=BTCUSDT&interval=60m&limit=1000")) as [number, ...unknown[]][];
    expect(rows).toHaveLength(500);
    const [first = [0]] = rows;
    const { 0: openTime } = first;
    expect(first).toEqual([
      openTime,
      padded(2),
      padded(2),
      padded(2),
      padded(2),
      decimal,
      openTime + 3_600_000,
      decimal,
    ]);
    const last = rows.at(-1)?.[0] ?? 0;
    const range = `startTime=${String(last - 7_200_000)}&endTime=${String(last)}`;
    expect(await client.get("/klines", `symbol=BTCUSDT&interval=60m&${range}`)).toHaveLength(3);
    expect(await client.get("/klines", `symbol=BTCUSDT&interval=60m&limit=7&startTime=${String(last)}`)).toHaveLength(
      7,
    );
    expect(await client.get("/klines", "symbol=BTCUSDT&interval=1h")).toMatchObject({ code: -1121 });
  });

  it("tickers of one and of all, where symbols is ignored", async () => {
    expect(await client.get("/ticker/24hr", "symbol=BTCUSDT")).toEqual({
      symbol: "BTCUSDT",
      priceChange: decimal,
      priceChangePercent: decimal,
      prevClosePrice: padded(2),
      lastPrice: padded(2),
      bidPrice: padded(2),
      bidQty: padded(8),
      askPrice: padded(2),
      askQty: padded(8),
      openPrice: padded(2),
      highPrice: padded(2),
      lowPrice: padded(2),
      volume: padded(8),
      quoteVolume: decimal,
      openTime: someTime,
      closeTime: someTime,
      count: null,
    });
    expect(await client.get("/ticker/24hr", "symbols=BTCUSDT")).toHaveLength(12);
    expect(await client.get("/ticker/price", "symbol=BTCUSDT")).toEqual({ symbol: "BTCUSDT", price: padded(2) });
    expect(await client.get("/ticker/bookTicker")).toHaveLength(12);
    expect(await client.get("/avgPrice", "symbol=BTCUSDT")).toEqual({ mins: 5, price: padded(2) });
  });

  it.each(["/depth", "/trades", "/ticker/24hr", "/ticker/price", "/exchangeInfo", "/avgPrice"])(
    "%s does not know an unknown symbol",
    async (path) => {
      const reply = await client.call("GET", `/api/v3${path}`, "symbol=NOPEUSDT");
      expect([reply.status, reply.body]).toEqual([400, { code: -1121, msg: "Invalid symbol." }]);
    },
  );

  it("says which parameter is missing, and knows no other paths or methods", async () => {
    expect(await client.get("/depth")).toMatchObject({
      code: 700004,
      msg: expect.stringContaining("'symbol'") as unknown,
    });
    expect((await client.call("GET", "/api/v3/nothing")).status).toBe(404);
    expect((await client.call("DELETE", "/api/v3/ping")).status).toBe(405);
  });
});

describe("an account", () => {
  it("is funded, and shows its balances as the venue does", async () => {
    const { body } = await client.signed("GET", "/account");
    expect(body).toMatchObject({ makerCommission: null, updateTime: null, accountType: "SPOT", permissions: ["SPOT"] });
    expect((body as { readonly balances: unknown[] }).balances).toContainEqual({
      asset: "ETH",
      free: "10",
      locked: "0",
      available: "10",
    });
  });

  it("places, finds, lists and cancels an order", async () => {
    const placed = await client.signed(
      "POST",
      "/order",
      "symbol=ETHUSDT&side=BUY&type=LIMIT&quantity=0.5&price=3000&newClientOrderId=td-1",
    );
    const { orderId } = placed.body as { readonly orderId: string };
    expect(placed).toMatchObject({ status: 200 });
    expect(placed.body).toEqual({
      symbol: "ETHUSDT",
      orderId: expect.stringMatching(/^C02__\d{18,21}$/) as unknown,
      orderListId: -1,
      price: "3000",
      origQty: "0.5",
      type: "LIMIT",
      side: "BUY",
      stpMode: "",
      transactTime: someTime,
    });
    const shown = {
      symbol: "ETHUSDT",
      orderId,
      orderListId: -1,
      clientOrderId: "td-1",
      price: "3000",
      origQty: "0.5",
      executedQty: "0",
      cummulativeQuoteQty: "0",
      status: "NEW",
      timeInForce: null,
      type: "LIMIT",
      side: "BUY",
      stopPrice: null,
      icebergQty: null,
      time: someTime,
      updateTime: null,
      isWorking: true,
      stpMode: "",
      cancelReason: null,
      origQuoteOrderQty: "1500",
    };
    expect((await client.signed("GET", "/order", `symbol=ETHUSDT&orderId=${orderId}`)).body).toEqual(shown);
    expect((await client.signed("GET", "/openOrders")).body).toEqual([shown]);
    expect((await client.signed("GET", "/openOrders", "symbol=BTCUSDT")).body).toEqual([]);
    const cancelled = await client.signed("DELETE", "/order", "symbol=ETHUSDT&origClientOrderId=td-1");
    expect(cancelled.body).toMatchObject({ orderId, status: "NEW", origClientOrderId: "td-1" });
    const after = await client.signed("GET", "/order", "symbol=ETHUSDT&origClientOrderId=td-1");
    expect(after.body).toMatchObject({ status: "CANCELED", updateTime: someTime });
    expect((await client.signed("DELETE", "/order", `symbol=ETHUSDT&orderId=${orderId}`)).body).toMatchObject({
      code: -2011,
    });
    expect((await client.signed("GET", "/allOrders", "symbol=ETHUSDT")).body).toHaveLength(1);
  });

  it("trades at market, acknowledged at a protective price without status or fills", async () => {
    const placed = await client.signed("POST", "/order", "symbol=SOLUSDT&side=BUY&type=MARKET&quoteOrderQty=100");
    const { orderId, price, origQty } = placed.body as Record<"orderId" | "price" | "origQty", string>;
    expect(Object.keys(placed.body as object)).not.toContain("status");
    expect(Number(price) * Number(origQty)).toBeGreaterThan(99);
    const order = (await client.signed("GET", "/order", `symbol=SOLUSDT&orderId=${orderId}`)).body as Record<
      string,
      string
    >;
    expect(order["status"]).toBe("FILLED");
    expect(Number(order["cummulativeQuoteQty"])).toBeGreaterThan(97);
    expect(Number(order["cummulativeQuoteQty"])).toBeLessThanOrEqual(100);
    const fills = (await client.signed("GET", "/myTrades", `symbol=SOLUSDT&orderId=${orderId}`)).body;
    expect((fills as unknown[])[0]).toEqual({
      symbol: "SOLUSDT",
      id: expect.any(String) as unknown,
      orderId,
      orderListId: -1,
      price: decimal,
      qty: decimal,
      quoteQty: decimal,
      commission: decimal,
      commissionAsset: "USDT",
      time: someTime,
      isBuyer: true,
      isMaker: false,
      isBestMatch: true,
      isSelfTrade: false,
      clientOrderId: null,
    });
  });

  it("cancels all of a symbol at once", async () => {
    for (const price of ["2900", "2901"]) {
      await client.signed("POST", "/order", `symbol=ETHUSDT&side=BUY&type=LIMIT&quantity=0.1&price=${price}`);
    }
    const { body } = await client.signed("DELETE", "/openOrders", "symbol=ETHUSDT");
    expect(body).toHaveLength(2);
    expect((await client.signed("GET", "/openOrders", "symbol=ETHUSDT")).body).toEqual([]);
  });

  it.each([
    ["POST", "/order", "symbol=NOPEUSDT&side=BUY&type=MARKET&quantity=1", 10007],
    ["POST", "/order", "symbol=LOKAUSDT&side=BUY&type=LIMIT&quantity=10&price=0.1", 10007],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.001", 700004],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.0000000001&price=60000", 400],
    ["POST", "/order", `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.${"0".repeat(20)}1&price=60000`, 400],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=abc&price=60000", 33333],
    ["POST", "/order", "symbol=BTCUSDT&side=UP&type=LIMIT&quantity=1&price=60000", 33333],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=STOP_LIMIT&quantity=1&price=60000", 30041],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.00001&price=60000", 30002],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=70000", 30087],
    ["POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=10&price=60000", 30004],
    ["POST", "/order/test", "symbol=ETHUSDT&side=SELL&type=LIMIT&quantity=11&price=3500", 30005],
    ["GET", "/order", "symbol=BTCUSDT&orderId=C02__0", -2013],
    ["GET", "/order", "symbol=BTCUSDT", 700004],
    ["DELETE", "/order", "symbol=BTCUSDT&orderId=C02__0", -2011],
    ["PUT", "/userDataStream", "listenKey=nonsense", 400],
  ])("%s %s %s → %d", async (method, path, query, code) => {
    const reply = await client.signed(method, path, query);
    expect(reply).toMatchObject({ status: 400, body: { code, msg: expect.any(String) as unknown } });
  });

  it("a valid test order answers {}", async () => {
    const query = "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.001&price=60000";
    expect((await client.signed("POST", "/order/test", query)).body).toEqual({});
  });

  it("a clock that is ten seconds off is refused", async () => {
    for (const skew of [-10_000, 10_000]) {
      expect((await client.signed("GET", "/account", "", skew)).body).toMatchObject({ code: 700003 });
    }
  });

  it("makes, lists, extends and removes listen keys", async () => {
    const { body } = await client.signed("POST", "/userDataStream");
    const { listenKey } = body as { readonly listenKey: string };
    expect(listenKey).toMatch(/^[0-9a-f]{64}$/);
    const query = `listenKey=${listenKey}`;
    expect((await client.signed("PUT", "/userDataStream", query)).body).toEqual({ listenKey });
    expect((await client.signed("GET", "/userDataStream")).body).toEqual({
      listenKey: [listenKey],
      total: 60,
      available: 59,
    });
    expect((await client.signed("DELETE", "/userDataStream", query)).body).toEqual({ listenKey });
    expect((await client.signed("PUT", "/userDataStream", query)).status).toBe(400);
  });
});
