import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restingBuy, traderAt } from "./trader.ts";
import type { Trader } from "./trader.ts";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const ETH = "ETHUSDT";
const HOUR = 3_600_000;
const NUMBER = expect.any(Number) as number;

let venue: VenueClient;
let at: Trader;

beforeAll(async () => {
  venue = await openVenue();
  at = traderAt(venue);
  venue.advance(60_000);
});
afterAll(() => venue[Symbol.asyncDispose]());

describe("§4.6 queries", () => {
  it("§4.6 §10.8 §10.23 an open order has every field of the real one; what is never known is null", async () => {
    const { orderId } = await at.place({ ...restingBuy(), newClientOrderId: "q-1" });
    expect(await at.query("order", { symbol: BTC, origClientOrderId: "q-1" })).toEqual({
      symbol: BTC,
      orderId,
      orderListId: -1,
      clientOrderId: "q-1",
      price: "60000",
      origQty: "0.001",
      executedQty: "0",
      cummulativeQuoteQty: "0",
      status: "NEW",
      timeInForce: null,
      type: "LIMIT",
      side: "BUY",
      stopPrice: null,
      icebergQty: null,
      time: NUMBER,
      updateTime: null,
      isWorking: true,
      stpMode: "",
      cancelReason: null,
      origQuoteOrderQty: "60",
    });
    expect(await at.query("order", { symbol: BTC, orderId: "C02__1" })).toMatchObject({ code: -2013 });
    await venue.signed("DELETE", "/api/v3/order/all");
  });

  it("§4.6 openOrders of one, of several and of all markets", async () => {
    await at.place(restingBuy());
    await at.place({ symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" });
    for (const [symbol, count] of [
      [BTC, 1],
      [`${BTC},${ETH}`, 2],
      [undefined, 2],
    ] as const) {
      expect(await at.list("openOrders", { symbol }), String(symbol)).toHaveLength(count);
    }
    await venue.signed("DELETE", "/api/v3/order/all");
  });

  it("§4.6 allOrders is of the last day unless asked, of seven days at most, newest first", async () => {
    const past = await openVenue();
    const all = async (parameters: Query = {}) =>
      (await past.signed("GET", "/api/v3/allOrders", { symbol: BTC, ...parameters })).body as readonly Row[];
    for (let nth = 0; nth < 3; nth += 1)
      await past.signed("POST", "/api/v3/order", { ...restingBuy(), price: 60_000 + nth });
    const placed = past.now();
    expect((await all()).map((row) => row["price"])).toEqual(["60002", "60001", "60000"]);
    expect(await all({ limit: 2 })).toHaveLength(2);
    expect(await all({ startTime: placed + 1_000, endTime: placed + 2_000 })).toEqual([]);
    past.jump(25 * HOUR);
    expect(await all()).toEqual([]);
    const since = { startTime: placed - 1_000, endTime: placed + 7 * 24 * HOUR };
    expect(await all(since)).toHaveLength(3);
    past.jump(6 * 24 * HOUR);
    expect(await all(since)).toEqual([]);
    await past[Symbol.asyncDispose]();
  });

  it("§4.6 myTrades: whole seconds, newest first, fees in the quote, and the client's id", async () => {
    const bought = await at.place({
      symbol: BTC,
      side: "BUY",
      type: "MARKET",
      quantity: "0.2",
      newClientOrderId: "t-1",
    });
    const fills = await at.list("myTrades", { symbol: BTC, orderId: String(bought["orderId"]) });
    expect(fills.length).toBeGreaterThan(0);
    for (const fill of fills) {
      expect(Object.keys(fill).sort()).toEqual(
        ["symbol", "id", "orderId", "orderListId", "price", "qty", "quoteQty", "commission", "commissionAsset", "time"]
          .concat(["isBuyer", "isMaker", "isBestMatch", "isSelfTrade", "clientOrderId"])
          .sort(),
      );
      expect(fill).toMatchObject({ orderListId: -1, isBuyer: true, isMaker: false, commissionAsset: "USDT" });
      expect(fill).toMatchObject({ clientOrderId: "t-1", isSelfTrade: false, id: expect.any(String) as string });
      expect(Number(fill["time"]) % 1_000).toBe(0);
      expect(Number(fill["commission"])).toBeCloseTo(Number(fill["quoteQty"]) * 0.0005, 9);
    }
    const order = await at.query("order", { symbol: BTC, origClientOrderId: "t-1" });
    const sum = fills.reduce((total, fill) => total + Number(fill["quoteQty"]), 0);
    expect(sum).toBeCloseTo(Number(order["cummulativeQuoteQty"]), 8);
  });

  it("§4.6 myTrades: of the last month at most", async () => {
    const past = await openVenue();
    const fills = async (query: Query = {}) =>
      (await past.signed("GET", "/api/v3/myTrades", { symbol: BTC, ...query })).body as readonly Row[];
    const order = { symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.001" };
    const placed = past.now();
    expect((await past.signed("POST", "/api/v3/order", order)).status).toBe(200);
    past.jump(29 * 24 * HOUR);
    expect((await fills()).length).toBeGreaterThan(0);
    past.jump(2 * 24 * HOUR);
    expect(await fills({ startTime: placed - 1_000, endTime: past.now() })).toEqual([]);
    await past[Symbol.asyncDispose]();
  });

  it("§4.6 §10.9 myTrades: 100 rows unless asked; 10 and 1000 by switch; a fill may come late", async () => {
    const row = { symbol: ETH, side: "BUY", type: "MARKET", quantity: "0.001" };
    for (let nth = 0; nth < 110; nth += 1) await at.place(row);
    expect(await at.list("myTrades", { symbol: ETH })).toHaveLength(100);
    expect((await at.list("myTrades", { symbol: ETH, limit: 1_000 })).length).toBeGreaterThan(109);
    await venue.withSwitches({ "my-trades-usual-rows": 10 }, async () => {
      expect(await at.list("myTrades", { symbol: ETH })).toHaveLength(10);
    });
    await venue.withSwitches({ "my-trades-lag-ms": 900 }, async () => {
      const { orderId } = await at.place(row);
      const fills = () => at.list("myTrades", { symbol: ETH, orderId: String(orderId) });
      expect(await at.query("order", { symbol: ETH, orderId: String(orderId) })).toMatchObject({ status: "FILLED" });
      expect(await fills()).toEqual([]);
      venue.advance(1_000);
      expect(await fills()).not.toEqual([]);
    });
  });
});

describe("§4.7 account", () => {
  it("§4.7 has null rates and a row for each asset held, and none for what is not", async () => {
    const account = await at.query("account");
    expect(account).toMatchObject({
      makerCommission: null,
      takerCommission: null,
      buyerCommission: null,
      sellerCommission: null,
      canTrade: true,
      canWithdraw: expect.any(Boolean) as boolean,
      canDeposit: true,
      updateTime: null,
      accountType: "SPOT",
      permissions: ["SPOT"],
    });
    const balances = account["balances"] as readonly Row[];
    const usdt = balances.find((row) => row["asset"] === "USDT");
    expect(usdt).toEqual({ asset: "USDT", free: usdt?.["free"], locked: "0", available: usdt?.["free"] });
    expect(balances.some((row) => row["asset"] === "SOL")).toBe(false);
    await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "SOL", amount: "3" });
    expect((await at.query("account"))["balances"]).toContainEqual({
      asset: "SOL",
      free: "3",
      locked: "0",
      available: "3",
    });
  });
});

describe("§4.8 other signed calls", () => {
  it("§4.8 kyc/status, uid, selfSymbols and apiKeyInfo", async () => {
    expect(await at.query("kyc/status")).toEqual({ status: expect.stringMatching(/^[1-4]$/) as string });
    expect(await at.query("uid")).toEqual({ uid: expect.stringMatching(/^\d+$/) as string });
    expect(await at.query("selfSymbols")).toMatchObject({ code: 200, msg: null });
    expect(await at.query("apiKeyInfo")).toMatchObject({
      accessKey: venue.key.apiKey,
      status: "VALID",
      permissions: expect.any(Array) as unknown[],
      ipWhiteList: expect.any(Array) as unknown[],
      createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      remainingValidity: -999,
    });
  });

  it("§4.8 tradeFee tells numbers in an envelope", async () => {
    expect(await at.query("tradeFee", { symbol: BTC })).toEqual({
      data: expect.objectContaining({ makerCommission: 0, takerCommission: 0.0005 }) as object,
      code: 0,
      msg: "success",
      timestamp: venue.now(),
    });
    expect(await at.query("tradeFee")).toMatchObject({ code: 700004 });
  });

  it("§4.8 mxDeduct/enable is set and read, and moves fees to MX", async () => {
    const set = (mxDeductEnable: string) => venue.signed("POST", "/api/v3/mxDeduct/enable", { mxDeductEnable });
    expect((await set("true")).body).toMatchObject({ data: { mxDeductEnable: true }, code: 0, msg: "success" });
    expect(await at.query("mxDeduct/enable")).toMatchObject({ data: { mxDeductEnable: true }, code: 0 });
    await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "MX", amount: "1000" });
    const { orderId } = await at.place({ symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.01" });
    const [fill] = await at.list("myTrades", { symbol: BTC, orderId: String(orderId) });
    expect(fill).toMatchObject({ commissionAsset: "MX" });
    const paid = Number(fill?.["commission"]) * (await at.lastPrice("MXUSDT"));
    expect(paid / (Number(fill?.["quoteQty"]) * 0.0005)).toBeCloseTo(0.8, 1);
    await set("false");
  });

  it("§4.8 strategy groups are made, read, joined, left and removed; self-trades are prevented within one", async () => {
    const group = (await venue.signed("POST", "/api/v3/strategy/group", { tradeGroupName: "desk" })).body as Row;
    expect(group).toMatchObject({ code: 200, data: { tradeGroupName: "desk" } });
    const { tradeGroupId } = group["data"] as Row;
    expect((await venue.signed("POST", "/api/v3/strategy/group", { tradeGroupName: "desk" })).status).toBe(400);
    const found = await at.query("strategy/group", { tradeGroupName: "desk" });
    expect((found["data"] as readonly Row[])[0]).toMatchObject({ tradeGroupId });
    const { uid } = await at.query("uid");
    const member = { uid: String(uid), tradeGroupId: String(tradeGroupId) };
    expect((await venue.signed("POST", "/api/v3/strategy/group/uid", member)).status).toBe(200);

    const { bid, ask } = await at.top(BTC);
    expect(ask - bid, "room between bid and ask").toBeGreaterThan(0.015);
    const own = { symbol: BTC, type: "LIMIT", quantity: "0.001", price: (bid + 0.01).toFixed(2) };
    const maker = await at.place({ ...own, side: "BUY" });
    await at.place({ ...own, side: "SELL", stpMode: "cancel_maker" });
    expect(await at.query("order", { symbol: BTC, orderId: String(maker["orderId"]) })).toMatchObject({
      status: "CANCELED",
      cancelReason: "stp_cancel",
    });
    await venue.signed("DELETE", "/api/v3/order/all");
    expect((await venue.signed("DELETE", "/api/v3/strategy/group/uid", member)).body).toMatchObject({ data: true });
    const removed = await venue.signed("DELETE", "/api/v3/strategy/group", { tradeGroupId: String(tradeGroupId) });
    expect(removed.body).toMatchObject({ data: true, code: 200 });
  });
});
