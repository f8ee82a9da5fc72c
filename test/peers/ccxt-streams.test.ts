import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CcxtBalances, CcxtClient, CcxtOrder, CcxtTrade } from "./ccxt-client.ts";
import { openCcxt } from "./ccxt-client.ts";
import type { ServedExchange } from "./exchange-program.ts";
import { serveExchange } from "./exchange-program.ts";

const BTC = "BTC/USDT";
const ETH = "ETH/USDT";

let exchange: ServedExchange;
let ccxt: CcxtClient;

beforeAll(async () => {
  exchange = await serveExchange();
  ccxt = await openCcxt(exchange);
  await ccxt.loadMarkets();
});
afterAll(async () => {
  await ccxt?.close();
  await exchange?.[Symbol.asyncDispose]();
});

/** Watches on and on, keeping everything, until the client is closed. */
function keep<T>(watch: () => Promise<T>): T[] {
  const seen: T[] = [];
  const again = async (): Promise<void> => {
    seen.push(structuredClone(await watch()));
    await again();
  };
  // It ends when the client is closed, which rejects what is still watched; anything else fails the run.
  again().catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "ExchangeClosedByUser") throw error;
  });
  return seen;
}

describe("ccxt watches the markets", () => {
  it("a book that agrees with the exchange's", { timeout: 30_000 }, async () => {
    const books = keep(() => ccxt.watchOrderBook(BTC));
    await expect.poll(() => books.length, { timeout: 15_000 }).toBeGreaterThan(5);
    // Not level for level: ccxt skips the push a snapshot falls into, and then keeps levels that are gone; and between
    // the question and its answer the market moves on.
    const agrees = async () => {
      const asked = await ccxt.fetchOrderBook(BTC, 50);
      const { bids = [], asks = [] } = books.at(-1) ?? {};
      const kept = new Set([...bids, ...asks].map((level) => level.join(" ")));
      const levels = [...asked.bids, ...asked.asks];
      return levels.filter((level) => kept.has(level.join(" "))).length / levels.length;
    };
    await expect.poll(agrees, { interval: 300 }).toBeGreaterThan(0.8);
  });

  it("trades as they are made", async () => {
    const seen = keep(() => ccxt.watchTrades(BTC));
    await exchange.control("move", { symbol: "BTCUSDT", price: String((await ccxt.fetchTicker(BTC)).last * 1.002) });
    await expect.poll(() => seen.flat().length).toBeGreaterThan(3);
    for (const trade of seen.flat()) {
      expect(trade).toMatchObject({ symbol: BTC });
      expect(["buy", "sell"]).toContain(trade.side);
      expect(trade.price * trade.amount).toBeGreaterThan(0);
    }
  });

  it("the best prices of one and of several markets", async () => {
    const ticker = await ccxt.watchTicker(ETH);
    expect(ticker).toMatchObject({ symbol: ETH });
    expect(ticker.bid).toBeLessThan(ticker.ask);
    // Its watchBidsAsks reads the frames of the old JSON streams only, so it is silent here and on the real exchange.
    for (const symbol of [BTC, "龙虾/USDT"]) expect(await ccxt.watchTicker(symbol)).toMatchObject({ symbol });
    await ccxt.unWatchTicker(ETH);
  });

  it("candles", async () => {
    const candles = keep(() => ccxt.watchOHLCV(BTC, "1m"));
    await expect.poll(() => candles.flat().length).toBeGreaterThan(0);
    const [opened = 1, open = 0, high = 0, low = 0, close = 0] = candles.flat().at(-1) ?? [];
    expect(opened % 60_000).toBe(0);
    expect(Math.abs(Date.now() - opened)).toBeLessThan(130_000);
    expect(low).toBeLessThanOrEqual(Math.min(open, close));
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
  });
});

describe("ccxt watches its account", () => {
  let orders: CcxtOrder[][];
  let trades: CcxtTrade[][];
  let accounts: CcxtBalances[];
  const statesOf = (id: string) =>
    orders
      .flat()
      .filter((order) => order.id === id)
      .map(({ status }) => status);

  beforeAll(async () => {
    orders = keep(() => ccxt.watchOrders()) as CcxtOrder[][];
    trades = keep(() => ccxt.watchMyTrades()) as CcxtTrade[][];
    accounts = keep(() => ccxt.watchBalance());
    // Subscribed is who hears of a first order; the exchange says nothing of its own accord.
    const price = Math.floor((await ccxt.fetchTicker(BTC)).last * 0.8);
    const heard = async () => {
      const { id } = await ccxt.createOrder(BTC, "limit", "buy", 0.0001, price);
      await ccxt.cancelOrder(id, BTC);
      return orders.length > 0 && accounts.length > 0;
    };
    await vi.waitUntil(heard, { interval: 500, timeout: 20_000 });
  });

  it("an order that rests and is cancelled", async () => {
    const price = Math.floor((await ccxt.fetchTicker(BTC)).last * 0.9);
    const { id } = await ccxt.createOrder(BTC, "limit", "buy", 0.001, price, { clientOrderId: "watched-1" });
    await expect.poll(() => statesOf(id)).toEqual(["open"]);
    expect(orders.flat().find((order) => order.id === id)).toMatchObject({
      clientOrderId: "watched-1",
      symbol: BTC,
      type: "limit",
      side: "buy",
      price,
      amount: 0.001,
      remaining: 0.001,
    });
    await ccxt.cancelOrder(id, BTC);
    await expect.poll(() => statesOf(id)).toEqual(["open", "canceled"]);
  });

  it("an order that is filled, each of its fills once, and the balance it leaves", async () => {
    const { id } = await ccxt.createOrder(BTC, "market", "buy", 0.4);
    await expect.poll(() => statesOf(id).at(-1), { timeout: 10_000 }).toBe("closed");
    const byRest = await ccxt.fetchOrderTrades(id, BTC);
    const fills = () => trades.flat().filter((trade) => trade.order === id);
    await expect.poll(() => fills().length).toBe(byRest.length);
    expect(
      fills()
        .map((fill) => [fill.id, fill.price, fill.amount, fill.fee.cost].join(" "))
        .sort(),
    ).toEqual(byRest.map((fill) => [fill.id, fill.price, fill.amount, fill.fee.cost].join(" ")).sort());
    const account = async () => (await exchange.fullLedger()).accounts[exchange.apiKey] ?? {};
    const { USDT, BTC: coins } = await account();
    await expect.poll(() => accounts.at(-1)?.free["USDT"]).toBe(Number(USDT?.free));
    expect(accounts.at(-1)?.free["BTC"]).toBe(Number(coins?.free));
    expect(accounts.at(-1)?.used["USDT"]).toBe(0);
  });

  it("through a listen key that it keeps alive", async () => {
    const listenKey = String(ccxt.options["listenKey"]);
    expect(listenKey).toMatch(/^[0-9a-f]{64}$/);
    expect((await ccxt.spotPrivateGetUserDataStream()).listenKey).toContain(listenKey);
    await ccxt.keepAliveListenKey(listenKey);
    expect(ccxt.options["listenKey"]).toBe(listenKey);
  });
});
