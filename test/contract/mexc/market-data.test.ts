import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let venue: VenueClient;

beforeAll(async () => {
  venue = await openVenue();
  venue.advance(5 * MINUTE);
});
afterAll(() => venue[Symbol.asyncDispose]());

async function rows<T = Row>(path: string, query: Query = {}): Promise<readonly T[]> {
  const { status, body } = await venue.get(`/api/v3/${path}`, query);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toBeInstanceOf(Array);
  return body as readonly T[];
}

async function one(path: string, query: Query = {}): Promise<Row> {
  const { status, body } = await venue.get(`/api/v3/${path}`, query);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).not.toBeInstanceOf(Array);
  return body as Row;
}

async function codeOf(path: string, query: Query = {}): Promise<unknown> {
  return ((await venue.get(`/api/v3/${path}`, query)).body as Row)["code"];
}

const decimalsOf = (text: unknown) => (String(text).split(".")[1] ?? "").length;
const TEXT = expect.stringMatching(/^-?\d+(\.\d+)?$/) as string;
const NUMBER = expect.any(Number) as number;
const isDescending = (times: readonly number[]) => times.every((time, at) => at === 0 || time <= (times[at - 1] ?? 0));

describe("§3.1 small calls", () => {
  it("§3.1 ping is an empty object and time a number", async () => {
    expect(await one("ping")).toEqual({});
    expect(await one("time")).toEqual({ serverTime: venue.now() });
  });

  it("§3.1 defaultSymbols is an envelope around the symbols the API may trade; documented form by switch", async () => {
    const live = await one("defaultSymbols");
    expect(live).toMatchObject({ code: 0, msg: "success", timestamp: NUMBER });
    expect(live["data"]).toContain(BTC);
    expect(live["data"]).not.toContain("LOKAUSDT");
    await venue.withSwitches({ "default-symbols-code": "200" }, async () => {
      expect(await one("defaultSymbols")).toMatchObject({ code: 200, msg: null });
    });
  });

  it("§3.1 symbol/offline lists symbols with state and time", async () => {
    const { data } = await one("symbol/offline");
    expect(data).toBeInstanceOf(Array);
    for (const row of data as readonly Row[]) {
      expect(row["symbol"]).toEqual(expect.any(String));
      expect([2, 3]).toContain(row["state"]);
    }
  });

  it("§3.1 avgPrice needs a symbol and is over five minutes", async () => {
    expect(await one("avgPrice", { symbol: BTC })).toEqual({ mins: 5, price: TEXT });
    expect(await codeOf("avgPrice")).toBe(700004);
  });

  it("§3.1 announcements come in pages, counted by a text", async () => {
    expect(await one("announcements", { language: "en-US", page: 1, limit: 5 })).toMatchObject({
      code: 0,
      data: [{ details: expect.any(Array) as unknown[], totalPage: TEXT }],
      msg: "",
    });
  });
});

