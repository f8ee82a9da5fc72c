import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";
import type { VenueStream } from "./venue-stream.ts";

const BTC = "BTCUSDT";
const [ORDERS, DEALS, ACCOUNT] = ["orders", "deals", "account"].map((topic) => `spot@private.${topic}.v3.api.pb`);

let venue: VenueClient;
let stream: VenueStream;

beforeEach(async () => {
  venue = await openVenue({ symbolCount: 5 });
  const { listenKey } = (await venue.signed("POST", "/api/v3/userDataStream")).body as Row;
  stream = await venue.connect({ listenKey: String(listenKey) });
  await stream.subscribe(ORDERS ?? "", DEALS ?? "", ACCOUNT ?? "");
});
afterEach(() => venue[Symbol.asyncDispose]());

async function place(order: Query): Promise<Row> {
  const { status, body } = await venue.signed("POST", "/api/v3/order", { symbol: BTC, ...order });
  expect(status, JSON.stringify(body)).toBe(200);
  venue.advance(200);
  return body as Row;
}

const bodies = (name: string) => stream.pushes.flatMap((push) => (name in push ? [push[name] as Row] : []));
const orders = () => bodies("privateOrders");
const fills = () => bodies("privateDeals");
const accounts = () => bodies("privateAccount");

const TEXT = expect.stringMatching(/^-?\d+(\.\d*[1-9])?$/) as string;
const LIMIT = { side: "BUY", type: "LIMIT", quantity: "0.001", price: "60000" };

