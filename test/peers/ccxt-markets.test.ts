import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CcxtClient, CcxtMarket } from "./ccxt-client.ts";
import { openCcxt } from "./ccxt-client.ts";
import { serveExchange } from "./exchange-program.ts";

const BTC = "BTC/USDT";
const MINUTE = 60_000;

let exchange: Awaited<ReturnType<typeof serveExchange>>;
let ccxt: CcxtClient;
let markets: Readonly<Record<string, CcxtMarket>>;

beforeAll(async () => {
  exchange = await serveExchange();
  ccxt = await openCcxt(exchange);
  markets = await ccxt.loadMarkets();
});
afterAll(async () => {
  await ccxt?.close();
  await exchange?.[Symbol.asyncDispose]();
});

describe("ccxt reads the markets", () => {
  it("with their steps, least sizes and whether the API may trade them", () => {
    expect(Object.keys(markets)).toHaveLength(60);
    expect(markets[BTC]).toMatchObject({
      id: "BTCUSDT",
      active: true,
      precision: { amount: 1e-8, price: 0.01 },
      limits: { amount: { min: 1e-6 }, cost: { min: 1 } },
    });
    expect(markets["LOKA/USDT"]).toMatchObject({ active: false });
    // Names with no Latin letter, and those that cannot be told apart by cutting off the quote.
    expect(markets["龙虾/USDT"]).toMatchObject({ id: "龙虾USDT" });
    expect(markets["METAL/USDT"]).toMatchObject({ id: "METALUSDT" });
  });

  it("and the exchange's time, state, offline list and announcements", async () => {
    expect(Math.abs((await ccxt.fetchTime()) - Date.now())).toBeLessThan(2_000);
    expect(await ccxt.fetchStatus()).toMatchObject({ status: "ok" });
    expect((await ccxt.spotPublicGetSymbolOffline()).data).toBeInstanceOf(Array);
    expect((await ccxt.spotPublicGetAnnouncements()).code).toBe(0);
  });

  it("and currencies with their networks", async () => {
    const currencies = await ccxt.fetchCurrencies();
    expect(currencies["USDT"]?.networks).not.toEqual({});
    expect(currencies["BTC"]).toBeDefined();
  });
});

describe("ccxt reads market data", () => {
  it("a book: best first on both sides, as deep as asked, numbered", async () => {
    const book = await ccxt.fetchOrderBook(BTC, 7);
    expect(book.bids).toHaveLength(7);
    expect(book.asks).toHaveLength(7);
    const prices = [...book.bids.map(([price]) => price).toReversed(), ...book.asks.map(([price]) => price)];
    expect(prices).toEqual([...new Set(prices)].sort((left, right) => left - right));
    expect(book.nonce).toBeGreaterThan(0);
  });

  it("a ticker between its low and high, for one market, for some and for all", async () => {
    const ticker = await ccxt.fetchTicker(BTC);
    expect(ticker.bid).toBeLessThan(ticker.ask);
    expect(ticker.low).toBeLessThanOrEqual(ticker.last);
    expect(ticker.high).toBeGreaterThanOrEqual(ticker.last);
    expect(ticker.baseVolume).toBeGreaterThan(0);
    expect(Object.keys(await ccxt.fetchTickers())).toHaveLength(60);
    expect(Object.keys(await ccxt.fetchTickers([BTC, "ETH/BTC"])).sort()).toEqual([BTC, "ETH/BTC"]);
    const tops = await ccxt.fetchBidsAsks();
    expect(Object.keys(tops)).toHaveLength(60);
    expect(tops["龙虾/USDT"]?.bid).toBeLessThan(tops["龙虾/USDT"]?.ask ?? 0);
  });

  it("candles of each frame: whole, in order, and none that opened before the start", async () => {
    const widths = { "1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "4h": 240, "1d": 1_440 };
    for (const [frame, minutes] of Object.entries(widths)) {
      const candles = await ccxt.fetchOHLCV(BTC, frame, undefined, 20);
      expect(candles.length, frame).toBeGreaterThan(1);
      for (const [at, [opened, open, high, low, close]] of candles.entries()) {
        expect(opened % (minutes * MINUTE), frame).toBe(0);
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        if (at > 0) expect(opened - (candles[at - 1]?.[0] ?? 0), frame).toBe(minutes * MINUTE);
      }
    }
    const since = Date.now() - 30 * MINUTE;
    const fresh = await ccxt.fetchOHLCV(BTC, "1m", since, 10);
    expect(fresh[0]?.[0]).toBeGreaterThanOrEqual(since);
    expect(fresh[0]?.[0]).toBeLessThan(since + MINUTE);
    expect(fresh).toHaveLength(10);
  });

  it("public trades by each of its three ways", async () => {
    for (const method of ["spotPublicGetAggTrades", "spotPublicGetTrades", "spotPublicGetHistoricalTrades"]) {
      const trades = await ccxt.fetchTrades(BTC, undefined, 50, { method });
      expect(trades, method).toHaveLength(50);
      for (const trade of trades) {
        expect(trade.cost).toBeCloseTo(trade.price * trade.amount, 6);
        expect(["buy", "sell"]).toContain(trade.side);
      }
      const times = trades.map((trade) => trade.timestamp);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
    }
    const until = Date.now();
    const window = await ccxt.fetchTrades(BTC, until - 10 * MINUTE, 20, { until });
    expect(window.length).toBeGreaterThan(0);
    expect(window.every((trade) => trade.timestamp >= until - 10 * MINUTE)).toBe(true);
  });
});

describe("ccxt reads the wallet, and cannot empty it", () => {
  it("deposit addresses, fees of networks, deposits, withdrawals and transfers", async () => {
    const addresses = await ccxt.fetchDepositAddressesByNetwork("USDT");
    expect(Object.values(addresses).every(({ address }) => address.length > 10)).toBe(true);
    expect(Object.keys(addresses).length).toBeGreaterThan(0);
    expect(await ccxt.fetchDepositWithdrawFees(["USDT"])).toHaveProperty("USDT");
    expect(await ccxt.fetchDeposits()).toBeInstanceOf(Array);
    expect(await ccxt.fetchWithdrawals()).toEqual([]);
    const way = { fromAccountType: "spot", toAccountType: "swap" };
    expect(await ccxt.fetchTransfers(undefined, undefined, undefined, way)).toBeInstanceOf(Array);
  });

  it("a withdrawal is refused for want of permission", async () => {
    const leave = ccxt.withdraw("USDT", 10, "TJ7yXh1cbJ7mGZ1DTGZ2ZP3gVRbG7kqmnq", undefined, { network: "TRC20" });
    await expect(leave).rejects.toMatchObject({
      name: "AuthenticationError",
      message: expect.stringContaining("700007") as string,
    });
  });
});
