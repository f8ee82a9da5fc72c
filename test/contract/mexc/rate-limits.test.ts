import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Reply, VenueClient } from "./venue.ts";

let venue: VenueClient;

beforeEach(async () => {
  venue = await openVenue({ limits: true, symbolCount: 3, switches: { firewall: "off" } });
});
afterEach(() => venue[Symbol.asyncDispose]());

const BTC = { symbol: "BTCUSDT" };

/** §1.4, generation B: weight, path, query; signed where a method stands before the path. */
const WEIGHTS: readonly (readonly [weight: number, path: string, query: Query])[] = [
  [1, "/api/v3/ping", {}],
  [1, "/api/v3/time", {}],
  [1, "/api/v3/defaultSymbols", {}],
  [25, "/api/v3/exchangeInfo", {}],
  [10, "/api/v3/symbol/offline", {}],
  [3, "/api/v3/depth", BTC],
  [5, "/api/v3/trades", BTC],
  [1, "/api/v3/aggTrades", BTC],
  [1, "/api/v3/klines", { ...BTC, interval: "1m" }],
  [1, "/api/v3/avgPrice", BTC],
  [25, "/api/v3/ticker/24hr", BTC],
  [25, "/api/v3/ticker/24hr", {}],
  [10, "/api/v3/ticker/price", BTC],
  [10, "/api/v3/ticker/bookTicker", BTC],
  [1, "GET /api/v3/kyc/status", {}],
  [1, "GET /api/v3/uid", {}],
  [1, "GET /api/v3/selfSymbols", {}],
  [1, "GET /api/v3/apiKeyInfo", {}],
  [1, "GET /api/v3/mxDeduct/enable", {}],
  [2, "GET /api/v3/order", { ...BTC, orderId: "C02__1" }],
  [3, "GET /api/v3/openOrders", BTC],
  [10, "GET /api/v3/allOrders", BTC],
  [10, "GET /api/v3/account", {}],
  [10, "GET /api/v3/myTrades", BTC],
  [20, "GET /api/v3/tradeFee", BTC],
  [20, "GET /api/v3/strategy/group", { tradeGroupName: "none" }],
  [10, "GET /api/v3/capital/config/getall", {}],
  [10, "GET /api/v3/capital/deposit/hisrec", {}],
  [1, "GET /api/v3/capital/withdraw/history", {}],
  [10, "GET /api/v3/capital/deposit/address", { coin: "USDT" }],
  [10, "GET /api/v3/capital/withdraw/address", {}],
  [1, "GET /api/v3/userDataStream", {}],
];

function ask(path: string, query: Query): Promise<Reply> {
  const [method, signedPath] = path.split(" ");
  return signedPath === undefined ? venue.get(path, query) : venue.signed(method as "GET", signedPath, query);
}

async function exhaust(times: number, request: () => Promise<Reply>): Promise<void> {
  for (let at = 0; at < times; at += 1) expect((await request()).status).not.toBe(429);
}

const orderOf = (at: number) => ({ ...BTC, side: "BUY", type: "LIMIT", quantity: "0.001", price: 1_000 + at });

describe("§1.4 rate limits", () => {
  it.each(WEIGHTS)("§1.4 weight %i: %s %o, out of the 300 that all share in 10 s", async (weight, path, query) => {
    // 275 are used up by others; what is left carries a whole number of these.
    await exhaust(11, () => venue.get("/api/v3/exchangeInfo"));
    await exhaust(Math.floor(25 / weight), () => ask(path, query));
    const spare = 25 % weight;
    await exhaust(spare, () => venue.get("/api/v3/ping"));
    expect((await ask(path, query)).status).toBe(429);
  });

  it("§1.4 new orders, batches, cancels and cancels of all share 12 requests a second", async () => {
    const requests = [
      () => venue.signed("POST", "/api/v3/order", orderOf(1)),
      () => venue.signed("POST", "/api/v3/batchOrders", { batchOrders: JSON.stringify([orderOf(2)]) }),
      () => venue.signed("DELETE", "/api/v3/order", { ...BTC, orderId: "C02__1" }),
      () => venue.signed("DELETE", "/api/v3/openOrders", BTC),
    ] as const;
    for (let at = 0; at < 12; at += 1) expect((await requests[at % 4]?.())?.status, String(at)).not.toBe(429);
    for (const request of requests) expect((await request()).status).toBe(429);
    venue.advance(1_100);
    expect((await requests[0]()).status).toBe(200);
  });

  it("§1.4 the windows slide: what was spent is free again 10 s later, not sooner", async () => {
    await exhaust(12, () => venue.get("/api/v3/exchangeInfo"));
    venue.advance(9_900);
    const refused = await venue.get("/api/v3/ping");
    expect(refused).toMatchObject({ status: 429, body: { code: 429 } });
    expect(Number(refused.headers.get("retry-after"))).toBe(1);
    venue.advance(1_100);
    expect((await venue.get("/api/v3/ping")).status).toBe(200);
  });

  it("§1.4 429 and 418 carry Retry-After; who goes on is banned for two minutes to three days", async () => {
    await exhaust(12, () => venue.get("/api/v3/exchangeInfo"));
    let last = await venue.get("/api/v3/ping");
    for (let at = 0; at < 50 && last.status === 429; at += 1) {
      expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
      last = await venue.get("/api/v3/ping");
    }
    expect(last.status).toBe(418);
    const waitSeconds = Number(last.headers.get("retry-after"));
    expect(waitSeconds).toBeGreaterThanOrEqual(110);
    expect(waitSeconds).toBeLessThanOrEqual(3 * 86_400);
  });

  it("§1.4 announcements have their own limit of 5 in 2 s", async () => {
    await exhaust(5, () => venue.get("/api/v3/announcements"));
    expect((await venue.get("/api/v3/announcements")).status).toBe(429);
    expect((await venue.get("/api/v3/ping")).status).toBe(200);
  });

  it("§1.4 §10.21 a burst meets the firewall: 403 as HTML without Retry-After, host-wide, until it has cooled down", async () => {
    await venue.control("switches", { firewall: "on" });
    let blocked = await venue.get("/api/v3/ping");
    for (let at = 0; at < 200 && blocked.status === 200; at += 1) blocked = await venue.get("/api/v3/ping");
    expect(blocked.status).toBe(403);
    expect(blocked.headers.get("content-type")).toContain("text/html");
    expect(blocked.headers.get("retry-after")).toBeNull();
    expect((await venue.signed("GET", "/api/v3/account")).status).toBe(403);
    venue.advance(91_000);
    expect((await venue.get("/api/v3/ping")).status).toBe(200);
  });

  it("§1.4 nothing tells how much is used: no usage headers, and rateLimits is empty", async () => {
    const { headers, body } = await venue.get("/api/v3/exchangeInfo");
    expect(body).toMatchObject({ rateLimits: [] });
    expect([...headers.keys()].filter((name) => name.startsWith("x-mbx"))).toEqual([]);
  });

  it("§1.4 generation A counts each endpoint for itself, by switch", async () => {
    await venue.control("switches", { "limits-generation": "A" });
    await exhaust(50, () => venue.get("/api/v3/exchangeInfo"));
    expect((await venue.get("/api/v3/exchangeInfo")).status).toBe(429);
    expect((await venue.get("/api/v3/depth", BTC)).status).toBe(200);
  });
});
