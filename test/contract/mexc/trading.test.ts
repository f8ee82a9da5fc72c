import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Reply, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const ETH = "ETHUSDT";

let venue: VenueClient;

beforeAll(async () => {
  venue = await openVenue();
  venue.advance(60_000);
});
afterAll(() => venue[Symbol.asyncDispose]());

const NUMBER = expect.any(Number) as number;
const ORDER_ID = /^C0[12]__\d{18,21}$/;

const post = (order: Query): Promise<Reply> => venue.signed("POST", "/api/v3/order", order);
const query = async (path: string, parameters: Query = {}): Promise<Row> =>
  (await venue.signed("GET", `/api/v3/${path}`, parameters)).body as Row;
const list = async (path: string, parameters: Query = {}): Promise<readonly Row[]> =>
  (await venue.signed("GET", `/api/v3/${path}`, parameters)).body as readonly Row[];

async function place(order: Query): Promise<Row> {
  const { status, body } = await post(order);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Row;
}

async function last(symbol: string): Promise<number> {
  return Number(((await venue.get("/api/v3/ticker/price", { symbol })).body as Row)["price"]);
}

async function top(symbol: string): Promise<{ readonly bid: number; readonly ask: number }> {
  const row = (await venue.get("/api/v3/ticker/bookTicker", { symbol })).body as Row;
  return { bid: Number(row["bidPrice"]), ask: Number(row["askPrice"]) };
}

const resting = (quantity = "0.001", price = "60000") => ({ symbol: BTC, side: "BUY", type: "LIMIT", quantity, price });