describe("§3.2 exchangeInfo", () => {
  const symbols = async (query: Query = {}) => (await one("exchangeInfo", query))["symbols"] as readonly Row[];

  it("§3.2 top level: CST, a numeric time, and empty limits and filters", async () => {
    expect(await one("exchangeInfo", { symbol: BTC })).toMatchObject({
      timezone: "CST",
      serverTime: venue.now(),
      rateLimits: [],
      exchangeFilters: [],
    });
  });

  it("§3.2 one symbol, a comma list, or all; an unknown one is -1121", async () => {
    expect((await symbols({ symbol: "MXUSDT" })).map((row) => row["symbol"])).toEqual(["MXUSDT"]);
    expect((await symbols({ symbols: "MXUSDT,BTCUSDT" })).map((row) => row["symbol"])).toEqual(["MXUSDT", BTC]);
    expect(await symbols()).toHaveLength(20);
    expect(await codeOf("exchangeInfo", { symbol: "NOPEUSDT" })).toBe(-1121);
  });

  it("§3.2 every field has its type", async () => {
    for (const row of await symbols()) {
      expect(row).toMatchObject({
        symbol: `${String(row["baseAsset"])}${String(row["quoteAsset"])}`,
        fullName: expect.any(String) as string,
        status: expect.stringMatching(/^[123]$/) as string,
        baseAssetPrecision: NUMBER,
        quotePrecision: NUMBER,
        quoteAssetPrecision: row["quotePrecision"],
        baseCommissionPrecision: NUMBER,
        quoteCommissionPrecision: NUMBER,
        baseSizePrecision: TEXT,
        quoteAmountPrecision: TEXT,
        quoteAmountPrecisionMarket: row["quoteAmountPrecision"],
        maxQuoteAmount: TEXT,
        maxQuoteAmountMarket: TEXT,
        isSpotTradingAllowed: expect.any(Boolean) as boolean,
        isMarginTradingAllowed: false,
        permissions: ["SPOT"],
        makerCommission: TEXT,
        takerCommission: TEXT,
        contractAddress: expect.any(String) as string,
        st: expect.any(Boolean) as boolean,
        conceptPlateIds: expect.any(Array) as unknown[],
        conceptPlates: expect.any(Array) as unknown[],
        firstOpenTime: NUMBER,
      });
      expect([1, 2, 3, 4]).toContain(row["tradeSideType"]);
      // IOC and FOK are accepted and never listed.
      expect(["LIMIT", "MARKET", "LIMIT_MAKER"]).toEqual(expect.arrayContaining(row["orderTypes"] as string[]));
    }
  });

  it("§3.2 §10.2 some symbols are online and not for the API; some carry the ST mark; some have no least quantity", async () => {
    const all = await symbols();
    expect(all.some((row) => row["status"] === "1" && row["isSpotTradingAllowed"] === false)).toBe(true);
    expect(all.some((row) => row["st"] === true)).toBe(true);
    expect(all.some((row) => row["baseSizePrecision"] === "0")).toBe(true);
  });

  it("§3.2 §10.6 the least quantity may be coarser than the step, and the filter is the price band", async () => {
    const [row] = await symbols({ symbol: BTC });
    expect(row).toMatchObject({ baseAssetPrecision: 8, baseSizePrecision: "0.000001", quoteAmountPrecision: "1" });
    expect(row?.["filters"]).toEqual([
      { filterType: "PERCENT_PRICE_BY_SIDE", bidMultiplierUp: "0.005", askMultiplierDown: "0.005" },
    ]);
    expect((await symbols()).some((other) => (other["filters"] as readonly unknown[]).length === 0)).toBe(true);
  });

  it("§3.2 there is no time of going offline, and firstOpenTime can be had or not", async () => {
    expect(Object.keys((await symbols({ symbol: BTC }))[0] ?? {}).filter((name) => /off/i.test(name))).toEqual([]);
    await venue.withSwitches({ "first-open-time": "absent" }, async () => {
      expect((await symbols({ symbol: BTC }))[0]).not.toHaveProperty("firstOpenTime");
    });
  });
});

describe("§3.3 depth", () => {
  // A book deeper than the exchange shows: five accounts with the 420 bids each that the limit of 500 allows.
  const KEYS = [1, 2, 3, 4, 5].map((at) => ({ apiKey: `mx0depth${at}`, apiSecret: "s" }));
  let deep: VenueClient;

  beforeAll(async () => {
    deep = await openVenue({ keys: KEYS });
    for (let batch = 0; batch < 105; batch += 1) {
      const orders = Array.from({ length: 20 }, (_, at) => ({
        ...{ symbol: BTC, side: "BUY", type: "LIMIT", quantity: "0.0002" },
        price: (20_000 + (batch * 20 + at) / 100).toFixed(2),
      }));
      const key = { apiKey: KEYS[batch % 5]?.apiKey ?? "", secret: "s" };
      await deep.signed("POST", "/api/v3/batchOrders", { batchOrders: JSON.stringify(orders) }, { key });
    }
  });
  afterAll(() => deep[Symbol.asyncDispose]());

  const book = (query: Query) => one("depth", query);
  const levels = (side: unknown) => side as readonly (readonly [string, string])[];

  it("§3.3 depth: lastUpdateId first, best levels first, padded to tick and step, and a live timestamp", async () => {
    const answer = await book({ symbol: BTC });
    expect(Object.keys(answer)[0]).toBe("lastUpdateId");
    expect(answer).toMatchObject({ lastUpdateId: NUMBER, timestamp: venue.now() });
    const [bids, asks] = [levels(answer["bids"]), levels(answer["asks"])];
    for (const [price, quantity] of [...bids, ...asks])
      expect([decimalsOf(price), decimalsOf(quantity)]).toEqual([2, 8]);
    const prices = [...bids.toReversed(), ...asks].map(([price]) => Number(price));
    expect(prices.every((price, at) => at === 0 || price > (prices[at - 1] ?? 0))).toBe(true);
  });

  it("§3.3 §10.16 depth: 100 levels unless asked, 2000 a side at most whatever is asked", async () => {
    const bids = async (query: Query) => {
      const { body } = await deep.get("/api/v3/depth", { symbol: BTC, ...query });
      return levels((body as Row)["bids"]);
    };
    expect(await bids({})).toHaveLength(100);
    for (const limit of [2_000, 5_000]) expect(await bids({ limit })).toHaveLength(2_000);
    await deep.withSwitches({ "depth-cap": "5000" }, async () => {
      expect((await bids({ limit: 5_000 })).length).toBeGreaterThan(2_100);
    });
    expect(levels((await book({ symbol: BTC, limit: 7 }))["asks"])).toHaveLength(7);
  });

  it("§3.3 depth: without a symbol 700004, with an unknown one -1121", async () => {
    expect(await codeOf("depth")).toBe(700004);
    expect(await codeOf("depth", { symbol: "btcusdt" })).toBe(-1121);
  });
});

