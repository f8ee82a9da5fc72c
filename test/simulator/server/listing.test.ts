import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

let now = Date.now();
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeEach(async () => {
  simulator = await startSimulator({ symbolCount: 2, now: () => now, manual: true });
  client = createClient(simulator, () => now);
});
afterEach(() => simulator.close());

const pass = (ms: number) => {
  now += ms;
  simulator.step();
};
type Row = Readonly<Record<string, unknown>>;
async function row(symbol: string): Promise<Row | undefined> {
  const { body } = await client.call("GET", "/api/v3/exchangeInfo", `symbol=${symbol}`);
  return (body as { readonly symbols?: readonly Row[] }).symbols?.[0];
}
async function askLevels(symbol: string): Promise<number> {
  return ((await client.get("/depth", `symbol=${symbol}`)) as { readonly asks: readonly unknown[] }).asks.length;
}
async function web(path: string, query = ""): Promise<unknown> {
  return ((await client.call("GET", `/api${path}`, query)).body as { readonly data: unknown }).data;
}
async function webRow(base: string): Promise<Row | undefined> {
  const { symbols } = (await web("/platform/spot/market-v2/web/symbolsV2")) as { symbols: Record<string, Row[]> };
  return symbols["USDT"]?.find((one) => one["vn"] === base);
}
const place = async (symbol: string, price = "0.5") =>
  (await client.signed("POST", "/order", `symbol=${symbol}&side=BUY&type=LIMIT&quantity=100&price=${price}`))
    .body as Row;