describe("§4.2 the answer to a new order", () => {
  it("§4.2 has an opaque id, and neither status nor fills nor the client's id", async () => {
    const answer = await place({ ...resting(), newClientOrderId: "mine-1" });
    expect(answer).toEqual({
      symbol: BTC,
      orderId: expect.stringMatching(ORDER_ID) as string,
      orderListId: -1,
      price: "60000",
      origQty: "0.001",
      type: "LIMIT",
      side: "BUY",
      stpMode: "",
      transactTime: venue.now(),
    });
  });

  it.each([
    ["BUY", "quantity", "0.01", 1.05],
    ["SELL", "quantity", "0.01", 0.95],
    ["BUY", "quoteOrderQty", "100", 1.05],
    ["SELL", "quoteOrderQty", "100", 0.95],
  ])("§4.2 MARKET %s by %s is accepted and answers a protective price", async (side, size, amount, factor) => {
    const before = await last(BTC);
    const answer = await place({ symbol: BTC, side, type: "MARKET", [size]: amount });
    expect(answer).toMatchObject({ type: "MARKET", orderListId: -1 });
    expect(Number(answer["price"]) / before).toBeCloseTo(factor, 2);
    const order = await query("order", { symbol: BTC, orderId: String(answer["orderId"]) });
    expect(order).toMatchObject({ status: "FILLED", type: "MARKET" });
  });

  it("§4.2 a price sent along with MARKET is accepted", async () => {
    await place({ symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.001", price: "1" });
  });

  it("§4.2 MARKET wants exactly one size", async () => {
    const none = await post({ symbol: BTC, side: "BUY", type: "MARKET" });
    expect(none).toMatchObject({ status: 400, body: { code: 700004 } });
    expect((await post({ symbol: BTC, side: "BUY", type: "MARKET", quantity: 1, quoteOrderQty: 1 })).status).toBe(400);
  });

  it("§4.2 MARKET by quote spends the amount up to the step, and answers what the protective price would buy", async () => {
    const answer = await place({ symbol: ETH, side: "BUY", type: "MARKET", quoteOrderQty: "500" });
    expect(answer["origQty"]).toBe(String(Math.floor((500 / Number(answer["price"])) * 1e5) / 1e5));
    const order = await query("order", { symbol: ETH, orderId: String(answer["orderId"]) });
    expect(Number(order["cummulativeQuoteQty"])).toBeGreaterThan(499);
    expect(Number(order["cummulativeQuoteQty"])).toBeLessThanOrEqual(500);
  });

  it("§4.2 MARKET by quote the other way, by switch: about 5 % stays unspent, and the answer may say 0", async () => {
    await venue.withSwitches({ "market-by-quote": "protective", "quote-ack-quantity": "zero" }, async () => {
      const answer = await place({ symbol: ETH, side: "BUY", type: "MARKET", quoteOrderQty: "500" });
      expect(answer["origQty"]).toBe("0");
      const order = await query("order", { symbol: ETH, orderId: String(answer["orderId"]) });
      expect(order["status"]).toBe("FILLED");
      expect(Number(order["cummulativeQuoteQty"]) / 500).toBeCloseTo(0.952, 1);
      expect(Number(order["cummulativeQuoteQty"])).toBeLessThan(490);
    });
  });

  it("§4.2 a client order id is up to 32 of a-z, A-Z, 0-9, _ and -, once among open orders", async () => {
    const id = "A-z_0".padEnd(32, "9");
    await place({ ...resting(), newClientOrderId: id });
    expect(await post({ ...resting(), newClientOrderId: id })).toMatchObject({ status: 400, body: { code: 400 } });
    for (const wrong of [`${id}9`, "a b", "ä"]) {
      expect((await post({ ...resting(), newClientOrderId: wrong })).status, wrong).toBe(400);
    }
    await venue.signed("DELETE", "/api/v3/order", { symbol: BTC, origClientOrderId: id });
    await place({ ...resting(), newClientOrderId: id });
  });
});

describe("§4.1 the types and states of orders", () => {
  const after = async (order: Query): Promise<Row> =>
    query("order", { symbol: BTC, orderId: String((await place(order))["orderId"]) });

  it("§4.1 LIMIT rests as NEW, and fills as FILLED when it crosses", async () => {
    expect(await after(resting())).toMatchObject({ status: "NEW", executedQty: "0" });
    const { ask } = await top(BTC);
    const crossing = await after(resting("0.001", (ask * 1.002).toFixed(2)));
    expect(crossing).toMatchObject({ status: "FILLED", executedQty: "0.001" });
    expect(Number(crossing["cummulativeQuoteQty"]) / 0.001).toBeLessThanOrEqual(ask * 1.002);
  });

  it("§4.1 LIMIT_MAKER rests, and is CANCELED when it would take", async () => {
    const { ask } = await top(BTC);
    expect(await after({ ...resting(), type: "LIMIT_MAKER" })).toMatchObject({ status: "NEW", type: "LIMIT_MAKER" });
    const taking = await after({ ...resting("0.001", (ask * 1.002).toFixed(2)), type: "LIMIT_MAKER" });
    expect(taking).toMatchObject({ status: "CANCELED", executedQty: "0" });
  });

  it("§4.1 IMMEDIATE_OR_CANCEL keeps what it got: PARTIALLY_CANCELED", async () => {
    const book = (await venue.get("/api/v3/depth", { symbol: BTC, limit: 1 })).body as Row;
    const [[price = "", size = ""] = []] = book["asks"] as readonly (readonly string[])[];
    const order = await after({
      ...resting((Number(size) + 0.5).toFixed(8), price),
      type: "IMMEDIATE_OR_CANCEL",
    });
    expect(order).toMatchObject({ status: "PARTIALLY_CANCELED", type: "IMMEDIATE_OR_CANCEL" });
    expect(Number(order["executedQty"])).toBeCloseTo(Number(size), 8);
    const missed = await after({ ...resting(), type: "IMMEDIATE_OR_CANCEL" });
    expect(missed).toMatchObject({ status: "CANCELED", executedQty: "0" });
  });

  it("§4.1 FILL_OR_KILL takes all or nothing", async () => {
    const book = (await venue.get("/api/v3/depth", { symbol: BTC, limit: 1 })).body as Row;
    const [[price = "", size = ""] = []] = book["asks"] as readonly (readonly string[])[];
    const killed = await after({ ...resting((Number(size) + 0.5).toFixed(8), price), type: "FILL_OR_KILL" });
    expect(killed).toMatchObject({ status: "CANCELED", executedQty: "0" });
    const filled = await after({ ...resting("0.00005", (Number(price) * 1.002).toFixed(2)), type: "FILL_OR_KILL" });
    expect(filled).toMatchObject({ status: "FILLED" });
  });

  it("§4.1 stop, OCO and trailing orders cannot be placed", async () => {
    for (const type of ["STOP_MARKET_ORDER", "STOP_LOSS", "OCO", "TRAILING_STOP_MARKET"]) {
      expect((await post({ ...resting(), type })).status, type).toBe(400);
    }
  });
});

describe("§4.3 order/test", () => {
  it("§4.3 is an empty object for a good order, the refusal for a bad one, and books nothing", async () => {
    const before = await list("allOrders", { symbol: ETH });
    const test = (order: Query) => venue.signed("POST", "/api/v3/order/test", order);
    const order = { symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" };
    expect(await test(order)).toMatchObject({ status: 200, body: {} });
    expect(await test({ ...order, quantity: "0.0001" })).toMatchObject({ status: 400, body: { code: 30002 } });
    expect(await list("allOrders", { symbol: ETH })).toEqual(before);
  });
});

describe("§4.4 batchOrders", () => {
  const batch = (orders: readonly object[]) =>
    venue.signed("POST", "/api/v3/batchOrders", { batchOrders: JSON.stringify(orders) });

  it("§4.4 answers each order for itself, with HTTP 200", async () => {
    const { status, body } = await batch([
      { ...resting(), newClientOrderId: "b-1" },
      { ...resting("0.000001"), newClientOrderId: "b-2" },
      resting(),
    ]);
    expect(status).toBe(200);
    expect(body).toEqual([
      { symbol: BTC, orderId: expect.stringMatching(ORDER_ID) as string, orderListId: -1, newClientOrderId: "b-1" },
      { newClientOrderId: "b-2", msg: expect.stringContaining("minimum transaction volume") as string, code: 30002 },
      { symbol: BTC, orderId: expect.stringMatching(ORDER_ID) as string, orderListId: -1 },
    ]);
  });

  it("§4.4 takes 20 orders at most, of one symbol", async () => {
    expect((await batch(Array.from({ length: 21 }, () => resting()))).status).toBe(400);
    expect((await batch([resting(), { ...resting(), symbol: ETH, price: "3000" }])).status).toBe(400);
  });

  it("§4.4 takes LIMIT, and LIMIT_ORDER as the documentation writes it", async () => {
    const { body } = await batch([{ ...resting(), type: "LIMIT_ORDER" }]);
    expect((body as readonly Row[])[0]).toHaveProperty("orderId");
  });
});

describe("§4.5 cancels", () => {
  const cancel = (parameters: Query) => venue.signed("DELETE", "/api/v3/order", { symbol: BTC, ...parameters });

  it("§4.5 DELETE order by either id echoes the order as it was", async () => {
    const { orderId } = await place({ ...resting(), newClientOrderId: "c-1" });
    expect(await cancel({ origClientOrderId: "c-1" })).toMatchObject({
      status: 200,
      body: {
        symbol: BTC,
        orderId,
        clientOrderId: "c-1",
        origClientOrderId: "c-1",
        price: "60000",
        origQty: "0.001",
        executedQty: "0",
        cummulativeQuoteQty: "0",
        status: "NEW",
        timeInForce: null,
        type: "LIMIT",
        side: "BUY",
      },
    });
    expect(await query("order", { symbol: BTC, orderId: String(orderId) })).toMatchObject({ status: "CANCELED" });
  });

  it("§4.5 without an id 700004; unknown or closed -2011", async () => {
    expect(await cancel({})).toMatchObject({ status: 400, body: { code: 700004 } });
    expect(await cancel({ orderId: "C02__1" })).toMatchObject({ status: 400, body: { code: -2011 } });
    const { orderId } = await place(resting());
    await cancel({ orderId: String(orderId) });
    expect(await cancel({ orderId: String(orderId) })).toMatchObject({ body: { code: -2011 } });
  });

  it("§4.5 answers before it is done: until then the order is open and may fill", async () => {
    await venue.withSwitches({ "cancel-latency-ms": 500 }, async () => {
      const { orderId } = await place(resting());
      const state = async () => (await query("order", { symbol: BTC, orderId: String(orderId) }))["status"];
      expect(await cancel({ orderId: String(orderId) })).toMatchObject({ status: 200, body: { status: "NEW" } });
      expect(await state()).toBe("NEW");
      venue.advance(600);
      expect(await state()).toBe("CANCELED");
    });
  });

  it.each([
    ["canceled", { status: "CANCELED" }],
    ["minimal", { symbol: BTC, price: "60000", origQty: "0.001", type: "LIMIT", side: "BUY" }],
  ])("§4.5 by switch the answer is %s", async (reading, expected) => {
    await venue.withSwitches({ "cancel-answer": reading }, async () => {
      const { orderId } = await place(resting());
      const { body } = await cancel({ orderId: String(orderId) });
      expect(body).toMatchObject({ orderId, ...expected });
      if (reading === "minimal") expect(body).not.toHaveProperty("status");
    });
  });

  it("§4.5 DELETE openOrders takes up to five symbols and answers the cancelled orders", async () => {
    await venue.signed("DELETE", "/api/v3/order/all");
    await place(resting());
    await place({ symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" });
    expect((await venue.signed("DELETE", "/api/v3/openOrders")).body).toMatchObject({ code: 700004 });
    const six = "BTCUSDT,ETHUSDT,SOLUSDT,MXUSDT,ADAUSDT,XRPUSDT";
    expect((await venue.signed("DELETE", "/api/v3/openOrders", { symbol: six })).status).toBe(400);
    const { body } = await venue.signed("DELETE", "/api/v3/openOrders", { symbol: `${BTC},${ETH}` });
    expect((body as readonly Row[]).map((row) => row["symbol"])).toEqual(expect.arrayContaining([BTC, ETH]));
    expect(await list("openOrders")).toEqual([]);
  });

  it("§4.5 DELETE order/all is an envelope with 200, or 0 by switch", async () => {
    await place(resting());
    const all = async () => (await venue.signed("DELETE", "/api/v3/order/all")).body;
    expect(await all()).toEqual({ code: 200, msg: "success", timestamp: venue.now() });
    expect(await list("openOrders")).toEqual([]);
    await venue.withSwitches({ "cancel-all-code": "0" }, async () => {
      expect(await all()).toMatchObject({ code: 0 });
    });
  });

  it("§4.5 after a partial fill the end is PARTIALLY_CANCELED", async () => {
    const { bid } = await top("MXUSDT");
    const own = { symbol: "MXUSDT", side: "BUY", type: "LIMIT", quantity: "20000" };
    const { orderId } = await place({ ...own, price: (bid + 0.0001).toFixed(4) });
    const state = async () => query("order", { symbol: "MXUSDT", orderId: String(orderId) });
    for (let at = 0; at < 600 && (await state())["status"] === "NEW"; at += 1) venue.advance(500);
    expect(await state()).toMatchObject({ status: "PARTIALLY_FILLED" });
    await venue.signed("DELETE", "/api/v3/order", { symbol: "MXUSDT", orderId: String(orderId) });
    expect(await state()).toMatchObject({ status: "PARTIALLY_CANCELED" });
  });
});

describe("§4.6 queries", () => {
  it("§4.6 an open order has every field of the real one; what is never known is null", async () => {
    const { orderId } = await place({ ...resting(), newClientOrderId: "q-1" });
    expect(await query("order", { symbol: BTC, origClientOrderId: "q-1" })).toEqual({
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
    expect(await query("order", { symbol: BTC, orderId: "C02__1" })).toMatchObject({ code: -2013 });
    await venue.signed("DELETE", "/api/v3/order/all");
  });

  it("§4.6 openOrders of one, of several and of all markets", async () => {
    await place(resting());
    await place({ symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" });
    for (const [symbol, count] of [
      [BTC, 1],
      [`${BTC},${ETH}`, 2],
      [undefined, 2],
    ] as const) {
      expect(await list("openOrders", { symbol }), String(symbol)).toHaveLength(count);
    }
    await venue.signed("DELETE", "/api/v3/order/all");
  });

  it("§4.6 allOrders is of the last day unless asked, of seven days at most, newest first", async () => {
    const past = await openVenue();
    const all = async (parameters: Query = {}) =>
      (await past.signed("GET", "/api/v3/allOrders", { symbol: BTC, ...parameters })).body as readonly Row[];
    for (let at = 0; at < 3; at += 1) await past.signed("POST", "/api/v3/order", { ...resting(), price: 60_000 + at });
    const placed = past.now();
    expect((await all()).map((row) => row["price"])).toEqual(["60002", "60001", "60000"]);
    expect(await all({ limit: 2 })).toHaveLength(2);
    expect(await all({ startTime: placed + 1_000, endTime: placed + 2_000 })).toEqual([]);
    await past[Symbol.asyncDispose]();
  });

  it("§4.6 myTrades: whole seconds, newest first, fees in the quote, and the client's id", async () => {
    const bought = await place({ symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.2", newClientOrderId: "t-1" });
    const fills = await list("myTrades", { symbol: BTC, orderId: String(bought["orderId"]) });
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
    const order = await query("order", { symbol: BTC, origClientOrderId: "t-1" });
    const sum = fills.reduce((total, fill) => total + Number(fill["quoteQty"]), 0);
    expect(sum).toBeCloseTo(Number(order["cummulativeQuoteQty"]), 8);
  });

  it("§4.6 myTrades: 100 rows unless asked; 10 and 1000 by switch; a fill may come late", async () => {
    const row = { symbol: ETH, side: "BUY", type: "MARKET", quantity: "0.001" };
    for (let at = 0; at < 110; at += 1) await place(row);
    expect(await list("myTrades", { symbol: ETH })).toHaveLength(100);
    expect((await list("myTrades", { symbol: ETH, limit: 1_000 })).length).toBeGreaterThan(109);
    await venue.withSwitches({ "my-trades-usual-rows": 10 }, async () => {
      expect(await list("myTrades", { symbol: ETH })).toHaveLength(10);
    });
    await venue.withSwitches({ "my-trades-lag-ms": 900 }, async () => {
      const { orderId } = await place(row);
      const fills = () => list("myTrades", { symbol: ETH, orderId: String(orderId) });
      expect(await query("order", { symbol: ETH, orderId: String(orderId) })).toMatchObject({ status: "FILLED" });
      expect(await fills()).toEqual([]);
      venue.advance(1_000);
      expect(await fills()).not.toEqual([]);
    });
  });
});

describe("§4.7 account", () => {
  it("§4.7 has null rates and a row for each asset held, and none for what is not", async () => {
    const account = await query("account");
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
    expect((await query("account"))["balances"]).toContainEqual({
      asset: "SOL",
      free: "3",
      locked: "0",
      available: "3",
    });
  });
});

describe("§4.8 other signed calls", () => {
  it("§4.8 kyc/status, uid, selfSymbols and apiKeyInfo", async () => {
    expect(await query("kyc/status")).toEqual({ status: expect.stringMatching(/^[1-4]$/) as string });
    expect(await query("uid")).toEqual({ uid: expect.stringMatching(/^\d+$/) as string });
    expect(await query("selfSymbols")).toMatchObject({ code: 200, msg: null });
    expect(await query("apiKeyInfo")).toMatchObject({
      accessKey: venue.key.apiKey,
      status: "VALID",
      permissions: expect.any(Array) as unknown[],
      ipWhiteList: expect.any(Array) as unknown[],
      createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      remainingValidity: -999,
    });
  });

  it("§4.8 tradeFee tells numbers in an envelope", async () => {
    expect(await query("tradeFee", { symbol: BTC })).toEqual({
      data: expect.objectContaining({ makerCommission: 0, takerCommission: 0.0005 }) as object,
      code: 0,
      msg: "success",
      timestamp: venue.now(),
    });
    expect(await query("tradeFee")).toMatchObject({ code: 700004 });
  });

  it("§4.8 mxDeduct/enable is set and read, and moves fees to MX", async () => {
    const set = (mxDeductEnable: string) => venue.signed("POST", "/api/v3/mxDeduct/enable", { mxDeductEnable });
    expect((await set("true")).body).toMatchObject({ data: { mxDeductEnable: true }, code: 0, msg: "success" });
    expect(await query("mxDeduct/enable")).toMatchObject({ data: { mxDeductEnable: true }, code: 0 });
    await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "MX", amount: "1000" });
    const { orderId } = await place({ symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.01" });
    const [fill] = await list("myTrades", { symbol: BTC, orderId: String(orderId) });
    expect(fill).toMatchObject({ commissionAsset: "MX" });
    const paid = Number(fill?.["commission"]) * (await last("MXUSDT"));
    expect(paid / (Number(fill?.["quoteQty"]) * 0.0005)).toBeCloseTo(0.8, 1);
    await set("false");
  });

  it("§4.8 strategy groups are made, read, joined, left and removed; self-trades are prevented within one", async () => {
    const group = (await venue.signed("POST", "/api/v3/strategy/group", { tradeGroupName: "desk" })).body as Row;
    expect(group).toMatchObject({ code: 200, data: { tradeGroupName: "desk" } });
    const { tradeGroupId } = group["data"] as Row;
    expect((await venue.signed("POST", "/api/v3/strategy/group", { tradeGroupName: "desk" })).status).toBe(400);
    const found = await query("strategy/group", { tradeGroupName: "desk" });
    expect((found["data"] as readonly Row[])[0]).toMatchObject({ tradeGroupId });
    const { uid } = await query("uid");
    const member = { uid: String(uid), tradeGroupId: String(tradeGroupId) };
    expect((await venue.signed("POST", "/api/v3/strategy/group/uid", member)).status).toBe(200);

    const { bid, ask } = await top(BTC);
    expect(ask - bid, "room between bid and ask").toBeGreaterThan(0.015);
    const own = { symbol: BTC, type: "LIMIT", quantity: "0.001", price: (bid + 0.01).toFixed(2) };
    const maker = await place({ ...own, side: "BUY" });
    await place({ ...own, side: "SELL", stpMode: "cancel_maker" });
    expect(await query("order", { symbol: BTC, orderId: String(maker["orderId"]) })).toMatchObject({
      status: "CANCELED",
      cancelReason: "stp_cancel",
    });
    await venue.signed("DELETE", "/api/v3/order/all");
    expect((await venue.signed("DELETE", "/api/v3/strategy/group/uid", member)).body).toMatchObject({ data: true });
    const removed = await venue.signed("DELETE", "/api/v3/strategy/group", { tradeGroupId: String(tradeGroupId) });
    expect(removed.body).toMatchObject({ data: true, code: 200 });
  });
});
