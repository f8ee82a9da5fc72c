import { Decimal } from "decimal.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CcxtClient, CcxtOrder } from "./ccxt-client.ts";
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

async function lastPrice(symbol: string): Promise<number> {
  return (await ccxt.fetchTicker(symbol)).last;
}

/** What the account holds by its own books, as the exchange wrote it: `free locked` by asset. */
async function balances(): Promise<Readonly<Record<string, string>>> {
  const { balances: rows } = (await ccxt.fetchBalance()).info;
  return Object.fromEntries(rows.map((row) => [row["asset"], `${row["free"]} ${row["locked"]}`]));
}

async function ledgerBalances(): Promise<Readonly<Record<string, string>>> {
  const assets = (await exchange.fullLedger()).accounts[exchange.apiKey] ?? {};
  const held = Object.entries(assets).filter(([, { free, locked }]) => Number(free) > 0 || Number(locked) > 0);
  return Object.fromEntries(held.map(([asset, { free, locked }]) => [asset, `${free} ${locked}`]));
}

async function afterwards({ id, symbol }: CcxtOrder): Promise<CcxtOrder> {
  return await ccxt.fetchOrder(id, symbol);
}

describe("a day of ccxt begins", () => {
  it("with the balances the ledger has, and the fees of the market", async () => {
    expect(await balances()).toEqual(await ledgerBalances());
    expect((await ccxt.fetchBalance()).total).toMatchObject({ USDT: 100_000, BTC: 1, ETH: 10 });
    expect((await ccxt.fetchAccounts()).map(({ code }) => code)).toContain("USDT");
    expect(await ccxt.fetchTradingFee(BTC)).toMatchObject({ maker: 0, taker: 0.0005 });
  });
});

describe("limit orders", () => {
  it("rest, lock their cost, are found by either id and leave nothing behind when cancelled", async () => {
    const before = await balances();
    const price = Math.floor((await lastPrice(BTC)) * 0.9);
    const placed = await ccxt.createOrder(BTC, "limit", "buy", 0.01, price, { clientOrderId: "day-limit-1" });
    expect(placed.id).toMatch(/^C02__\d{18,21}$/);
    const open = (await ccxt.fetchOpenOrders(BTC)).find(({ id }) => id === placed.id);
    expect(open).toMatchObject({ status: "open", type: "limit", side: "buy", price, amount: 0.01, filled: 0 });
    expect(open).toMatchObject({ clientOrderId: "day-limit-1", timeInForce: "GTC" });
    expect(await ccxt.fetchOrder(undefined, BTC, { clientOrderId: "day-limit-1" })).toMatchObject({ id: placed.id });
    expect((await ccxt.fetchBalance()).used["USDT"]).toBeGreaterThanOrEqual(price * 0.01);
    await ccxt.cancelOrder(placed.id, BTC);
    await expect.poll(async () => (await afterwards(placed)).status).toBe("canceled");
    expect(await balances()).toEqual(before);
  });

  it("that cross are filled at the book's prices, never worse than their own", async () => {
    const price = Math.floor((await lastPrice(BTC)) * 1.003);
    const placed = await ccxt.createOrder(BTC, "limit", "buy", 0.02, price);
    const order = await afterwards(placed);
    expect(order).toMatchObject({ status: "closed", filled: 0.02, remaining: 0 });
    expect(order.average).toBeLessThanOrEqual(price);
    const fills = await ccxt.fetchOrderTrades(placed.id, BTC);
    const sum = fills.reduce((total, fill) => total.plus(fill.info["qty"] ?? "NaN"), new Decimal(0));
    expect(sum.toString()).toBe("0.02");
    expect(
      fills.every(({ takerOrMaker, side, fee }) => `${takerOrMaker} ${side} ${fee.currency}` === "taker buy USDT"),
    ).toBe(true);
  });

  it("post-only ones rest, or die when they would take", async () => {
    const last = await lastPrice(BTC);
    const resting = await ccxt.createOrder(BTC, "limit", "buy", 0.01, Math.floor(last * 0.95), { postOnly: true });
    expect(await afterwards(resting)).toMatchObject({ status: "open", timeInForce: "POST_ONLY" });
    const taking = await ccxt.createOrder(BTC, "limit", "buy", 0.01, Math.floor(last * 1.003), { postOnly: true });
    await expect.poll(async () => (await afterwards(taking)).status).toBe("canceled");
    expect(await afterwards(taking)).toMatchObject({ filled: 0 });
    await ccxt.cancelOrder(resting.id, BTC);
  });

  it("IOC takes what is there and drops the rest; FOK takes all or nothing", async () => {
    const { asks } = await ccxt.fetchOrderBook("MX/USDT", 1);
    const [best = 0, size = 0] = asks[0] ?? [];
    const ioc = await ccxt.createOrder("MX/USDT", "limit", "buy", size * 3 + 1, best, { timeInForce: "IOC" });
    await expect.poll(async () => (await afterwards(ioc)).status).toMatch(/^(canceled|closed)$/);
    const left = await afterwards(ioc);
    expect(left.timeInForce).toBe("IOC");
    // The market moves on meanwhile, so how much is left is its affair; never more than the price allows.
    if (left.filled > 0) expect(left.average).toBeLessThanOrEqual(best);
    const away = await lastPrice(BTC);
    const miss = await ccxt.createOrder(BTC, "limit", "buy", 0.001, Math.floor(away * 0.99), { timeInForce: "IOC" });
    expect(await afterwards(miss)).toMatchObject({ status: "canceled", filled: 0 });
    const whole = await ccxt.createOrder(BTC, "limit", "buy", 0.001, Math.floor(away * 1.003), { timeInForce: "FOK" });
    expect(await afterwards(whole)).toMatchObject({ status: "closed", filled: 0.001, timeInForce: "FOK" });
    const nothing = await ccxt.createOrder(BTC, "limit", "buy", 0.001, Math.floor(away * 0.99), { timeInForce: "FOK" });
    expect(await afterwards(nothing)).toMatchObject({ status: "canceled", filled: 0 });
  });
});