describe("§7.5 private streams", () => {
  it("§7.5 an order's life by its states: 1 new, 4 canceled", async () => {
    const { orderId } = await place({ ...LIMIT, newClientOrderId: "p-1" });
    await expect.poll(() => orders().length).toBe(1);
    expect(orders()[0]).toMatchObject({
      id: orderId,
      clientId: "p-1",
      price: "60000",
      quantity: "0.001",
      amount: "60",
      orderType: 1,
      tradeType: 1,
      status: 1,
      remainQuantity: "0.001",
      remainAmount: "60",
      createTime: expect.any(Number) as number,
    });
    await venue.signed("DELETE", "/api/v3/order", { symbol: BTC, orderId: String(orderId) });
    await expect.poll(() => orders().at(-1)?.["status"]).toBe(4);
  });

  it.each([
    ["LIMIT", 1, LIMIT],
    ["LIMIT_MAKER", 2, { ...LIMIT, type: "LIMIT_MAKER" }],
    ["IMMEDIATE_OR_CANCEL", 3, { ...LIMIT, type: "IMMEDIATE_OR_CANCEL" }],
    ["FILL_OR_KILL", 4, { ...LIMIT, type: "FILL_OR_KILL" }],
    ["MARKET", 5, { side: "SELL", type: "MARKET", quantity: "0.001" }],
  ])("§7.5 orderType of %s is %i", async (_type, orderType, order) => {
    await place(order);
    await expect.poll(() => orders().length).toBeGreaterThan(0);
    expect(orders()[0]).toMatchObject({ orderType, tradeType: order.side === "BUY" ? 1 : 2 });
  });

  it("§7.5 a filled market buy: amount 0, average and sums, and what the protective price held back", async () => {
    const { price } = await place({ side: "BUY", type: "MARKET", quantity: "0.05" });
    await expect.poll(() => orders().at(-1)?.["status"]).toBe(2);
    const order = orders().at(-1) ?? {};
    expect(order).toMatchObject({ price, quantity: "0.05", amount: "0", cumulativeQuantity: "0.05" });
    expect(Number(order["cumulativeAmount"]) / 0.05).toBeCloseTo(Number(order["avgPrice"]), 2);
    expect(Number(order["remainAmount"])).toBeCloseTo(Number(price) * 0.05 - Number(order["cumulativeAmount"]), 6);
    // A quantity of nothing is left out or said as 0.
    expect(Number(order["remainQuantity"] ?? 0)).toBe(0);
  });

  it("§7.5 partly filled is 3, and 5 when the rest is cancelled", async () => {
    const { body } = await venue.get("/api/v3/depth", { symbol: BTC, limit: 1 });
    const [[price = "", size = ""] = []] = (body as Row)["asks"] as readonly (readonly string[])[];
    const quantity = (Number(size) + 0.2).toFixed(8);
    await place({ side: "BUY", type: "IMMEDIATE_OR_CANCEL", quantity, price });
    await expect.poll(() => orders().at(-1)?.["status"]).toBe(5);
    expect(orders().map((order) => order["status"])).toContain(3);
  });

  it("§7.5 each fill once, as REST has it: by whom, for what fee", async () => {
    const { orderId } = await place({ side: "BUY", type: "MARKET", quantity: "0.3", newClientOrderId: "p-2" });
    const byRest = (await venue.signed("GET", "/api/v3/myTrades", { symbol: BTC, orderId: String(orderId) })).body;
    const rows = byRest as readonly Row[];
    await expect.poll(() => fills().length).toBe(rows.length);
    for (const fill of fills()) {
      expect(fill).toMatchObject({
        price: TEXT,
        quantity: TEXT,
        amount: TEXT,
        tradeType: 1,
        clientOrderId: "p-2",
        orderId,
      });
      const row = rows.find((one) => one["id"] === fill["tradeId"]);
      expect([fill["price"], fill["quantity"], fill["amount"], fill["feeAmount"], fill["feeCurrency"]]).toEqual([
        ...["price", "qty", "quoteQty", "commission", "commissionAsset"].map((name) => row?.[name]),
      ]);
      // A taker's `isMaker` is false, and false is not on the wire.
      expect(fill).not.toHaveProperty("isMaker");
    }
  });

  it("§7.5 account pushes carry what there is and what changed, and end at what REST says", async () => {
    await place({ side: "BUY", type: "MARKET", quantity: "0.02" });
    await place(LIMIT);
    const { body } = await venue.signed("GET", "/api/v3/account");
    const usdt = ((body as Row)["balances"] as readonly Row[]).find((row) => row["asset"] === "USDT");
    const lastOf = (asset: string) => accounts().findLast((push) => push["vcoinName"] === asset);
    await expect.poll(() => lastOf("USDT")?.["balanceAmount"]).toBe(usdt?.["free"]);
    expect(lastOf("USDT")).toMatchObject({
      frozenAmount: usdt?.["locked"],
      balanceAmountChange: TEXT,
      frozenAmountChange: TEXT,
      time: expect.any(Number) as number,
    });
    const types = new Set(accounts().map((push) => push["type"]));
    expect([...types]).toEqual(expect.arrayContaining(["ENTRUST_PLACE", "ENTRUST"]));
    // The changes add up to the whole way, in exact decimals scaled to whole numbers.
    const change = accounts()
      .filter((push) => push["vcoinName"] === "USDT")
      .reduce((sum, push) => sum + scaled(push["balanceAmountChange"]) + scaled(push["frozenAmountChange"]), 0n);
    expect(scaled("100000") + change).toBe(scaled(usdt?.["free"]) + scaled(usdt?.["locked"]));
  });

  it("§7.5 account.type: cancels, what is given back, fees in MX and transfers", async () => {
    const told = () => new Set(accounts().map((push) => push["type"]));
    const { orderId } = await place(LIMIT);
    await venue.signed("DELETE", "/api/v3/order", { symbol: BTC, orderId: String(orderId) });
    await venue.signed("POST", "/api/v3/mxDeduct/enable", { mxDeductEnable: "true" });
    await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "MX", amount: "50" });
    await place({ side: "BUY", type: "MARKET", quantity: "0.01" });
    const way = { fromAccountType: "SPOT", toAccountType: "FUTURES", asset: "USDT", amount: "1" };
    await venue.signed("POST", "/api/v3/capital/transfer", way);
    venue.advance(200);
    const wanted = ["ENTRUST_CANCEL", "ENTRUST_UNFROZEN", "TRADE_FEE", "CONTRACT_TRANSFER"];
    await expect.poll(() => [...told()]).toEqual(expect.arrayContaining(wanted));
  });

  it("§7.5 deposits are told as DEPOSIT; nothing is sent on subscribing", async () => {
    expect(stream.pushes).toEqual([]);
    await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "MX", amount: "5" });
    venue.advance(100);
    await expect.poll(() => accounts()[0]).toMatchObject({ vcoinName: "MX", balanceAmount: "5", type: "DEPOSIT" });
  });

  it("§7.5 per fill: the order, then the fill, then the account", async () => {
    await place({ side: "SELL", type: "MARKET", quantity: "0.001" });
    await expect.poll(() => accounts().length).toBeGreaterThan(1);
    const kinds = stream.pushes.map(({ channel }) => channel);
    const fill = kinds.indexOf(DEALS ?? "");
    expect(kinds.lastIndexOf(ORDERS ?? "", fill)).toBeGreaterThanOrEqual(0);
    expect(kinds.indexOf(ACCOUNT ?? "", fill)).toBeGreaterThan(fill);
  });

  it("§7.4 account frames carry createTime and sendTime; proto3 defaults are not on the wire", async () => {
    await place(LIMIT);
    await expect.poll(() => accounts().length).toBeGreaterThan(0);
    const push = stream.pushes.find(({ channel }) => channel === ACCOUNT);
    expect(push).toMatchObject({ createTime: expect.any(Number) as number, sendTime: expect.any(Number) as number });
    // A text that is empty or a number 0 would decode to a field; there is none.
    for (const body of [...orders(), ...accounts()]) {
      for (const [name, value] of Object.entries(body)) expect(value === "" || value === 0, name).toBe(false);
    }
  });
});

/** A decimal text as a whole number of 1e-18. */
function scaled(text: unknown): bigint {
  const [whole = "0", fraction = ""] = (typeof text === "string" ? text : "0").split(".");
  const digits = BigInt(whole.replace("-", "") + fraction.padEnd(18, "0"));
  return whole.startsWith("-") ? -digits : digits;
}
