import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

/** A clock moved by hand, so that nothing happens between two lines of a test. */
let now = Date.now();
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 12, now: () => now, manual: true });
  client = createClient(simulator, () => now);
});
afterEach(() => client.control("reset", {}));
afterAll(() => simulator.close());

const turn = (switches: object) => client.control("switches", switches);
const pass = (ms: number) => {
  now += ms;
  simulator.step();
};
type Body = Readonly<Record<string, string | number | null>>;
const place = async (query: string) => (await client.signed("POST", "/order", query)).body as Body;
const find = async (symbol: string, { orderId }: Body) =>
  (await client.signed("GET", "/order", `symbol=${symbol}&orderId=${String(orderId)}`)).body as Body;
const BID = "symbol=MXUSDT&side=BUY&type=LIMIT&quantity=10&price=3.4";

describe("cancels that answer before they are done (fact sheet 4.5)", () => {
  it("echo the order as it was, and take place a moment later", async () => {
    await turn({ "cancel-latency-ms": 200 });
    const order = await place(BID);
    const reply = await client.signed("DELETE", "/order", `symbol=MXUSDT&orderId=${String(order["orderId"])}`);
    expect(reply).toMatchObject({ status: 200, body: { status: "NEW", executedQty: "0" } });
    expect(await find("MXUSDT", order)).toMatchObject({ status: "NEW" });
    pass(199);
    expect(await find("MXUSDT", order)).toMatchObject({ status: "NEW" });
    pass(1);
    expect(await find("MXUSDT", order)).toMatchObject({ status: "CANCELED" });
  });

  it("come too late for an order that fills first", async () => {
    await turn({ "cancel-latency-ms": 200 });
    const order = await place(BID);
    await client.signed("DELETE", "/openOrders", "symbol=MXUSDT");
    await client.control("move", { symbol: "MXUSDT", price: "3.3" });
    pass(200);
    expect(await find("MXUSDT", order)).toMatchObject({ status: "FILLED", executedQty: "10" });
  });

  it("of a partly filled order end it as PARTIALLY_CANCELED", async () => {
    const depth = (await client.get("/depth", "symbol=MXUSDT&limit=1")) as {
      readonly asks: readonly [string, string][];
    };
    const [ask = "0"] = depth.asks[0] ?? [];
    const order = await place(`symbol=MXUSDT&side=BUY&type=LIMIT&quantity=20000&price=${ask}`);
    expect(await find("MXUSDT", order)).toMatchObject({ status: "PARTIALLY_FILLED" });
    const reply = await client.signed("DELETE", "/order", `symbol=MXUSDT&orderId=${String(order["orderId"])}`);
    expect(reply.body).toMatchObject({ status: "PARTIALLY_FILLED" });
    expect(await find("MXUSDT", order)).toMatchObject({ status: "PARTIALLY_CANCELED" });
  });

  it.each([
    ["canceled", 12, { status: "CANCELED" }],
    ["minimal", 6, { price: "3.4", origQty: "10", type: "LIMIT", side: "BUY" }],
  ])("answer otherwise in the reading %s, with %d fields", async (reading, fields, shown) => {
    await turn({ "cancel-answer": reading });
    const order = await place(BID);
    const reply = await client.signed("DELETE", "/order", `symbol=MXUSDT&orderId=${String(order["orderId"])}`);
    expect(reply.body).toMatchObject({ orderId: order["orderId"], ...shown });
    expect(Object.keys(reply.body as object)).toHaveLength(fields);
    expect(await find("MXUSDT", order)).toMatchObject({ status: "CANCELED" });
  });

  it("take up to five symbols, comma separated", async () => {
    for (const query of [BID, "symbol=ADAUSDT&side=BUY&type=LIMIT&quantity=10&price=0.42"]) await place(query);
    const six = encodeURIComponent("MXUSDT,ADAUSDT,XRPUSDT,DOGEUSDT,SOLUSDT,ETHUSDT");
    expect((await client.signed("DELETE", "/openOrders", `symbol=${six}`)).body).toMatchObject({ code: 33333 });
    const list = `symbol=${encodeURIComponent("MXUSDT,ADAUSDT")}`;
    expect((await client.signed("GET", "/openOrders", list)).body).toHaveLength(2);
    expect((await client.signed("DELETE", "/openOrders", list)).body).toHaveLength(2);
    expect((await client.signed("GET", "/openOrders", list)).body).toEqual([]);
  });

  it("of everything answer 200 or 0", async () => {
    expect((await client.signed("DELETE", "/order/all")).body).toMatchObject({ code: 200, msg: "success" });
    await turn({ "cancel-all-code": 0 });
    expect((await client.signed("DELETE", "/order/all")).body).toMatchObject({ code: 0, msg: "success" });
  });
});