describe("market orders", () => {
  it("by quantity, both ways", async () => {
    for (const side of ["buy", "sell"] as const) {
      const placed = await ccxt.createOrder(ETH, "market", side, 0.25);
      expect(await afterwards(placed), side).toMatchObject({ status: "closed", type: "market", side, filled: 0.25 });
    }
  });

  it("by cost, both ways: as much as the amount buys or sells, and no more", async () => {
    const bought = await afterwards(await ccxt.createMarketBuyOrderWithCost(ETH, 500));
    expect(bought.status).toBe("closed");
    expect(bought.cost).toBeLessThanOrEqual(500);
    expect(bought.cost).toBeGreaterThan(490);
    const sold = await afterwards(await ccxt.createMarketSellOrderWithCost(ETH, 300));
    expect(sold.status).toBe("closed");
    expect(sold.cost).toBeGreaterThan(290);
    expect(sold.cost).toBeLessThan(310);
  });

  it("answer with a protective price and say nothing of what was done", async () => {
    const last = await lastPrice(BTC);
    const placed = await ccxt.createOrder(BTC, "market", "buy", 0.001);
    expect(placed.price / last).toBeCloseTo(1.05, 1);
    expect(placed.info).not.toHaveProperty("status");
    expect(placed.info).not.toHaveProperty("executedQty");
  });
});

