import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Row, VenueClient } from "./venue.ts";

const CALENDAR = "/api/operation/new_coin_calendar";
const WEB = "/api/platform/spot/market-v2/web/symbolsV2";
const SYMBOL = "BRICUSDT";
const SECOND = 1_000;
const SCRIPT = {
  ...{ symbol: SYMBOL, price: "0.5", webRowInMs: 10 * SECOND, readyInMs: 20 * SECOND, rowInMs: 30 * SECOND },
  ...{ openInMs: 40 * SECOND, apiClosedForMs: 5 * SECOND },
};

let venue: VenueClient;

beforeEach(async () => {
  venue = await openVenue({ symbolCount: 3 });
  await venue.control("listing", SCRIPT);
});
afterEach(() => venue[Symbol.asyncDispose]());

async function calendarRow(): Promise<Row | undefined> {
  const { data } = (await venue.get(CALENDAR, { timestamp: venue.now() })).body as Row;
  return ((data as Row)["newCoins"] as readonly Row[]).find((row) => row["vcoinName"] === "BRIC");
}

async function webRow(): Promise<Row | undefined> {
  const { data } = (await venue.get(WEB)).body as Row;
  const symbols = (data as Row)["symbols"] as Readonly<Record<string, readonly Row[]>>;
  return symbols["USDT"]?.find((row) => row["vn"] === "BRIC");
}

async function officialRow(): Promise<Row | undefined> {
  const { symbols } = (await venue.get("/api/v3/exchangeInfo")).body as Row;
  return (symbols as readonly Row[]).find((row) => row["symbol"] === SYMBOL);
}

async function orderCode(): Promise<unknown> {
  const order = { symbol: SYMBOL, side: "BUY", type: "LIMIT", quantity: "100", price: "0.4" };
  const { body } = await venue.signed("POST", "/api/v3/order", order);
  return (body as Row)["code"] ?? "placed";
}

describe("§9 new listings", () => {
  it("§9 a: the calendar knows the coin first", async () => {
    expect(await calendarRow()).toEqual({
      vcoinId: expect.any(String) as string,
      vcoinName: "BRIC",
      vcoinNameFull: expect.any(String) as string,
      firstOpenTime: venue.now() + 40 * SECOND,
      zone: "NEW",
      introductionEn: expect.any(String) as string,
      introductionCn: expect.any(String) as string,
    });
    expect(await webRow()).toBeUndefined();
    expect(await officialRow()).toBeUndefined();
    expect(await orderCode()).toBe(10007);
  });

  it("§9 b: then symbolsV2, at first 1, then ready: sts 2, st 2, tt 4, with ps, qs, ca and ot", async () => {
    venue.advance(11 * SECOND);
    const { vcoinId } = (await calendarRow()) ?? {};
    expect(await webRow()).toMatchObject({ cd: vcoinId, vn: "BRIC", sts: 1 });
    venue.advance(10 * SECOND);
    expect(await webRow()).toMatchObject({
      ...{ sts: 2, st: 2, tt: 4, ps: expect.any(Number) as number, qs: expect.any(Number) as number },
      ...{ ca: expect.any(String) as string, ot: expect.any(Number) as number },
    });
    expect(await officialRow()).toBeUndefined();
  });

  it("§9 c: then exchangeInfo, paused: an empty book and 30016", async () => {
    venue.advance(31 * SECOND);
    expect(await officialRow()).toMatchObject({ status: "2", isSpotTradingAllowed: false });
    expect((await venue.get("/api/v3/depth", { symbol: SYMBOL })).body).toMatchObject({ bids: [], asks: [] });
    expect(await orderCode()).toBe(30016);
  });

  it("§9 d: at firstOpenTime online, for some seconds not for the API, and then for everyone", async () => {
    venue.advance(41 * SECOND);
    expect(await officialRow()).toMatchObject({ status: "1" });
    expect(await orderCode()).toBe(10007);
    venue.advance(6 * SECOND);
    expect(await officialRow()).toMatchObject({ status: "1", isSpotTradingAllowed: true });
    expect(await orderCode()).toBe("placed");
    venue.advance(5 * SECOND);
    const { bids, asks } = (await venue.get("/api/v3/depth", { symbol: SYMBOL })).body as Row;
    expect([bids, asks].every((side) => (side as readonly unknown[]).length > 0)).toBe(true);
    expect(await webRow()).toMatchObject({ sts: 1 });
  });

  it("§9 exchangeInfo may hide the row until it opens, by switch", async () => {
    await venue.withSwitches({ "listing-row": "hidden" }, async () => {
      venue.advance(31 * SECOND);
      expect(await officialRow()).toBeUndefined();
      venue.advance(10 * SECOND);
      expect(await officialRow()).toMatchObject({ status: "1" });
    });
  });

  it("§9 symbolsV2 is keyed by quote, or flat by switch; the older address is flat", async () => {
    await venue.withSwitches({ "symbols-v2-shape": "flat" }, async () => {
      const { data } = (await venue.get(WEB)).body as Row;
      expect((data as Row)["symbols"]).toBeInstanceOf(Array);
    });
    expect(((await venue.get("/api/platform/spot2/market/symbols")).body as Row)["data"]).toBeInstanceOf(Array);
  });

  it("§9 a row of symbolsV2 has every short key, and those of a traded market are of their types", async () => {
    const { data } = (await venue.get(WEB)).body as Row;
    const { USDT } = (data as Row)["symbols"] as { readonly USDT: readonly Row[] };
    const [text, number] = [expect.any(String) as string, expect.any(Number) as number];
    expect(USDT.find((row) => row["vn"] === "BTC")).toEqual({
      ...{ id: text, mcd: text, cd: text, vn: "BTC", fn: text, fne: text, srt: number, sts: 1, tp: text, in: text },
      ...{ ot: number, cp: text, ci: text, ps: 2, qs: 8, cdm: number, st: 1, dst: number, tt: 1, ca: text },
    });
  });

  it("§9 activities of the coin, and an announcement", async () => {
    const { body } = await venue.get("/api/operateactivity/activity/list/by/currencies", { currencies: "BRIC" });
    expect(body).toMatchObject({ code: 0, data: [{ currency: "BRIC", activityType: "SUN_SHINE" }] });
    const { data } = (await venue.get("/api/v3/announcements", { language: "en-US", limit: 5 })).body as Row;
    const [{ details }] = data as readonly [{ readonly details: readonly Row[] }];
    expect(details[0]?.["title"]).toContain("BRIC");
  });

  it("§3.1 a market that leaves is suspended, then delisted, and symbol/offline tells it", async () => {
    await venue.control("listing", { symbol: "ETHUSDT", suspendInMs: 10 * SECOND, delistInMs: 20 * SECOND });
    const offline = async () => {
      const { data } = (await venue.get("/api/v3/symbol/offline")).body as Row;
      return (data as readonly Row[]).find((row) => row["symbol"] === "ETHUSDT");
    };
    expect(await offline()).toBeUndefined();
    venue.advance(11 * SECOND);
    expect(await offline()).toMatchObject({ state: 2 });
    venue.advance(10 * SECOND);
    expect(await offline()).toMatchObject({ state: 3 });
  });
});
