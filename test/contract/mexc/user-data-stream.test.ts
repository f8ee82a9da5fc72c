import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Row, VenueClient } from "./venue.ts";

const MINUTE = 60_000;
const ORDERS = "spot@private.orders.v3.api.pb";

let venue: VenueClient;

beforeEach(async () => {
  venue = await openVenue({ symbolCount: 3 });
});
afterEach(() => venue[Symbol.asyncDispose]());

const call = (method: "GET" | "POST" | "PUT" | "DELETE", query: Query = {}) =>
  venue.signed(method, "/api/v3/userDataStream", query);

async function create(): Promise<string> {
  return String(((await call("POST")).body as Row)["listenKey"]);
}

describe("§6 listen keys", () => {
  it("§6 POST gives 64 hex digits; a second one another key, or the same by switch", async () => {
    const first = await create();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await create()).not.toBe(first);
    await venue.withSwitches({ "listen-key-reuse": "same" }, async () => {
      expect(await create()).toBe(await create());
    });
  });

  it.each(["60", "200"])(
    "§6 GET lists the valid ones, with a total of %s by switch and what is available",
    async (total) => {
      await venue.withSwitches({ "listen-key-limit": total }, async () => {
        const keys = [await create(), await create()];
        const { body } = await call("GET");
        expect(body).toEqual({
          listenKey: expect.arrayContaining(keys) as string[],
          total: Number(total),
          available: Number(total) - 2,
        });
      });
    },
  );

  it("§6 PUT makes it valid for 60 minutes again, and answers the key", async () => {
    const key = await create();
    venue.jump(50 * MINUTE);
    expect((await call("PUT", { listenKey: key })).body).toEqual({ listenKey: key });
    venue.jump(50 * MINUTE);
    expect((await call("GET")).body).toMatchObject({ listenKey: [key] });
    venue.jump(11 * MINUTE);
    expect((await call("GET")).body).toMatchObject({ listenKey: [] });
    expect((await call("PUT", { listenKey: key })).status).toBe(400);
  });

  it("§6 DELETE answers the key and closes the stream", async () => {
    const key = await create();
    const stream = await venue.connect({ listenKey: key });
    expect(await stream.subscribe(ORDERS)).toBe(ORDERS);
    expect((await call("DELETE", { listenKey: key })).body).toEqual({ listenKey: key });
    venue.advance(1_000);
    await stream.closed;
    expect((await call("DELETE", { listenKey: key })).status).toBe(400);
  });

  it("§6 an expired key closes its stream", async () => {
    const stream = await venue.connect({ listenKey: await create() });
    await stream.subscribe(ORDERS);
    for (let minute = 0; minute < 61 && stream.isOpen; minute += 1) {
      stream.send({ method: "PING" });
      venue.jump(MINUTE / 2);
      stream.send({ method: "PING" });
      venue.jump(MINUTE / 2);
    }
    await stream.closed;
  });

  it("§6 a bad key is told by the plain text frame `Invalid listen key`", async () => {
    const stream = await venue.connect({ listenKey: "0".repeat(64) });
    await stream.closed;
    expect(stream.texts).toEqual(["Invalid listen key"]);
  });

  it("§10.27 an address REST refuses may hear the streams all the same", async () => {
    const key = { apiKey: "mx0elsewhere", secret: "s" };
    await venue.control("keys", key);
    const { body } = await venue.signed("POST", "/api/v3/userDataStream", {}, { key });
    await venue.control("keys", { ...key, ipWhiteList: ["203.0.113.9"] });
    expect((await venue.signed("GET", "/api/v3/account", {}, { key })).body).toMatchObject({ code: 700006 });
    const stream = await venue.connect({ listenKey: String((body as Row)["listenKey"]) });
    const account = "spot@private.account.v3.api.pb";
    expect(await stream.subscribe(account)).toBe(account);
    await venue.control("deposit", { apiKey: key.apiKey, asset: "USDT", amount: "7" });
    venue.advance(200);
    await expect.poll(() => stream.pushes.length).toBeGreaterThan(0);
  });

  it("§6 public channels may be mixed in", async () => {
    const stream = await venue.connect({ listenKey: await create() });
    const deals = "spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT";
    expect((await stream.subscribe(ORDERS, deals)).split(",")).toEqual(expect.arrayContaining([ORDERS, deals]));
  });

  it("§6 markets of the assessment zone are for admitted accounts with a listen key, even their public channels", async () => {
    const deals = "spot@public.aggre.deals.v3.api.pb@100ms@ETHUSDT";
    await venue.control("symbol", { symbol: "ETHUSDT", assessmentZone: [venue.key.apiKey] });
    const admitted = await venue.connect({ listenKey: await create() });
    expect(await admitted.subscribe(deals)).toBe(deals);
    expect(await (await venue.connect()).subscribe(deals)).toMatch(/^Not Subscribed successfully! \[/);
    const order = { symbol: "ETHUSDT", side: "BUY", type: "LIMIT", quantity: "0.01", price: "3000" };
    expect((await venue.signed("POST", "/api/v3/order/test", order)).status).toBe(200);
    await venue.control("symbol", { symbol: "ETHUSDT", assessmentZone: [] });
    expect((await venue.signed("POST", "/api/v3/order/test", order)).body).toMatchObject({ code: 10007 });
  });

  it("§6 five connections a key and no more", async () => {
    const key = await create();
    for (let at = 0; at < 5; at += 1) await venue.connect({ listenKey: key });
    const sixth = await venue.connect({ listenKey: key }).catch(() => undefined);
    await sixth?.closed;
    expect(sixth?.isOpen ?? false).toBe(false);
  });

  it("§6 60 keys an account by switch", async () => {
    await venue.withSwitches({ "listen-key-limit": "60" }, async () => {
      for (let at = 0; at < 60; at += 1) await create();
      expect((await call("POST")).status).toBe(400);
      expect((await call("GET")).body).toMatchObject({ total: 60, available: 0 });
    });
  });
});