describe("batches", () => {
  it("place what they can and tell of each what became of it", async () => {
    const price = Math.floor((await lastPrice(BTC)) * 0.9);
    const row = { symbol: BTC, type: "limit", side: "buy", amount: 0.001, price };
    const answers = await ccxt.createOrders([
      { ...row, params: { clientOrderId: "batch-1" } },
      { ...row, amount: 0.000002, params: { clientOrderId: "batch-2" } },
      { ...row, side: "sell", price: Math.ceil(price * 1.3), params: { clientOrderId: "batch-3" } },
    ]);
    expect(answers).toHaveLength(3);
    expect(answers[0]?.id).toMatch(/^C02__/);
    expect(answers[1]).toMatchObject({ status: "rejected", clientOrderId: "batch-2", info: { code: 30002 } });
    expect(answers[2]?.id).toMatch(/^C02__/);
    const open = await ccxt.fetchOpenOrders(BTC);
    expect(new Set(open.map(({ clientOrderId }) => clientOrderId))).toEqual(new Set(["batch-1", "batch-3"]));
  });

  it("are cancelled together: those of a market, then all there are", async () => {
    const price = Math.floor((await lastPrice(ETH)) * 0.9);
    await ccxt.createOrder(ETH, "limit", "buy", 0.1, price);
    const cancelled = await ccxt.cancelAllOrders(BTC);
    expect(cancelled).toHaveLength(2);
    await expect.poll(async () => (await ccxt.fetchOpenOrders(BTC)).length).toBe(0);
    expect(await ccxt.fetchOpenOrders(ETH)).toHaveLength(1);
    await ccxt.cancelAllOrders();
    await expect.poll(async () => (await ccxt.fetchOpenOrders()).length).toBe(0);
  });
});

describe("a day of ccxt ends", () => {
  it("with every order and fill of the ledger, and none besides", async () => {
    const ledger = await exchange.fullLedger();
    let filled = 0;
    for (const [symbol, id] of [
      [BTC, "BTCUSDT"],
      [ETH, "ETHUSDT"],
      ["MX/USDT", "MXUSDT"],
    ] as const) {
      const orders = ledger.orders.filter((order) => order.symbol === id);
      const seen = await ccxt.fetchOrders(symbol, undefined, 1_000);
      const rowOf = (order: CcxtOrder) => [order.id, order.info["status"], order.info["executedQty"]].join(" ");
      expect(seen.map(rowOf).sort()).toEqual(
        orders.map((order) => [order.orderId, order.status, order.executedQuantity].join(" ")).sort(),
      );
      const fills = await ccxt.fetchMyTrades(symbol, undefined, 1_000);
      expect(
        fills.map(({ info }) => [info["id"], info["orderId"], info["price"], info["qty"]].join(" ")).sort(),
      ).toEqual(
        ledger.trades
          .filter((trade) => trade.symbol === id)
          .map((trade) => [trade.tradeId, trade.orderId, trade.price, trade.quantity].join(" "))
          .sort(),
      );
      filled += fills.length;
    }
    // Not of each market: whether an order that may only take found somebody is the market's affair.
    expect(filled).toBeGreaterThan(0);
  });

  it("with balances that follow from its fills and fees to the last digit", async () => {
    const owned: Record<string, Decimal> = { USDT: new Decimal(100_000), BTC: new Decimal(1), ETH: new Decimal(10) };
    const add = (asset: string, amount: Decimal) => {
      owned[asset] = (owned[asset] ?? new Decimal(0)).plus(amount);
    };
    Decimal.set({ precision: 60 });
    for (const symbol of [BTC, ETH, "MX/USDT"]) {
      const base = symbol.split("/")[0] ?? "";
      for (const { side, info } of await ccxt.fetchMyTrades(symbol, undefined, 1_000)) {
        const sign = side === "buy" ? 1 : -1;
        add(base, new Decimal(info["qty"] ?? NaN).times(sign));
        add("USDT", new Decimal(info["quoteQty"] ?? NaN).times(-sign));
        add(info["commissionAsset"] ?? "", new Decimal(info["commission"] ?? NaN).negated());
      }
    }
    const expected = Object.fromEntries(
      Object.entries(owned)
        .filter(([, amount]) => !amount.isZero())
        .map(([asset, amount]) => [asset, `${amount.toFixed()} 0`]),
    );
    expect(await balances()).toEqual(expected);
    expect(await ledgerBalances()).toEqual(expected);
  });
});
