import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restingBuy, traderAt } from "./trader.ts";
import type { Trader } from "./trader.ts";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";

const BTC = "BTCUSDT";
const ETH = "ETHUSDT";

let venue: VenueClient;
let at: Trader;

beforeAll(async () => {
  venue = await openVenue();
  at = traderAt(venue);
  venue.advance(60_000);
});
afterAll(() => venue[Symbol.asyncDispose]());

describe("§4.5 cancels", () => {
  const cancel = (parameters: Query) => venue.signed("DELETE", "/api/v3/order", { symbol: BTC, ...parameters });

  it("§4.5 DELETE order by either id echoes the order as it was", async () => {
    const { orderId } = await at.place({ ...restingBuy(), newClientOrderId: "c-1" });
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
    expect(await at.query("order", { symbol: BTC, orderId: String(orderId) })).toMatchObject({ status: "CANCELED" });
  });

  it("§4.5 without an id 700004; unknown or closed -2011", async () => {
    expect(await cancel({})).toMatchObject({ status: 400, body: { code: 700004 } });
    expect(await cancel({ orderId: "C02__1" })).toMatchObject({ status: 400, body: { code: -2011 } });
    const { orderId } = await at.place(restingBuy());
    await cancel({ orderId: String(orderId) });
    expect(await cancel({ orderId: String(orderId) })).toMatchObject({ body: { code: -2011 } });
  });

  it("§4.5 §10.7 answers before it is done: until then the order is open and may fill", async () => {
    await venue.withSwitches({ "cancel-latency-ms": 500 }, async () => {
      const { orderId } = await at.place(restingBuy());
      const state = async () => (await at.query("order", { symbol: BTC, orderId: String(orderId) }))["status"];
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
      const { orderId } = await at.place(restingBuy());
      const { body } = await cancel({ orderId: String(orderId) });
      expect(body).toMatchObject({ orderId, ...expected });
      if (reading === "minimal") expect(body).not.toHaveProperty("status");
    });
  });

  it("§4.5 DELETE openOrders takes up to five symbols and answers the cancelled orders", async () => {
    await venue.signed("DELETE", "/api/v3/order/all");
    await at.place(restingBuy());
    await at.place({ symbol: ETH, side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" });
    expect((await venue.signed("DELETE", "/api/v3/openOrders")).body).toMatchObject({ code: 700004 });
    const six = "BTCUSDT,ETHUSDT,SOLUSDT,MXUSDT,ADAUSDT,XRPUSDT";
    expect((await venue.signed("DELETE", "/api/v3/openOrders", { symbol: six })).status).toBe(400);
    const { body } = await venue.signed("DELETE", "/api/v3/openOrders", { symbol: `${BTC},${ETH}` });
    expect((body as readonly Row[]).map((row) => row["symbol"])).toEqual(expect.arrayContaining([BTC, ETH]));
    expect(await at.list("openOrders")).toEqual([]);
  });

  it("§4.5 DELETE order/all is an envelope with 200, or 0 by switch", async () => {
    await at.place(restingBuy());
    const all = async () => (await venue.signed("DELETE", "/api/v3/order/all")).body;
    expect(await all()).toEqual({ code: 200, msg: "success", timestamp: venue.now() });
    expect(await at.list("openOrders")).toEqual([]);
    await venue.withSwitches({ "cancel-all-code": "0" }, async () => {
      expect(await all()).toMatchObject({ code: 0 });
    });
  });

  it("§4.5 §10.7 after a partial fill the end is PARTIALLY_CANCELED", async () => {
    const { bid } = await at.top("MXUSDT");
    const own = { symbol: "MXUSDT", side: "BUY", type: "LIMIT", quantity: "20000" };
    const { orderId } = await at.place({ ...own, price: (bid + 0.0001).toFixed(4) });
    const state = async () => at.query("order", { symbol: "MXUSDT", orderId: String(orderId) });
    for (let nth = 0; nth < 600 && (await state())["status"] === "NEW"; nth += 1) venue.advance(500);
    expect(await state()).toMatchObject({ status: "PARTIALLY_FILLED" });
    await venue.signed("DELETE", "/api/v3/order", { symbol: "MXUSDT", orderId: String(orderId) });
    expect(await state()).toMatchObject({ status: "PARTIALLY_CANCELED" });
  });
});