describe("market orders (fact sheet 4.2)", () => {
  const spent = async (order: Body) => Number((await find("SOLUSDT", order))["cummulativeQuoteQty"]);
  const QUOTE = "symbol=SOLUSDT&side=BUY&type=MARKET&quoteOrderQty=1000";

  it("sized in quote spend the amount, or leave a twentieth in the other reading", async () => {
    expect(await spent(await place(QUOTE))).toBeGreaterThan(995);
    await turn({ "market-by-quote": "protective" });
    const order = await place(QUOTE);
    const found = await find("SOLUSDT", order);
    expect(await spent(order)).toBeLessThan(965);
    expect(await spent(order)).toBeGreaterThan(940);
    expect(found).toMatchObject({ status: "FILLED", origQty: order["origQty"], executedQty: order["origQty"] });
  });

  it("acknowledge origQty by the protective price, or zero, and a type of today or of 2022", async () => {
    const first = await place(QUOTE);
    expect(Number(first["origQty"]) * Number(first["price"])).toBeGreaterThan(999);
    expect(first["type"]).toBe("MARKET");
    await turn({ "quote-ack-quantity": "zero", "market-ack-type": "IMMEDIATE_OR_CANCEL" });
    expect(await place(QUOTE)).toMatchObject({ origQty: "0", type: "IMMEDIATE_OR_CANCEL" });
  });

  it("sell for an amount of quote, and buy an amount of base; a price sent along means nothing", async () => {
    const sale = await place("symbol=ETHUSDT&side=SELL&type=MARKET&quoteOrderQty=500");
    expect(Number((await find("ETHUSDT", sale))["cummulativeQuoteQty"])).toBeGreaterThan(495);
    const purchase = await place("symbol=ETHUSDT&side=BUY&type=MARKET&quantity=0.5&price=1");
    expect(await find("ETHUSDT", purchase)).toMatchObject({ status: "FILLED", executedQty: "0.5" });
  });

  it("refuse too many decimals of the amount with the venue's leading space", async () => {
    expect(await place("symbol=SOLUSDT&side=BUY&type=MARKET&quoteOrderQty=10.001")).toEqual({
      code: 400,
      msg: " amount scale is invalid",
    });
  });
});

describe("orders and fills as the queries show them (fact sheet 4.6)", () => {
  it("have times on whole seconds", async () => {
    pass(1_234 - (now % 1_000));
    const order = await place("symbol=SOLUSDT&side=BUY&type=MARKET&quantity=1");
    const { time, updateTime } = await find("SOLUSDT", order);
    expect([Number(time) % 1_000, Number(updateTime) % 1_000]).toEqual([0, 0]);
  });

  it("show a fill after a while, where the venue lags", async () => {
    await turn({ "my-trades-lag-ms": 500 });
    await place("symbol=SOLUSDT&side=BUY&type=MARKET&quantity=1");
    const fills = async () => (await client.signed("GET", "/myTrades", "symbol=SOLUSDT")).body as readonly unknown[];
    expect(await fills()).toEqual([]);
    pass(500);
    expect((await fills()).length).toBeGreaterThan(0);
  });

  it("come newest first, so many as the reading has it", async () => {
    for (let count = 0; count < 12; count += 1) {
      pass(1_000);
      await place("symbol=SOLUSDT&side=BUY&type=MARKET&quantity=0.1");
    }
    const fills = async (query = "symbol=SOLUSDT") =>
      (await client.signed("GET", "/myTrades", query)).body as readonly { readonly time: number }[];
    const times = (await fills()).map((fill) => fill.time);
    expect(times.length).toBeGreaterThanOrEqual(12);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    await turn({ "my-trades-usual-rows": 10, "my-trades-most-rows": 11 });
    expect([(await fills()).length, (await fills("symbol=SOLUSDT&limit=500")).length]).toEqual([10, 11]);
  });
});

describe("what an account may not do (fact sheet 2)", () => {
  it("spend what it has not: 30004, 30005, or 10101 for both", async () => {
    const buy = "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=10&price=64000";
    const sell = "symbol=MXUSDT&side=SELL&type=LIMIT&quantity=10&price=4";
    expect([(await place(buy))["code"], (await place(sell))["code"]]).toEqual([30004, 30005]);
    await turn({ "insufficient-code": 10101 });
    const refusal = { code: 10101, msg: "资金不足" };
    expect([await place(buy), await place(sell)]).toEqual([refusal, refusal]);
  });

  it("use a client order id again, by the reading", async () => {
    const named = `${BID}&newClientOrderId=again`;
    const first = await place(named);
    expect(await place(named)).toMatchObject({ code: 400 });
    await client.signed("DELETE", "/order", `symbol=MXUSDT&orderId=${String(first["orderId"])}`);
    expect(await place(named)).toHaveProperty("orderId");
    await client.signed("DELETE", "/order/all");
    await turn({ "duplicate-client-ids": "refuse-all" });
    expect(await place(named)).toMatchObject({ code: 400 });
    await turn({ "duplicate-client-ids": "accept" });
    expect([await place(named), await place(named)]).toMatchObject([{ symbol: "MXUSDT" }, { symbol: "MXUSDT" }]);
  });

  it.each(["has space", "x".repeat(33), "ümlaut", "semi;colon"])("name an order %j (700008)", async (id) => {
    expect(await place(`${BID}&newClientOrderId=${encodeURIComponent(id)}`)).toMatchObject({ code: 700008 });
  });

  it("have more than 500 open orders (30029)", async () => {
    const batch = encodeURIComponent(
      JSON.stringify(
        Array.from({ length: 20 }, () => ({
          symbol: "MXUSDT",
          side: "BUY",
          type: "LIMIT",
          quantity: "1",
          price: "3.4",
        })),
      ),
    );
    for (let count = 0; count < 25; count += 1) await client.signed("POST", "/batchOrders", `batchOrders=${batch}`);
    expect(await place(BID)).toMatchObject({ code: 30029 });
    await client.signed("DELETE", "/order/all");
    expect(await place(BID)).toHaveProperty("orderId");
  });
});

