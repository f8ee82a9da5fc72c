import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restingBuy, traderAt } from "./trader.ts";
import type { Trader } from "./trader.ts";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const ETH = "ETHUSDT";
const ORDER_ID = /^C0[12]__\d{18,21}$/;

let venue: VenueClient;
let at: Trader;

beforeAll(async () => {
  venue = await openVenue();
  at = traderAt(venue);
  venue.advance(60_000);
});
afterAll(() => venue[Symbol.asyncDispose]());

describe("§4.2 the answer to a new order", () => {
  it("§4.2 §10.3 §10.4 has an opaque id, and neither status nor fills nor the client's id", async () => {
    const answer = await at.place({ ...restingBuy(), newClientOrderId: "mine-1" });
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
    const before = await at.lastPrice(BTC);
    const answer = await at.place({ symbol: BTC, side, type: "MARKET", [size]: amount });
    expect(answer).toMatchObject({ type: "MARKET", orderListId: -1 });
    expect(Number(answer["price"]) / before).toBeCloseTo(factor, 2);
    const order = await at.query("order", { symbol: BTC, orderId: String(answer["orderId"]) });
    expect(order).toMatchObject({ status: "FILLED", type: "MARKET" });
  });

  it("§4.2 a price sent along with MARKET is accepted", async () => {
    await at.place({ symbol: BTC, side: "BUY", type: "MARKET", quantity: "0.001", price: "1" });
  });

  it("§4.2 MARKET wants exactly one size", async () => {
    const none = await at.post({ symbol: BTC, side: "BUY", type: "MARKET" });
    expect(none).toMatchObject({ status: 400, body: { code: 700004 } });
    expect((await at.post({ symbol: BTC, side: "BUY", type: "MARKET", quantity: 1, quoteOrderQty: 1 })).status).toBe(
      400,
    );
  });

  it("§4.2 MARKET by quote spends the amount up to the step, and answers what the protective price would buy", async () => {
    const answer = await at.place({ symbol: ETH, side: "BUY", type: "MARKET", quoteOrderQty: "500" });
    expect(answer["origQty"]).toBe(String(Math.floor((500 / Number(answer["price"])) * 1e5) / 1e5));
    const order = await at.query("order", { symbol: ETH, orderId: String(answer["orderId"]) });
    expect(Number(order["cummulativeQuoteQty"])).toBeGreaterThan(499);
    expect(Number(order["cummulativeQuoteQty"])).toBeLessThanOrEqual(500);
  });

  it("§4.2 §10.5 MARKET by quote the other way, by switch: about 5 % stays unspent, and the answer may say 0", async () => {
    await venue.withSwitches({ "market-by-quote": "protective", "quote-ack-quantity": "zero" }, async () => {
      const answer = await at.place({ symbol: ETH, side: "BUY", type: "MARKET", quoteOrderQty: "500" });
      expect(answer["origQty"]).toBe("0");
      const order = await at.query("order", { symbol: ETH, orderId: String(answer["orderId"]) });
      expect(order["status"]).toBe("FILLED");
      expect(Number(order["cummulativeQuoteQty"]) / 500).toBeCloseTo(0.952, 1);
      expect(Number(order["cummulativeQuoteQty"])).toBeLessThan(490);
    });
  });

  it("§4.2 a client order id is up to 32 of a-z, A-Z, 0-9, _ and -, once among open orders", async () => {
    const id = "A-z_0".padEnd(32, "9");
    await at.place({ ...restingBuy(), newClientOrderId: id });
    expect(await at.post({ ...restingBuy(), newClientOrderId: id })).toMatchObject({
      status: 400,
      body: { code: 400 },
    });
    for (const wrong of [`${id}9`, "a b", "ä"]) {
      expect((await at.post({ ...restingBuy(), newClientOrderId: wrong })).status, wrong).toBe(400);
    }
    await venue.signed("DELETE", "/api/v3/order", { symbol: BTC, origClientOrderId: id });
    await at.place({ ...restingBuy(), newClientOrderId: id });
  });
});