describe("§3.3 trades", () => {
  it.each(["trades", "historicalTrades"])("§3.3 %s: newest first, without ids, taker's side twice", async (path) => {
    const trades = await rows(path, { symbol: BTC, limit: 200 });
    expect(trades).toHaveLength(200);
    for (const trade of trades) {
      expect(trade).toMatchObject({
        id: null,
        price: TEXT,
        qty: TEXT,
        quoteQty: TEXT,
        time: NUMBER,
        isBestMatch: true,
      });
      expect(trade["tradeType"]).toBe(trade["isBuyerMaker"] === true ? "ASK" : "BID");
      expect(Number(trade["quoteQty"])).toBeCloseTo(Number(trade["price"]) * Number(trade["qty"]), 8);
    }
    expect(isDescending(trades.map((trade) => Number(trade["time"])))).toBe(true);
  });

  it("§3.3 trades: 500 unless asked, 1000 at most", async () => {
    expect(await rows("trades", { symbol: BTC })).toHaveLength(500);
    expect(await rows("trades", { symbol: BTC, limit: 5_000 })).toHaveLength(1_000);
  });

  it("§3.3 §10.11 aggTrades: newest first, ids null, whole seconds", async () => {
    const trades = await rows("aggTrades", { symbol: BTC, limit: 50 });
    for (const trade of trades) {
      expect(trade).toMatchObject({
        a: null,
        f: null,
        l: null,
        p: TEXT,
        q: TEXT,
        M: true,
        m: expect.any(Boolean) as boolean,
      });
      expect(Number(trade["T"]) % 1_000).toBe(0);
    }
    expect(isDescending(trades.map((trade) => Number(trade["T"])))).toBe(true);
  });

  it("§3.3 §10.11 aggTrades: start and end both or neither, at most an hour apart", async () => {
    const endTime = venue.now();
    const within = await rows("aggTrades", { symbol: BTC, startTime: endTime - 4 * MINUTE, endTime });
    expect(within.length).toBeGreaterThan(0);
    expect(within.every((trade) => Number(trade["T"]) >= endTime - 4 * MINUTE - 1_000)).toBe(true);
    for (const half of [{ startTime: endTime - MINUTE }, { endTime }]) {
      expect((await venue.get("/api/v3/aggTrades", { symbol: BTC, ...half })).status).toBe(400);
    }
    const wide = { symbol: BTC, startTime: endTime - HOUR - 1_000, endTime };
    expect((await venue.get("/api/v3/aggTrades", wide)).status).toBe(400);
  });
});