describe("self-trade prevention over the wire (fact sheet 4.8)", () => {
  it("groups are made, listed, joined, left and removed", async () => {
    const group = (method: string, query: string) => client.signed(method, "/strategy/group", query);
    const made = (await group("POST", "tradeGroupName=alpha")).body;
    const time: unknown = expect.any(Number);
    expect(made).toEqual({
      data: { tradeGroupName: "alpha", tradeGroupId: "1", createTime: time, updateTime: time },
      code: 200,
      msg: "success",
      timestamp: time,
    });
    expect((await group("POST", "tradeGroupName=alpha")).status).toBe(400);
    for (let count = 2; count <= 10; count += 1) await group("POST", `tradeGroupName=g${String(count)}`);
    expect((await group("POST", "tradeGroupName=eleventh")).status).toBe(400);
    const uid = (query: string, method = "POST") => client.signed(method, "/strategy/group/uid", query);
    expect((await uid(`uid=${encodeURIComponent("1,2")}&ttradeGroupId=1`)).body).toMatchObject({ code: 200 });
    expect((await uid("uid=2&tradeGroupId=1", "DELETE")).body).toMatchObject({ data: true, code: 200 });
    const mine = ((await client.signed("GET", "/uid")).body as Body)["uid"];
    expect((await group("GET", "tradeGroupName=alpha")).body).toMatchObject({
      data: [{ tradeGroupName: "alpha", tradeGroupUid: `${String(mine)},1` }],
    });
    expect((await group("DELETE", "tradeGroupId=1")).body).toMatchObject({ data: true, code: 200 });
    expect((await group("DELETE", "tradeGroupId=1")).body).toMatchObject({ code: 22222 });
  });

  it("an order that met its own ends with the reason, and its mode in upper case", async () => {
    await client.signed("POST", "/strategy/group", "tradeGroupName=alpha");
    const depth = (await client.get("/depth", "symbol=ETHUSDT&limit=1")) as Record<"bids" | "asks", [string, string][]>;
    const [ask = "", quantity = ""] = depth.asks[0] ?? [];
    // Behind the house at the same price, so that the taker meets the house first and then its own.
    await place(`symbol=ETHUSDT&side=SELL&type=LIMIT&quantity=0.1&price=${ask}`);
    const wanted = (Number(quantity) + 0.1).toFixed(5);
    const taker = await place(
      `symbol=ETHUSDT&side=BUY&type=LIMIT&quantity=${wanted}&price=${ask}&stpMode=cancel_taker`,
    );
    expect(taker["stpMode"]).toBe("CANCEL_TAKER");
    expect(await find("ETHUSDT", taker)).toMatchObject({
      status: "PARTIALLY_CANCELED",
      executedQty: String(Number(quantity)),
      stpMode: "CANCEL_TAKER",
      cancelReason: "stp_cancel",
    });
    expect(await place(`${BID}&stpMode=CANCEL_TAKER`)).toMatchObject({ code: 33333 });
  });
});

describe("fees in MX (fact sheet 4.6, 4.8)", () => {
  it("are switched on and off, and show in the fills", async () => {
    const setting = { data: { mxDeductEnable: true }, code: 0, msg: "success", timestamp: now };
    expect((await client.signed("POST", "/mxDeduct/enable", "mxDeductEnable=true")).body).toEqual(setting);
    expect((await client.signed("GET", "/mxDeduct/enable")).body).toEqual(setting);
    await client.control("deposit", { apiKey: simulator.apiKey, asset: "MX", amount: "100" });
    await place("symbol=SOLUSDT&side=BUY&type=MARKET&quantity=1");
    expect((await client.signed("GET", "/myTrades", "symbol=SOLUSDT&limit=1")).body).toMatchObject([
      { commissionAsset: "MX" },
    ]);
    await client.signed("POST", "/mxDeduct/enable", "mxDeductEnable=false");
    await place("symbol=SOLUSDT&side=BUY&type=MARKET&quantity=1");
    expect((await client.signed("GET", "/myTrades", "symbol=SOLUSDT&limit=1")).body).toMatchObject([
      { commissionAsset: "USDT" },
    ]);
  });
});
