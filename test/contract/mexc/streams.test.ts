import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Row, VenueClient } from "./venue.ts";
import type { VenueStream } from "./venue-stream.ts";

const BTC = "BTCUSDT";
const deals = (symbol: string, speed = "100ms") => `spot@public.aggre.deals.v3.api.pb@${speed}@${symbol}`;
const depth = (symbol: string, speed = "100ms") => `spot@public.aggre.depth.v3.api.pb@${speed}@${symbol}`;
const kline = (symbol: string, interval = "Min1") => `spot@public.kline.v3.api.pb@${symbol}@${interval}`;

let venue: VenueClient;

beforeEach(async () => {
  venue = await openVenue({ symbolCount: 40 });
});
afterEach(() => venue[Symbol.asyncDispose]());

/** Moves the clock until the stream is closed, pinging all the while. @returns how long that took, in ms */
async function pingUntilClosed(at: VenueClient, stream: VenueStream, stepMs: number): Promise<number> {
  const start = at.now();
  while (stream.isOpen) {
    await stream.ask({ method: "PING" }).catch(() => {});
    at.jump(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return at.now() - start;
}

describe("§7.1 connection rules", () => {
  it("§7.1 §10.25 control is text and data is binary, one wrapper a frame", async () => {
    const stream = await venue.connect();
    await stream.subscribe(depth(BTC));
    await expect.poll(() => (venue.advance(500), stream.pushes.length)).toBeGreaterThan(2);
    expect(stream.texts).toEqual([expect.stringContaining("aggre.depth") as string]);
  });

  it("§7.1 §10.19 without a valid subscription it ends after 30 s, without a close frame", async () => {
    const stream = await venue.connect();
    await stream.subscribe("spot@nothing");
    const lived = await pingUntilClosed(venue, stream, 1_000);
    expect(lived).toBeGreaterThanOrEqual(30_000);
    expect(lived).toBeLessThanOrEqual(33_000);
    expect(await stream.closed).toBe(1006);
  });

  it("§7.1 §10.19 subscribed and silent it ends after about 60 s unless the client pings; again without a close frame", async () => {
    const key = String(((await venue.signed("POST", "/api/v3/userDataStream")).body as Row)["listenKey"]);
    const [idle, pinging] = [await venue.connect({ listenKey: key }), await venue.connect({ listenKey: key })];
    for (const stream of [idle, pinging]) await stream.subscribe("spot@private.orders.v3.api.pb");
    let pinged = 0;
    while (idle.isOpen && pinged < 40) {
      await pinging.ask({ method: "PING" });
      venue.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
      pinged += 1;
    }
    expect(await idle.closed).toBe(1006);
    expect(pinged).toBeGreaterThan(9);
    expect(pinging.isOpen).toBe(true);
  });

  it("§7.1 §10.19 after 24 h it ends, whatever is said", { timeout: 30_000 }, async () => {
    const quiet = await openVenue({ symbolCount: 1 });
    const stream = await quiet.connect();
    await stream.subscribe("spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8");
    const lived = await pingUntilClosed(quiet, stream, 50_000);
    expect(lived).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(lived).toBeLessThan(24 * 3_600_000 + 200_000);
    expect(await stream.closed).toBe(1006);
    await quiet[Symbol.asyncDispose]();
  });

  it("§7.1 30 subscriptions a connection, the excess refused in the text", async () => {
    const { body } = await venue.get("/api/v3/exchangeInfo");
    const symbols = (body as { readonly symbols: readonly Row[] }).symbols.map((row) => String(row["symbol"]));
    const stream = await venue.connect();
    for (const symbol of symbols.slice(0, 30)) expect(await stream.subscribe(deals(symbol))).toBe(deals(symbol));
    expect(await stream.subscribe(deals(symbols[30] ?? ""))).toMatch(/^Not Subscribed successfully! \[/);
  });

  it("§7.1 a hundred messages a second and no more", async () => {
    const stream = await venue.connect();
    await stream.subscribe(deals(BTC));
    for (let at = 0; at < 120; at += 1) stream.send({ method: "PING" });
    await stream.closed;
  });
});

describe("§7.2 control messages", () => {
  let stream: VenueStream;
  beforeEach(async () => {
    stream = await venue.connect();
  });

  it("§7.2 the answer names the accepted channels, and echoes the id or 0", async () => {
    const params = [deals(BTC), deals("ETHUSDT")];
    const answer = await stream.ask({ method: "SUBSCRIPTION", params, id: 17 });
    expect(answer).toMatchObject({ id: 17, code: 0 });
    // Their order is not guaranteed.
    expect(String(answer["msg"]).split(",").sort()).toEqual(params.toSorted());
    expect(await stream.ask({ method: "UNSUBSCRIPTION", params: [deals(BTC)] })).toMatchObject({
      id: 0,
      code: 0,
      msg: deals(BTC),
    });
  });

  it("§7.2 PING and ping are answered by PONG", async () => {
    for (const method of ["PING", "ping"])
      expect(await stream.ask({ method })).toEqual({ id: 0, code: 0, msg: "PONG" });
  });

  it.each([
    ["an unknown channel", "spot@public.nothing.v3.api.pb@BTCUSDT"],
    ["an unknown symbol", deals("NOPEUSDT")],
    ["a symbol in lower case", deals("btcusdt")],
    ["a speed there is not", deals(BTC, "50ms")],
    ["a mini ticker without its time zone", "spot@public.miniTicker.v3.api.pb@BTCUSDT"],
    ["a time zone there is not", "spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+14"],
    ["a private channel without a listen key", "spot@private.orders.v3.api.pb"],
    ["a channel of the old JSON service", "spot@public.deals.v3.api@BTCUSDT"],
    ["an interval of REST", kline(BTC, "1m")],
  ])("§7.2 §10.14 %s is refused with code 0 and the text of a total refusal", async (_what, channel) => {
    expect(await stream.ask({ method: "SUBSCRIPTION", params: [channel], id: 3 })).toEqual({
      id: 3,
      code: 0,
      msg: `Not Subscribed successfully! [${channel}].  Reason： Blocked! `,
    });
  });

  it("§7.2 §10.14 a partial refusal names both, with the same full-width colon and spaces", async () => {
    expect(await stream.subscribe(deals(BTC), deals("NOPEUSDT"))).toBe(
      `Subscribed successful! [${deals(BTC)}]. Not Subscribed successfully! [${deals("NOPEUSDT")}].  Reason： Blocked! `,
    );
  });

  it("§10.15 the channels of the old JSON service are gone, each of them", async () => {
    const old = [
      "spot@public.deals.v3.api@BTCUSDT",
      "spot@public.increase.depth.v3.api@BTCUSDT",
      "spot@public.limit.depth.v3.api@BTCUSDT@5",
      "spot@public.bookTicker.v3.api@BTCUSDT",
      "spot@public.kline.v3.api@BTCUSDT@Min1",
    ];
    const text = await stream.subscribe(...old);
    expect(text).toMatch(/^Not Subscribed successfully! \[.*\]\. {2}Reason： Blocked! $/);
    for (const channel of old) expect(text).toContain(channel);
  });

  it("§7.2 the thirty-first is refused amid others, and the text names which", async () => {
    const { body } = await venue.get("/api/v3/exchangeInfo");
    const channels = (body as { readonly symbols: readonly Row[] }).symbols.map((row) => deals(String(row["symbol"])));
    const text = await stream.subscribe(...channels.slice(0, 31));
    expect(text).toMatch(/^Subscribed successful! \[.*\]\. Not Subscribed successfully! \[[^,\]]+\]\. {2}Reason： /);
  });

  it("§7.2 a subscription to nothing is refused with an empty list", async () => {
    expect(await stream.subscribe()).toBe("Not Subscribed successfully! [].");
  });

  it("§7.2 a second subscription of the same channel is refused", async () => {
    await stream.subscribe(deals(BTC));
    expect(await stream.subscribe(deals(BTC))).toMatch(/^Not Subscribed successfully! \[/);
  });
});

describe("§7.3 channels", () => {
  const bodyOf = (stream: VenueStream, channel: string, body: string) =>
    stream.pushes.find((push) => push.channel === channel)?.[body] as Row | undefined;

  it.each([
    [deals(BTC), "publicAggreDeals"],
    [deals(BTC, "10ms"), "publicAggreDeals"],
    [depth(BTC), "publicAggreDepths"],
    [depth(BTC, "10ms"), "publicAggreDepths"],
    ["spot@public.limit.depth.v3.api.pb@BTCUSDT@5", "publicLimitDepths"],
    ["spot@public.limit.depth.v3.api.pb@BTCUSDT@10", "publicLimitDepths"],
    ["spot@public.limit.depth.v3.api.pb@BTCUSDT@20", "publicLimitDepths"],
    ["spot@public.aggre.bookTicker.v3.api.pb@100ms@BTCUSDT", "publicAggreBookTicker"],
    ["spot@public.aggre.bookTicker.v3.api.pb@10ms@BTCUSDT", "publicAggreBookTicker"],
    ["spot@public.bookTicker.batch.v3.api.pb@BTCUSDT", "publicBookTickerBatch"],
    [kline(BTC), "publicSpotKline"],
    ["spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8", "publicMiniTicker"],
    ["spot@public.miniTickers.v3.api.pb@24H", "publicMiniTickers"],
    [deals("龙虾USDT"), "publicAggreDeals"],
  ])("§7.3 %s carries %s, and the full channel", async (channel, body) => {
    const stream = await venue.connect();
    expect(await stream.subscribe(channel)).toBe(channel);
    await expect.poll(() => (venue.advance(1_000), bodyOf(stream, channel, body)), { timeout: 5_000 }).toBeDefined();
    const [push] = stream.pushes;
    expect(push?.["sendTime"]).toBeGreaterThan(venue.now() - 600_000);
    const { eventType } = bodyOf(stream, channel, body) as { readonly eventType?: string };
    // The event type is the channel without its symbol and, for some, what comes after it.
    if (eventType !== undefined) expect(channel.startsWith(eventType)).toBe(true);
  });

  it.each(["Min1", "Min5", "Min15", "Min30", "Min60", "Hour4", "Hour8", "Day1", "Week1", "Month1"])(
    "§7.3 candles of %s",
    async (interval) => {
      const stream = await venue.connect();
      await stream.subscribe(kline(BTC, interval));
      await expect.poll(() => (venue.advance(1_000), stream.pushes.length)).toBeGreaterThan(0);
      expect(stream.pushes[0]?.["publicSpotKline"]).toMatchObject({ interval });
    },
  );

  it.each([
    ...["24H", "UTC-10", "UTC-8", "UTC-7", "UTC-6", "UTC-5", "UTC-4", "UTC-3", "UTC+0", "UTC+1", "UTC+2", "UTC+3"],
    ...["UTC+4", "UTC+4:30", "UTC+5", "UTC+5:30", "UTC+6", "UTC+7", "UTC+8", "UTC+9", "UTC+10", "UTC+11", "UTC+12"],
    ...["UTC+12:45", "UTC+13"],
  ])("§7.3 mini tickers of the zone %s", async (zone) => {
    const stream = await venue.connect();
    const channel = `spot@public.miniTicker.v3.api.pb@BTCUSDT@${zone}`;
    expect(await stream.subscribe(channel)).toBe(channel);
  });

  it("§10.18 a candle ends without a frame that says so: the next one is all there is to see", async () => {
    const stream = await venue.connect();
    await stream.subscribe(kline(BTC));
    const starts = () => stream.pushes.map((push) => Number((push["publicSpotKline"] as Row)["windowStart"]));
    await expect.poll(() => (venue.advance(1_000), new Set(starts()).size), { timeout: 10_000 }).toBeGreaterThan(2);
    expect(starts()).toEqual(starts().toSorted((left, right) => left - right));
    // Said again as it was would be a frame that says it is over.
    const said = stream.pushes.map((push) => JSON.stringify(push["publicSpotKline"]));
    expect(said.filter((candle, at) => candle === said[at - 1])).toEqual([]);
    for (const push of stream.pushes) {
      const candle = push["publicSpotKline"] as Row;
      // What traded in its last second comes with that second's beat, and nothing after it.
      const end = Number(candle["windowEnd"]) * 1_000;
      expect(Number(push["createTime"]), "told after its window").toBeLessThanOrEqual(end + 1_000);
      expect(Object.values(candle).filter((value) => typeof value === "boolean")).toEqual([]);
    }
  });

  it("§7.3 mini tickers of all symbols come every 3 s", async () => {
    const stream = await venue.connect();
    await stream.subscribe("spot@public.miniTickers.v3.api.pb@UTC+8");
    venue.advance(12_000);
    await expect.poll(() => stream.pushes.length).toBeGreaterThanOrEqual(4);
    expect(stream.pushes.length).toBeLessThanOrEqual(5);
    const all = stream.pushes[0]?.["publicMiniTickers"] as { readonly items: readonly Row[] } | undefined;
    expect(all?.items).toHaveLength(40);
  });
});