describe("§3.3 klines", () => {
  type Candle = readonly [number, string, string, string, string, string, number, string];
  const klines = (query: Query) => rows<Candle>("klines", { symbol: BTC, interval: "1m", ...query });

  it("§3.3 klines: eight elements of their types, oldest first, closing where the next one opens", async () => {
    const candles = await klines({ limit: 50 });
    expect(candles).toHaveLength(50);
    for (const [at, candle] of candles.entries()) {
      expect(candle).toEqual([NUMBER, TEXT, TEXT, TEXT, TEXT, TEXT, NUMBER, TEXT]);
      expect(candle[6]).toBe(candle[0] + MINUTE);
      if (at > 0) expect(candle[0]).toBe(candles[at - 1]?.[6]);
    }
  });

  it("§3.3 §10.10 klines: at most 500 rows whatever the limit", async () => {
    expect(await klines({})).toHaveLength(500);
    expect(await klines({ limit: 1_000 })).toHaveLength(500);
  });

  it("§3.3 §10.10 klines: a start without an end is ignored", async () => {
    const usual = await klines({ limit: 20 });
    expect(await klines({ limit: 20, startTime: venue.now() - 300 * MINUTE })).toEqual(usual);
  });

  it("§3.3 klines: with both, the oldest after the start; one that opened before it is left out", async () => {
    const startTime = venue.now() - 30 * MINUTE + 1;
    const candles = await klines({ startTime, endTime: startTime + 500 * MINUTE, limit: 10 });
    expect(candles).toHaveLength(10);
    expect(candles[0]?.[0]).toBeGreaterThanOrEqual(startTime);
    expect(candles[0]?.[0]).toBeLessThan(startTime + MINUTE);
  });

  it.each(["1m", "5m", "15m", "30m", "60m", "4h", "1d", "1W", "1M"])(
    "§3.3 klines: the interval %s",
    async (interval) => {
      expect((await klines({ interval, limit: 2 })).length).toBeGreaterThan(0);
    },
  );

  it.each(["1h", "1w", "60M", "1H", "2m"])("§3.3 §10.10 klines: there is no interval %s", async (interval) => {
    expect((await venue.get("/api/v3/klines", { symbol: BTC, interval })).status).toBe(400);
  });

  it("§3.3 klines: 8h is refused, or served by switch", async () => {
    const ask = () => venue.get("/api/v3/klines", { symbol: BTC, interval: "8h" });
    expect((await ask()).status).toBe(400);
    await venue.withSwitches({ "kline-8h": "served" }, async () => {
      expect((await ask()).status).toBe(200);
    });
  });
});

describe("§3.3 tickers", () => {
  const texts = [
    "priceChange",
    "priceChangePercent",
    "prevClosePrice",
    "lastPrice",
    "bidPrice",
    "bidQty",
    "askPrice",
    "askQty",
  ];

  it("§3.3 §10.13 ticker/24hr: texts but for the times, no count, a fraction for the change, and no day between its times", async () => {
    const ticker = await one("ticker/24hr", { symbol: BTC });
    for (const name of [...texts, "openPrice", "highPrice", "lowPrice", "volume", "quoteVolume"]) {
      expect(ticker[name], name).toEqual(TEXT);
    }
    expect(ticker).toMatchObject({ symbol: BTC, openTime: NUMBER, closeTime: NUMBER, count: null });
    const span = Number(ticker["closeTime"]) - Number(ticker["openTime"]);
    expect(span).toBeGreaterThanOrEqual(9_000);
    expect(span).toBeLessThanOrEqual(44_000);
    const change = Number(ticker["lastPrice"]) / Number(ticker["prevClosePrice"]) - 1;
    expect(Number(ticker["priceChangePercent"])).toBeCloseTo(change, 3);
  });

  it("§3.3 ticker/price and ticker/bookTicker: nothing but texts, padded", async () => {
    expect(await one("ticker/price", { symbol: BTC })).toEqual({ symbol: BTC, price: TEXT });
    const top = await one("ticker/bookTicker", { symbol: BTC });
    expect(top).toEqual({ symbol: BTC, bidPrice: TEXT, bidQty: TEXT, askPrice: TEXT, askQty: TEXT });
    expect([decimalsOf(top["bidPrice"]), decimalsOf(top["bidQty"])]).toEqual([2, 8]);
  });

  it.each(["ticker/24hr", "ticker/price", "ticker/bookTicker"])(
    "§3.3 %s: without a symbol an array of all",
    async (path) => {
      expect(await rows(path)).toHaveLength(20);
    },
  );

  it.each(["ticker/24hr", "ticker/price"])("§3.3 §10.12 %s: `symbols` is ignored", async (path) => {
    expect(await rows(path, { symbols: `["${BTC}"]` })).toHaveLength(20);
  });
});
