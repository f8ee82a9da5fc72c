import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Key, Query, Reply, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const LIMIT = { symbol: BTC, side: "BUY", type: "LIMIT", quantity: "0.001", price: "60000" };

let venue: VenueClient;

beforeAll(async () => {
  venue = await openVenue({ symbolCount: 100 });
});
afterAll(() => venue[Symbol.asyncDispose]());

const post = (order: Query, key?: Key) =>
  venue.signed("POST", "/api/v3/order", { ...LIMIT, ...order }, key === undefined ? {} : { key });
const ask = (path: string, query: Query = {}) => venue.signed("GET", `/api/v3/${path}`, query);

function expectRefusal(reply: Reply, status: number, code: number, text?: string): void {
  expect(reply).toMatchObject({ status, body: { code, msg: expect.any(String) as string } });
  if (text !== undefined) expect((reply.body as Row)["msg"]).toBe(text);
}

/** §2: what an order is refused with, and the text where the fact sheet has it. */
const ORDERS: readonly (readonly [code: number, why: string, order: Query, text?: string])[] = [
  [400, "too many decimals of a price", { price: "60000.001" }],
  [400, "too many decimals of a quantity", { quantity: "0.0010000001" }],
  [
    400,
    "too many decimals of an amount",
    { type: "MARKET", quantity: undefined, price: undefined, quoteOrderQty: "10.001" },
    " amount scale is invalid",
  ],
  [
    10007,
    "a symbol that is not tradable by API",
    { symbol: "LOKAUSDT", quantity: "100", price: "0.19" },
    "symbol not support api",
  ],
  [10007, "a symbol nobody knows", { symbol: "NOPEUSDT" }],
  [
    30002,
    "less than the least amount",
    { quantity: "0.000001" },
    "The minimum transaction volume cannot be less than:1USDT",
  ],
  [
    30003,
    "more than the greatest amount",
    { quantity: "100" },
    "The maximum transaction volume cannot be greater than:4000000USDT",
  ],
  [30004, "more than the balance buys", { quantity: "5" }],
  [30005, "more than is held", { side: "SELL", quantity: "5", price: "66000" }],
  [30041, "a type that cannot be placed", { type: "STOP_MARKET_ORDER" }],
  [30087, "a buy above the price band", { price: "70000" }],
  [30087, "a sell below the price band", { side: "SELL", price: "60000" }],
  [
    -1128,
    "two sizes of a market order",
    { type: "MARKET", price: undefined, quoteOrderQty: "20" },
    "Combination of optional parameters invalid.",
  ],
  [30010, "a price of nothing", { price: "0" }],
  [700008, "an own id with illegal characters", { newClientOrderId: "a b" }],
  [700004, "no symbol", { symbol: undefined }],
  [700004, "no side", { side: undefined }],
  [700004, "no type", { type: undefined }],
  [700004, "no quantity", { quantity: undefined }],
  [700004, "no price", { price: undefined }],
  [33333, "a side that is none", { side: "HOLD" }],
  [33333, "a quantity that is no number", { quantity: "NaN" }],
];