describe("a listing (fact sheet 9)", () => {
  it("goes through its phases: calendar, symbolsV2, a paused row, open but not to the API, open", async () => {
    const script = { symbol: "NEWUSDT", fullName: "New Coin", price: "0.5", apiClosedForMs: 2_000 };
    const phases = { webRowInMs: 1_000, readyInMs: 2_000, rowInMs: 3_000, openInMs: 4_000 };
    await client.control("listing", { ...script, ...phases });
    const opensAt = now + 4_000;

    const coins = (await web("/operation/new_coin_calendar", `timestamp=${String(now)}`)) as { newCoins: Row[] };
    expect(coins.newCoins).toEqual([
      {
        vcoinId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
        vcoinName: "NEW",
        vcoinNameFull: "New Coin",
        firstOpenTime: opensAt,
        zone: "NEW",
        introductionEn: expect.any(String) as unknown,
        introductionCn: expect.any(String) as unknown,
      },
    ]);
    expect([await webRow("NEW"), await row("NEWUSDT")]).toEqual([undefined, undefined]);
    expect(await place("NEWUSDT")).toMatchObject({ code: 10007 });

    pass(1_000);
    const early = await webRow("NEW");
    expect(early).toMatchObject({ sts: 1, st: 1, tt: 1, cd: coins.newCoins[0]?.["vcoinId"] });
    expect(Object.keys(early ?? {}).filter((name) => ["ps", "qs", "ca", "ot"].includes(name))).toEqual([]);

    pass(1_000);
    expect(await webRow("NEW")).toMatchObject({ sts: 2, st: 2, tt: 4, ps: 4, qs: 2, ot: opensAt });
    expect(await row("NEWUSDT")).toBeUndefined();

    pass(1_000);
    expect(await row("NEWUSDT")).toMatchObject({ status: "2", isSpotTradingAllowed: false, firstOpenTime: opensAt });
    expect(await askLevels("NEWUSDT")).toBe(0);
    expect(await place("NEWUSDT")).toMatchObject({ code: 30016 });

    pass(1_000);
    expect(await row("NEWUSDT")).toMatchObject({ status: "1", isSpotTradingAllowed: false });
    expect(await askLevels("NEWUSDT")).toBeGreaterThan(10);
    expect(await place("NEWUSDT")).toMatchObject({ code: 10007 });

    pass(2_000);
    expect(await row("NEWUSDT")).toMatchObject({ status: "1", isSpotTradingAllowed: true });
    expect(await webRow("NEW")).toMatchObject({ sts: 1, st: 1, tt: 1, ps: 4, qs: 2, ot: opensAt });
    expect(await place("NEWUSDT")).toHaveProperty("orderId");
  });

  it("has phases of its own when none are given, and opens on time when the clock leaps over all of them", async () => {
    const { body } = await client.control("listing", { symbol: "NEWUSDT", openInMs: 8_000 });
    expect(body).toMatchObject({
      webRowAt: now + 2_000,
      readyAt: now + 4_000,
      rowAt: now + 6_000,
      opensAt: now + 8_000,
    });
    pass(60_000);
    expect(await row("NEWUSDT")).toMatchObject({ status: "1", isSpotTradingAllowed: true });
    expect(await askLevels("NEWUSDT")).toBeGreaterThan(10);
  });

  it("may be hidden from exchangeInfo until it opens", async () => {
    await client.control("switches", { "listing-row": "hidden", "first-open-time": "absent" });
    await client.control("listing", { symbol: "NEWUSDT", rowInMs: 0, openInMs: 1_000 });
    expect(await row("NEWUSDT")).toBeUndefined();
    expect(((await client.get("/exchangeInfo")) as { readonly symbols: unknown[] }).symbols).toHaveLength(2);
    expect(await place("NEWUSDT")).toMatchObject({ code: 30016 });
    pass(1_000);
    expect(Object.keys((await row("NEWUSDT")) ?? {})).not.toContain("firstOpenTime");
  });

  it("is announced, has a campaign until it opens, and is in the other lists of the web", async () => {
    await client.control("listing", { symbol: "NEWUSDT", webRowInMs: 0, openInMs: 1_000 });
    expect(await client.get("/announcements", "limit=5&page=1&language=en-US")).toEqual({
      code: 0,
      data: [
        {
          details: [
            {
              title: expect.stringContaining("(NEW)") as unknown,
              url: expect.stringMatching(/^https:\/\/www\.mexc\.com\//) as unknown,
              language: "en-US",
              postTime: now,
            },
          ],
          totalPage: "1",
        },
      ],
      msg: "",
    });
    expect(await client.get("/announcements", "limit=7")).toMatchObject({ code: 33333 });
    const campaign = () => web("/operateactivity/activity/list/by/currencies", "currencies=NEW");
    expect(await campaign()).toMatchObject([{ currency: "NEW", activityType: "SUN_SHINE" }]);
    expect((await web("/platform/spot2/market/symbols")) as readonly Row[]).toHaveLength(3);
    await client.control("switches", { "symbols-v2-shape": "flat" });
    const flat = (await web("/platform/spot/market-v2/web/symbolsV2")) as { readonly symbols: readonly Row[] };
    expect(flat.symbols.map((one) => one["vn"])).toEqual(["BTC", "ETH", "NEW"]);
    pass(1_000);
    expect(await campaign()).toEqual([]);
  });

  it.each([
    [{ symbol: "BTCUSDT" }],
    [{ symbol: "NEWEUR" }],
    [{ symbol: "NEWUSDT", price: "-1" }],
    [{ symbol: "NEWUSDT", readyInMs: 900, rowInMs: 100, openInMs: 1_000 }],
    [{ symbol: "NEWUSDT", openInMs: 1_000, rowInMs: 2_000 }],
    [{ symbol: "NOPEUSDT", delistInMs: 1_000 }],
  ])("is refused as %j", async (body) => {
    expect((await client.control("listing", body)).status).toBe(400);
  });

  it("is refused twice", async () => {
    expect((await client.control("listing", { symbol: "NEWUSDT" })).status).toBe(200);
    expect((await client.control("listing", { symbol: "NEWUSDT" })).status).toBe(400);
  });
});

describe("a market that leaves (fact sheet 3.1)", () => {
  it("is announced, suspended, and gone with all its orders", async () => {
    expect(await client.get("/symbol/offline")).toEqual({ data: [] });
    const order = (await client.signed("POST", "/order", "symbol=ETHUSDT&side=BUY&type=LIMIT&quantity=0.1&price=3300"))
      .body as Row;
    await client.control("listing", { symbol: "ETHUSDT", suspendInMs: 1_000, delistInMs: 3_000 });
    const offlineTime = now + 3_000;
    expect(JSON.stringify(await client.get("/announcements"))).toContain("Delist ETHUSDT");
    expect((await row("ETHUSDT"))?.["status"]).toBe("1");
    pass(1_000);
    expect((await row("ETHUSDT"))?.["status"]).toBe("2");
    expect(await client.get("/symbol/offline")).toEqual({ data: [{ symbol: "ETHUSDT", state: 2, offlineTime }] });
    expect(await place("ETHUSDT", "3300")).toMatchObject({ code: 30000 });
    pass(2_000);
    expect(await client.get("/symbol/offline")).toEqual({ data: [{ symbol: "ETHUSDT", state: 3, offlineTime }] });
    expect(await place("ETHUSDT", "3300")).toMatchObject({ code: 30016 });
    expect(await askLevels("ETHUSDT")).toBe(0);
    const query = `symbol=ETHUSDT&orderId=${String(order["orderId"])}`;
    expect((await client.signed("GET", "/order", query)).body).toMatchObject({ status: "CANCELED" });
    expect((await client.get("/defaultSymbols")) as { readonly data: readonly string[] }).toMatchObject({
      data: ["BTCUSDT"],
    });
    pass(60_000);
    expect(await askLevels("ETHUSDT")).toBe(0);
  });
});

describe("other rules for a market", () => {
  const alter = (rules: object) => client.control("symbol", { symbol: "ETHUSDT", ...rules });
  const buy = (type: string) =>
    client.signed("POST", "/order/test", `symbol=ETHUSDT&side=BUY&type=${type}&quantity=0.1&price=3300`);

  it.each([
    [{ status: "2" }, "LIMIT", 30000],
    [{ status: "3" }, "LIMIT", 30016],
    [{ isSpotTradingAllowed: false }, "LIMIT", 10007],
    [{ tradeSideType: 3 }, "LIMIT", 30001],
    [{ tradeSideType: 4 }, "LIMIT", 30001],
    [{ orderTypes: ["MARKET"] }, "LIMIT_MAKER", 30041],
    [{ orderTypes: ["LIMIT"] }, "MARKET", 30019],
    [{ marketOrders: false }, "MARKET", 30018],
  ])("%j refuses %s with %d", async (rules, type, code) => {
    await alter(rules);
    expect((await buy(type)).body).toMatchObject({ code });
  });

  it("show in exchangeInfo, and are told apart from nonsense", async () => {
    await alter({ st: true, tradeSideType: 2 });
    expect(await row("ETHUSDT")).toMatchObject({ st: true, tradeSideType: 2, status: "1" });
    expect((await alter({ status: "9" })).status).toBe(400);
  });

  it("that suspend a market put it on the offline list without a time", async () => {
    await alter({ status: "2" });
    expect(await client.get("/symbol/offline")).toEqual({ data: [{ symbol: "ETHUSDT", state: 2 }] });
  });
});