describe("§4.1 the types and states of orders", () => {
  const after = async (order: Query): Promise<Row> =>
    at.query("order", { symbol: BTC, orderId: String((await at.place(order))["orderId"]) });

  it("§4.1 LIMIT rests as NEW, and fills as FILLED when it crosses", async () => {
    expect(await after(restingBuy())).toMatchObject({ status: "NEW", executedQty: "0" });
    const { ask } = await at.top(BTC);
    const crossing = await after(restingBuy("0.001", (ask * 1.002).toFixed(2)));
    expect(crossing).toMatchObject({ status: "FILLED", executedQty: "0.001" });
    expect(Number(crossing["cummulativeQuoteQty"]) / 0.001).toBeLessThanOrEqual(ask * 1.002);
  });

  it("§4.1 LIMIT_MAKER rests, and is CANCELED when it would take", async () => {
    const { ask } = await at.top(BTC);
    expect(await after({ ...restingBuy(), type: "LIMIT_MAKER" })).toMatchObject({ status: "NEW", type: "LIMIT_MAKER" });
    const taking = await after({ ...restingBuy("0.001", (ask * 1.002).toFixed(2)), type: "LIMIT_MAKER" });
    expect(taking).toMatchObject({ status: "CANCELED", executedQty: "0" });
  });

  it("§4.1 IMMEDIATE_OR_CANCEL keeps what it got: PARTIALLY_CANCELED", async () => {
    const book = (await venue.get("/api/v3/depth", { symbol: BTC, limit: 1 })).body as Row;
    const [[price = "", size = ""] = []] = book["asks"] as readonly (readonly string[])[];
    const order = await after({
      ...restingBuy((Number(size) + 0.5).toFixed(8), price),
      type: "IMMEDIATE_OR_CANCEL",
    });
    expect(order).toMatchObject({ status: "PARTIALLY_CANCELED", type: "IMMEDIATE_OR_CANCEL" });
    expect(Number(order["executedQty"])).toBeCloseTo(Number(size), 8);
    const missed = await after({ ...restingBuy(), type: "IMMEDIATE_OR_CANCEL" });
    expect(missed).toMatchObject({ status: "CANCELED", executedQty: "0" });
  });

  it("§4.1 FILL_OR_KILL takes all or nothing", async () => {
    const book = (await venue.get("/api/v3/depth", { symbol: BTC, limit: 1 })).body as Row;
    const [[price = "", size = ""] = []] = book["asks"] as readonly (readonly string[])[];
    const killed = await after({ ...restingBuy((Number(size) + 0.5).toFixed(8), price), type: "FILL_OR_KILL" });
    expect(killed).toMatchObject({ status: "CANCELED", executedQty: "0" });
    const filled = await after({ ...restingBuy("0.00005", (Number(price) * 1.002).toFixed(2)), type: "FILL_OR_KILL" });
    expect(filled).toMatchObject({ status: "FILLED" });
  });

  it("§4.1 stop, OCO and trailing orders cannot be placed", async () => {
    for (const type of ["STOP_MARKET_ORDER", "STOP_LOSS", "OCO", "TRAILING_STOP_MARKET"]) {
      expect((await at.post({ ...restingBuy(), type })).status, type).toBe(400);
    }
  });
});

describe("§4.3 order/test", () => {
  it("§4.3 is an empty object for a good order, the refusal for a bad one, and books nothing", async () => {
    const before = await at.list("allOrders", { symbol: ETH });
    const test = (order: Query) => venue.signed("POST", "/api/v3/order/test", order);
    const order = { symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" };
    expect(await test(order)).toMatchObject({ status: 200, body: {} });
    expect(await test({ ...order, quantity: "0.0001" })).toMatchObject({ status: 400, body: { code: 30002 } });
    expect(await at.list("allOrders", { symbol: ETH })).toEqual(before);
  });
});

describe("§4.4 batchOrders", () => {
  const batch = (orders: readonly object[]) =>
    venue.signed("POST", "/api/v3/batchOrders", { batchOrders: JSON.stringify(orders) });

  it("§4.4 answers each order for itself, with HTTP 200", async () => {
    const { status, body } = await batch([
      { ...restingBuy(), newClientOrderId: "b-1" },
      { ...restingBuy("0.000001"), newClientOrderId: "b-2" },
      restingBuy(),
    ]);
    expect(status).toBe(200);
    expect(body).toEqual([
      { symbol: BTC, orderId: expect.stringMatching(ORDER_ID) as string, orderListId: -1, newClientOrderId: "b-1" },
      { newClientOrderId: "b-2", msg: expect.stringContaining("minimum transaction volume") as string, code: 30002 },
      { symbol: BTC, orderId: expect.stringMatching(ORDER_ID) as string, orderListId: -1 },
    ]);
  });

  it("§4.4 §10.28 takes 20 orders at most, of one symbol", async () => {
    expect((await batch(Array.from({ length: 21 }, () => restingBuy()))).status).toBe(400);
    expect((await batch([restingBuy(), { ...restingBuy(), symbol: ETH, price: "3000" }])).status).toBe(400);
  });

  it("§4.4 takes LIMIT, and LIMIT_ORDER as the documentation writes it", async () => {
    const { body } = await batch([{ ...restingBuy(), type: "LIMIT_ORDER" }]);
    expect((body as readonly Row[])[0]).toHaveProperty("orderId");
  });
});