describe("§2 refusals of orders", () => {
  const cases = ORDERS.map(([code, why, order, text]) => ({ code, why, order, text }));
  it.each(cases)("§2 $code: $why", async ({ code, order, text }) => {
    expectRefusal(await post(order), 400, code, text);
  });

  it("§2 30004 and 30005 are 10101 for both, by switch", async () => {
    await venue.withSwitches({ "insufficient-code": "10101" }, async () => {
      expectRefusal(await post({ quantity: "5" }), 400, 10101);
      expectRefusal(await post({ side: "SELL", quantity: "5", price: "66000" }), 400, 10101);
    });
  });

  const MARKET_BUY = { type: "MARKET", quantity: undefined, price: undefined, quoteOrderQty: "20" };

  it.each([
    [30001, "sells are closed", { tradeSideType: 2 }, { side: "SELL", price: "3" }],
    [30001, "buys are closed", { tradeSideType: 3 }, {}],
    [30001, "both sides are closed", { tradeSideType: 4 }, {}],
    [30018, "market orders are off", { marketOrders: false }, MARKET_BUY],
    [30019, "market orders are not for the API", { orderTypes: ["LIMIT", "LIMIT_MAKER"] }, MARKET_BUY],
    [30041, "the type is not one of the market's", { orderTypes: ["LIMIT", "MARKET"] }, { type: "LIMIT_MAKER" }],
    [30000, "the market is paused", { status: "2" }, {}],
    [30016, "the market is gone", { status: "3" }, {}],
    [10007, "the market is closed to the API", { isSpotTradingAllowed: false }, {}],
    [30027, "buying is suspended", { suspendedSides: ["BUY"] }, {}],
    [30028, "selling is suspended", { suspendedSides: ["SELL"] }, { side: "SELL", price: "3" }],
    [30032, "more than one may hold", { largestPosition: "5" }, {}],
  ])("§2 %i: %s", async (code, _why, rules, order) => {
    await venue.control("symbol", { symbol: "MXUSDT", ...rules });
    expectRefusal(await post({ symbol: "MXUSDT", quantity: "10", price: "3", ...order }), 400, code);
    const usual = { status: "1", isSpotTradingAllowed: true, tradeSideType: 1, marketOrders: true };
    const open = { suspendedSides: [], largestPosition: null, orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER"] };
    await venue.control("symbol", { symbol: "MXUSDT", ...usual, ...open });
  });

  it("§2 §10.28 30029: 500 open orders and no more", async () => {
    const key: Key = { apiKey: "mx0fivehundred", secret: "s" };
    await venue.control("keys", key);
    await venue.control("deposit", { apiKey: key.apiKey, asset: "USDT", amount: "100000" });
    const orders = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...LIMIT, quantity: "0.0002", price: String(20_000 + at) }));
    for (let at = 0; at < 25; at += 1) {
      const { body } = await venue.signed(
        "POST",
        "/api/v3/batchOrders",
        { batchOrders: JSON.stringify(orders(20)) },
        { key },
      );
      expect((body as readonly Row[]).every((row) => "orderId" in row)).toBe(true);
    }
    expectRefusal(await post({ quantity: "0.0002", price: "20000" }, key), 400, 30029);
  });

  it("§2 30025: nobody on the other side of a market order", async () => {
    await venue.control("listing", { symbol: "VOIDUSDT", openInMs: 0 });
    venue.advance(200);
    const emptied = await venue.get("/api/v3/depth", { symbol: "VOIDUSDT" });
    const asks = ((emptied.body as Row)["asks"] as readonly (readonly [string, string])[]).length;
    if (asks > 0) {
      await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "USDT", amount: "1000000000" });
      const { body } = await venue.get("/api/v3/depth", { symbol: "VOIDUSDT", limit: 2_000 });
      for (const [price, quantity] of (body as Row)["asks"] as readonly (readonly [string, string])[]) {
        await post({ symbol: "VOIDUSDT", type: "IMMEDIATE_OR_CANCEL", price, quantity });
      }
    }
    expectRefusal(
      await venue.signed("POST", "/api/v3/order", {
        symbol: "VOIDUSDT",
        side: "BUY",
        type: "MARKET",
        quoteOrderQty: "10",
      }),
      400,
      30025,
    );
  });
});

