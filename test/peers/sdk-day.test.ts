import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServedExchange } from "./exchange-program.ts";
import { serveExchange } from "./exchange-program.ts";
import type { SdkClient, SdkRow } from "./sdk-client.ts";
import { openSdk } from "./sdk-client.ts";

const BTC = "BTCUSDT";
const ETH = "ETHUSDT";

let exchange: ServedExchange;
let sdk: SdkClient;

beforeAll(async () => {
  exchange = await serveExchange();
  sdk = openSdk(exchange);
});
afterAll(async () => {
  await sdk?.close();
  await exchange?.[Symbol.asyncDispose]();
});

const lastPrice = async (symbol: string) => Number(((await sdk.call("tickerPrice", symbol)) as SdkRow)["price"]);

describe("the exchange's own kit reads the market", () => {
  it("its time and its symbols", async () => {
    expect(await sdk.call("ping")).toEqual({});
    expect(Math.abs((await sdk.call("time")).serverTime - Date.now())).toBeLessThan(2_000);
    expect((await sdk.call("exchangeInfo")).symbols).toHaveLength(60);
    const { symbols } = await sdk.call("exchangeInfo", { symbols: "mxusdt,btcusdt" });
    expect(symbols.map((row) => row["symbol"])).toEqual(["MXUSDT", BTC]);
  });

  it("its book, trades, candles and tickers", async () => {
    const book = await sdk.call("depth", BTC, { limit: 5 });
    expect([book.bids.length, book.asks.length]).toEqual([5, 5]);
    expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    for (const rows of [await sdk.call("trades", BTC), await sdk.call("historicalTrades", BTC)])
      expect(rows[0]).toHaveProperty("isBuyerMaker");
    expect((await sdk.call("aggTrades", BTC))[0]).toHaveProperty("p");
    expect(await sdk.call("klines", BTC, "60m", { limit: 3 })).toHaveLength(3);
    expect(await sdk.call("avgPrice", BTC)).toMatchObject({ mins: 5 });
    expect(await sdk.call("ticker24hr", BTC)).toMatchObject({ symbol: BTC, count: "" });
    expect(await sdk.call("tickerPrice")).toHaveLength(60);
    expect(await sdk.call("bookTicker")).toHaveLength(60);
  });
});

describe("the exchange's own kit trades", () => {
  it("a test order leaves nothing behind", async () => {
    const order = { quantity: "0.01", price: String(Math.floor((await lastPrice(BTC)) * 0.9)) };
    expect(await sdk.call("newOrderTest", BTC, "BUY", "LIMIT", { ...order })).toEqual({});
    expect(await sdk.call("openOrders", BTC)).toEqual([]);
  });

  it("a limit order: placed, seen, found by its own id, cancelled", async () => {
    const price = String(Math.floor((await lastPrice(BTC)) * 0.9));
    const placed = await sdk.call("newOrder", BTC, "BUY", "LIMIT", {
      quantity: "0.01",
      price,
      newClientOrderId: "kit-1",
    });
    expect(placed).toMatchObject({ symbol: BTC, orderListId: -1, price, origQty: "0.01", type: "LIMIT", side: "BUY" });
    expect((await sdk.call("openOrders", BTC)).map((row) => row["orderId"])).toEqual([placed["orderId"]]);
    expect(await sdk.call("queryOrder", BTC, { origClientOrderId: "kit-1" })).toMatchObject({
      status: "NEW",
      executedQty: "0",
    });
    expect(await sdk.call("cancelOrder", BTC, { orderId: String(placed["orderId"]) })).toMatchObject({
      orderId: placed["orderId"],
    });
    await expect
      .poll(async () => (await sdk.call("queryOrder", BTC, { origClientOrderId: "kit-1" }))["status"])
      .toBe("CANCELED");
  });

  it("market orders by quote and by quantity, and the rest of the day's types", async () => {
    await sdk.call("newOrder", ETH, "BUY", "MARKET", { quoteOrderQty: "400" });
    await sdk.call("newOrder", ETH, "SELL", "MARKET", { quantity: "0.05" });
    const price = String(Math.floor((await lastPrice(ETH)) * 1.03));
    await sdk.call("newOrder", ETH, "BUY", "IMMEDIATE_OR_CANCEL", { quantity: "0.05", price });
    await sdk.call("newOrder", ETH, "BUY", "FILL_OR_KILL", { quantity: "0.05", price });
    await sdk.call("newOrder", ETH, "SELL", "LIMIT_MAKER", { quantity: "0.05", price });
    const types = ["MARKET", "MARKET", "IMMEDIATE_OR_CANCEL", "FILL_OR_KILL", "LIMIT_MAKER"];
    expect((await sdk.call("allOrders", ETH)).map((row) => row["type"])).toEqual(types.toReversed());
    const finished = (await sdk.call("allOrders", ETH)).slice(1);
    expect(finished.map((row) => row["status"])).toEqual(Array.from({ length: 4 }, () => "FILLED"));
    expect(await sdk.call("cancelOpenOrders", ETH)).toHaveLength(1);
  });

  it("sees the fills and the balances of the ledger", async () => {
    const { accounts, trades } = await exchange.fullLedger();
    const fills = await sdk.call("accountTradeList", ETH, { limit: 1_000 });
    expect(fills.map((row) => `${row["id"]} ${row["qty"]}`).sort()).toEqual(
      trades.map((trade) => `${trade.tradeId} ${trade.quantity}`).sort(),
    );
    const held = (await sdk.call("accountInfo")).balances.map(
      (row) => `${row["asset"]} ${row["free"]} ${row["locked"]}`,
    );
    expect(held.sort()).toEqual(
      Object.entries(accounts[exchange.apiKey] ?? {})
        .filter(([, { free, locked }]) => Number(free) > 0 || Number(locked) > 0)
        .map(([asset, { free, locked }]) => `${asset} ${free} ${locked}`)
        .sort(),
    );
  });

  it("is told the exchange's code when an order is refused", async () => {
    const order = sdk.call("newOrder", "LOKAUSDT", "BUY", "LIMIT", { quantity: "100", price: "0.19" });
    await expect(order).rejects.toThrow(/with status code 400[^]*"code":10007/);
  });
});
