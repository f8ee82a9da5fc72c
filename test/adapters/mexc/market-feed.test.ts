import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import type { MarketEvent, MarketFeed, MarketTopic } from "../../../src/core/ports/market-feed.ts";
import { channelOf } from "../../../src/adapters/mexc/ws/channels.ts";
import { createMarketFeed } from "../../../src/adapters/mexc/ws/market-feed.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, QUIET, startStreamVenue, until } from "./stream-venue.ts";

const BTC = marketSymbol("BTCUSDT");
const BOOK = { kind: "book", symbol: BTC } as const;
const TRADES = { kind: "trades", symbol: BTC } as const;

let venue: StreamVenue;
let feed: ReturnType<typeof createMarketFeed>;

beforeEach(async () => {
  venue = await startStreamVenue();
  feed = createMarketFeed({
    wsUrl: venue.url,
    fetchSnapshot: () => Promise.resolve({ lastUpdateId: 10, bids: [["99", "1"]], asks: [["101", "2"]], timestamp: 5 }),
    clock: { now: () => 1, monotonic: () => 1, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    random: () => 1,
    logger: QUIET,
    timings: { firstRetryMs: 4, longestRetryMs: 16 },
  });
});
afterEach(async () => {
  await feed.close();
  await venue.close();
});

function listen(topic: MarketTopic, from: MarketFeed = feed) {
  const events: MarketEvent[] = [];
  const subscription = from.subscribe(topic, (event) => events.push(event));
  return { events, close: () => subscription.close() };
}

const requests = () => venue.sockets.map(({ messages }) => messages.map(({ method, params }) => [method, params?.[0]]));

describe("topics", () => {
  it("of one kind share a channel until the last listener leaves", async () => {
    const [one, two] = [listen(TRADES), listen(TRADES)];
    listen({ kind: "tickers" });
    await until(() => expect(requests()[0]).toHaveLength(2));
    one.close();
    one.close();
    const deals = { deals: [{ price: "1", quantity: "2", tradeType: 2, time: 4 }] };
    venue.push({ channel: channelOf(TRADES), symbol: "BTCUSDT", publicAggreDeals: deals });
    await until(() => expect(two.events).toHaveLength(1));
    expect(two.events[0]).toMatchObject({ type: "trades", trades: [{ side: "sell", at: 4 }] });
    expect(one.events).toEqual([]);
    two.close();
    await until(() => expect(requests()[0]).toContainEqual(["UNSUBSCRIPTION", channelOf(TRADES)]));
  });

  it("beyond thirty go over a second connection, which closes with its last one", async () => {
    const all = Array.from({ length: 31 }, (_, at) => listen({ kind: "trades", symbol: marketSymbol(`S${at}USDT`) }));
    await until(() => expect(requests().map((each) => each.length)).toEqual([30, 1]));
    all.at(-1)?.close();
    await until(() => expect(venue.open).toBe(1));
    for (const each of all) each.close();
    await until(() => expect(venue.open).toBe(0));
    const again = listen(TRADES);
    await until(() => expect(requests()[2]).toEqual([["SUBSCRIPTION", channelOf(TRADES)]]));
    again.close();
    expect(feed.health().reconnects).toBe(0);
  });

  it("that are refused say so, and the others go on", async () => {
    venue.answer = (message, it) =>
      message.params?.[0]?.includes("NOPE") === true
        ? ack(message.id, `Not Subscribed successfully! [${message.params[0]}].  Reason： Blocked! `)
        : agree(message, it);
    const wrong = { kind: "trades", symbol: marketSymbol("NOPE") } as const;
    const refused = listen(wrong);
    listen(TRADES);
    await until(() => expect(refused.events).toEqual([{ type: "refused", topic: wrong, reason: "Blocked!" }]));
  });

  it("swap volume and turnover of the tickers, and leave out rows that cannot be read", async () => {
    const tickers = listen({ kind: "tickers" });
    await until(() => expect(requests()[0]).toHaveLength(1));
    const good = { symbol: "BTCUSDT", price: "2", rate: "-0.01", volume: "500", quantity: "250" };
    const items = [good, { symbol: "ODDUSDT", price: "NaN" }];
    venue.push({ channel: channelOf({ kind: "tickers" }), sendTime: 8, publicMiniTickers: { items } });
    await until(() => expect(tickers.events).toHaveLength(1));
    const [event] = tickers.events;
    if (event?.type !== "tickers") throw new Error("no tickers");
    expect(event.tickers).toHaveLength(1);
    const { baseVolume, quoteVolume, change, at } = event.tickers[0] ?? {};
    expect([baseVolume, quoteVolume, change].map((it) => it !== undefined && formatMoney(it))).toEqual([
      "250",
      "500",
      "-0.01",
    ]);
    expect(at).toBe(8);
    expect(feed.health().poison).toBe(1);
  });
});

describe("a book", () => {
  it("is told to who joins late, as it stands", async () => {
    const early = listen(BOOK);
    await until(() => expect(early.events.at(-1)).toMatchObject({ type: "book", state: "live", at: 5 }));
    const late = listen(BOOK);
    await until(() => expect(late.events).toHaveLength(1));
    expect(late.events[0]).toMatchObject({ type: "book", state: "live", at: 5 });
    const leaving = listen(BOOK);
    leaving.close();
    await until(() => expect(leaving.events).toEqual([]));
  });

  it("is stale while the connection is away, with the time of its last change", async () => {
    const { events } = listen(BOOK);
    const bookEvents = () => events.flatMap((it) => (it.type === "book" ? [`${it.state} ${it.at}`] : []));
    await until(() => expect(bookEvents().at(-1)).toBe("live 5"));
    const depth = { bids: [{ price: "98", quantity: "1" }], fromVersion: "11", toVersion: "12" };
    venue.push({ channel: channelOf(BOOK), sendTime: 50, publicAggreDepths: depth });
    await until(() => expect(bookEvents().at(-1)).toBe("live 50"));
    venue.sockets[0]?.socket.terminate();
    await until(() => expect(bookEvents()).toContain("stale 50"));
    await until(() => expect(bookEvents().at(-1)).toBe("live 5"));
  });

  it("starts over when a level cannot be read", async () => {
    const { events } = listen(BOOK);
    const states = () => events.flatMap((it) => (it.type === "book" ? [it.state] : []));
    await until(() => expect(states().at(-1)).toBe("live"));
    const before = states().length;
    const depth = { bids: [{ price: "oops", quantity: "1" }], fromVersion: "11", toVersion: "11" };
    venue.push({ channel: channelOf(BOOK), sendTime: 50, publicAggreDepths: depth });
    await until(() => expect(states().slice(before)).toEqual(["syncing", "live"]));
  });
});