describe("§2 refusals of everything else", () => {
  it.each([
    [-1121, "an unknown symbol of market data", "depth", { symbol: "NOPEUSDT" }],
    [-1121, "an unknown symbol of exchangeInfo", "exchangeInfo", { symbol: "NOPEUSDT" }],
    [-2013, "an order that does not exist", "order", { symbol: BTC, orderId: "C02__1" }],
    [30026, "an order id that is none", "order", { symbol: BTC, orderId: "C02__1; drop" }],
    [700004, "neither id of an order", "order", { symbol: BTC }],
    [700004, "history without a symbol", "allOrders", {}],
    [700004, "fills without a symbol", "myTrades", {}],
  ])("§2 %i: %s", async (code, _why, path, query) => {
    expectRefusal(await ask(path, query), 400, code);
  });

  it("§2 -2011: cancelling an order that is unknown", async () => {
    expectRefusal(await venue.signed("DELETE", "/api/v3/order", { symbol: BTC, orderId: "C02__1" }), 400, -2011);
  });

  it("§2 30026: cancelling by what is no order id", async () => {
    const wrong = { symbol: BTC, orderId: "mine, all of them" };
    expectRefusal(await venue.signed("DELETE", "/api/v3/order", wrong), 400, 30026);
    // An id is opaque: whatever could be one is merely unknown.
    for (const orderId of ["0123456789abcdef0123456789abcdef", "123456789", "mine"]) {
      expectRefusal(await venue.signed("DELETE", "/api/v3/order", { ...wrong, orderId }), 400, -2011);
    }
  });

  it("§2 70011: a pair that is not ticked on the key, by switch", async () => {
    const key: Key = { apiKey: "mx0onlyeth", secret: "s" };
    await venue.control("keys", { ...key, symbols: ["ETHUSDT"] });
    await venue.withSwitches({ "key-pair-code": "70011" }, async () => {
      expectRefusal(await post({}, key), 400, 70011);
    });
  });

  it("§2 429: too many requests, with the time to wait", async () => {
    await venue.control("faults", { kind: "429", target: "order", method: "POST", retryAfterSeconds: 3 });
    const reply = await post({});
    expectRefusal(reply, 429, 429);
    expect(reply.headers.get("retry-after")).toBe("3");
  });

  it("§2 10072: a key nobody has is told so with HTTP 401, or 700002 by switch", async () => {
    const key: Key = { apiKey: "mx0nobodyhasthis", secret: "s" };
    expectRefusal(await venue.signed("GET", "/api/v3/account", {}, { key }), 401, 10072);
    await venue.withSwitches({ "unknown-key-code": "700002" }, async () => {
      expectRefusal(await venue.signed("GET", "/api/v3/account", {}, { key }), 400, 700002);
    });
  });

  it("§2 402: a key whose days are over, or 700002 by switch", async () => {
    const key: Key = { apiKey: "mx0expired", secret: "s" };
    await venue.control("keys", { ...key, ipWhiteList: [], createdDaysAgo: 91 });
    expect((await venue.signed("GET", "/api/v3/account", {}, { key })).body).toMatchObject({ code: 402 });
    await venue.withSwitches({ "expired-key-code": "700002" }, async () => {
      expectRefusal(await venue.signed("GET", "/api/v3/account", {}, { key }), 400, 700002);
    });
  });

  it("§2 700007: withdrawing is not permitted, by neither form", async () => {
    const withdrawal = { coin: "USDT", address: "T1", amount: 10, netWork: "TRX" };
    for (const path of ["/api/v3/capital/withdraw", "/api/v3/capital/withdraw/apply"]) {
      expectRefusal(await venue.signed("POST", path, withdrawal), 400, 700007);
    }
    expectRefusal(await venue.signed("DELETE", "/api/v3/capital/withdraw", { id: "1" }), 400, 700007);
  });

  it("§2 §10.24 5xx says nothing of the outcome: the order may stand", async () => {
    await venue.control("faults", { kind: "5xx", target: "order", method: "POST", processed: true });
    expect((await post({ newClientOrderId: "in-doubt" })).status).toBeGreaterThanOrEqual(500);
    expect((await ask("order", { symbol: BTC, origClientOrderId: "in-doubt" })).body).toMatchObject({ status: "NEW" });
    await venue.control("faults", { kind: "5xx", target: "order", method: "POST" });
    expect((await post({ newClientOrderId: "never" })).status).toBeGreaterThanOrEqual(500);
    expectRefusal(await ask("order", { symbol: BTC, origClientOrderId: "never" }), 400, -2013);
  });

  it("§2 the HTTP status of business refusals is 400, or 200 by switch", async () => {
    await venue.withSwitches({ "refusal-status": "200" }, async () => {
      const key: Key = { apiKey: "mx0poor", secret: "s" };
      await venue.control("keys", key);
      expectRefusal(await post({ price: "50000", quantity: "5" }, key), 200, 30004);
    });
  });
});
