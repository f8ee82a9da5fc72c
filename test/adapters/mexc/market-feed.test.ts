import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import type { MarketEvent, MarketFeed, MarketTopic } from "../../../src/core/ports/market-feed.ts";
import { channelOf } from "../../../src/adapters/mexc/ws/channels.ts";
import { createMarketFeed } from "../../../src/adapters/mexc/ws/market-feed.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { createManualClock } from "../../manual-clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, encodePush, QUIET, startStreamVenue, takeThirty, until } from "./stream-venue.ts";

const BTC = marketSymbol("BTCUSDT");
const BOOK = { kind: "book", symbol: BTC } as const;
const TRADES = { kind: "trades", symbol: BTC } as const;

let venue: StreamVenue;
const opened: MarketFeed[] = [];
let feed: ReturnType<typeof createMarketFeed>;

beforeEach(async () => {
  venue = await startStreamVenue();
  feed = createMarketFeed({
    wsUrl: venue.url,
    fetchSnapshot: () => Promise.resolve({ lastUpdateId: 10, bids: [["99", "1"]], asks: [["101", "2"]], timestamp: 5 }),
    fetchNewestTradeAt: () => Promise.resolve(undefined),
    clock: createSystemClock(),
    random: () => 1,
    logger: QUIET,
    timings: { firstRetryMs: 4, longestRetryMs: 16 },
  });
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
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
    venue.answer = (message, it, socket) =>
      message.params?.[0]?.includes("NOPE") === true
        ? ack(message.id, `Not Subscribed successfully! [${message.params[0]}].  Reason： Blocked! `)
        : agree(message, it, socket);
    const wrong = { kind: "trades", symbol: marketSymbol("NOPE") } as const;
    const refused = listen(wrong);
    listen(TRADES);
    await until(() => expect(refused.events).toEqual([{ type: "refused", topic: wrong, reason: "Blocked!" }]));
  });

  it("that were refused are asked for again by whoever wants them next", async () => {
    let isWilling = false;
    venue.answer = (message, it, socket) =>
      isWilling || message.method !== "SUBSCRIPTION"
        ? agree(message, it, socket)
        : ack(message.id, "Not Subscribed successfully! [].  Reason： Blocked! ");
    const first = listen(TRADES);
    await until(() => expect(first.events).toHaveLength(1));
    isWilling = true;
    const second = listen(TRADES);
    first.close();
    await until(() =>
      expect(
        requests()
          .flat()
          .filter(([method]) => method === "SUBSCRIPTION"),
      ).toHaveLength(2),
    );
    const deals = { deals: [{ price: "1", quantity: "2", tradeType: 2, time: 4 }] };
    await until(() => {
      venue.push({ channel: channelOf(TRADES), symbol: "BTCUSDT", publicAggreDeals: deals });
      expect(second.events.map(({ type }) => type)).toContain("trades");
    });
    expect(requests().flat()).not.toContainEqual(["UNSUBSCRIPTION", channelOf(TRADES)]);
  });

  it("stay with a person who changes markets two dozen times while a connection takes over", async () => {
    venue.answer = takeThirty;
    listen({ kind: "tickers" });
    const all: ReturnType<typeof listen>[] = [];
    let held: readonly ReturnType<typeof listen>[] = [];
    let last = "";
    for (let at = 0; at < 24; at += 1) {
      for (const one of held) one.close();
      const symbol = marketSymbol(`S${at}USDT`);
      const topics = [
        { kind: "trades", symbol },
        { kind: "book", symbol },
        { kind: "candles", symbol, interval: "1m" },
      ] as const;
      held = topics.map((topic) => listen(topic));
      all.push(...held);
      last = channelOf(topics[2]);
      await until(() => expect(requests().flat()).toContainEqual(["SUBSCRIPTION", last]));
    }
    const kline = { interval: "Min1", windowStart: 60, openingPrice: "1", closingPrice: "1", highestPrice: "1" };
    await until(() => {
      const publicSpotKline = { ...kline, lowestPrice: "1", volume: "1", amount: "1", windowEnd: 120 };
      venue.push({ channel: last, symbol: "S23USDT", publicSpotKline });
      expect(held[2]?.events.map(({ type }) => type)).toContain("candle");
    });
    expect(all.flatMap(({ events }) => events).filter(({ type }) => type === "refused")).toEqual([]);
  });

  it("tell the change of 24 hours, swap volume and turnover of the tickers, and leave out rows that cannot be read", async () => {
    const tickers = listen({ kind: "tickers" });
    await until(() => expect(requests()[0]).toHaveLength(1));
    const good = { symbol: "BTCUSDT", price: "2", rate: "0.5", zonedRate: "-0.01", volume: "500", quantity: "250" };
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

describe("a stream that falls silent", () => {
  const quietBook = { lastUpdateId: 10, bids: [["99", "1"]], asks: [["101", "2"]], timestamp: 5 } as const;

  /** A feed on a clock of the test's; `snapshot` and `newestTradeAt` are what REST shows. */
  function open() {
    const time = createManualClock();
    const rest = { version: 10, newestTradeAt: 4 as number | undefined, asked: 0 };
    const watched = createMarketFeed({
      wsUrl: venue.url,
      fetchSnapshot: () => {
        rest.asked += 1;
        return Promise.resolve({ ...quietBook, lastUpdateId: rest.version });
      },
      fetchNewestTradeAt: () => {
        rest.asked += 1;
        return Promise.resolve(rest.newestTradeAt);
      },
      clock: time.clock,
      random: () => 1,
      logger: QUIET,
      timings: { silenceMs: 10 ** 9 },
    });
    opened.push(watched);
    const passing = (check: () => void) =>
      until(async () => {
        await time.advance(500);
        check();
      });
    return { time, rest, watched, passing };
  }

  const booksOf = (events: readonly MarketEvent[]) => events.flatMap((it) => (it.type === "book" ? [it.state] : []));

  it("is not disturbed as long as its market is quiet, and is looked at more and more rarely", async () => {
    const { time, rest, watched, passing } = open();
    const book = listen(BOOK, watched);
    const trades = listen(TRADES, watched);
    await passing(() => expect(booksOf(book.events).at(-1)).toBe("live"));
    await time.advance(4 * 3_600_000);
    expect(rest.asked).toBeLessThan(70);
    expect(rest.asked).toBeGreaterThan(30);
    expect(watched.health()).toMatchObject({ silences: 0, reconnects: 0, renewals: 0 });
    expect(venue.sockets).toHaveLength(1);
    expect(booksOf(book.events).at(-1)).toBe("live");
    expect(trades.events).toEqual([]);
  });

  it("is given a new connection when REST shows what it did not tell; its book says so meanwhile", async () => {
    const { rest, watched, passing } = open();
    const { events } = listen(BOOK, watched);
    await passing(() => expect(booksOf(events).at(-1)).toBe("live"));
    rest.version = 20;
    await passing(() => expect(booksOf(events).at(-1)).toBe("stale"));
    await passing(() => expect(booksOf(events).at(-1)).toBe("live"));
    await passing(() => expect(watched.health()).toMatchObject({ silences: 1, renewals: 1, reconnects: 0 }));
    await until(() => expect(venue.open).toBe(1));
  });

  it("while its connection is being replaced already is live again once that is done", async () => {
    const { rest, watched, passing } = open();
    const { events } = listen(BOOK, watched);
    listen(TRADES, watched);
    await passing(() => expect(booksOf(events).at(-1)).toBe("live"));
    // Thirty subscriptions use the first socket up, so that the next one needs another.
    for (let at = 0; at < 28; at += 1) listen({ kind: "trades", symbol: marketSymbol(`S${at}USDT`) }, watched).close();
    listen({ kind: "trades", symbol: marketSymbol("LASTUSDT") }, watched);
    await passing(() => expect(requests()[1]?.map(([, channel]) => channel)).toContain(channelOf(BOOK)));
    // The next socket has every channel, but as long as trades come on the old one only it cannot take over.
    let printedAt = 10;
    const print = () => {
      const deals = { deals: [{ price: "1", quantity: "2", tradeType: 2, time: (printedAt += 1) }] };
      return encodePush({ channel: channelOf(TRADES), symbol: "BTCUSDT", publicAggreDeals: deals });
    };
    rest.version = 20;
    await passing(() => {
      venue.sockets[0]?.socket.send(print(), { binary: true });
      expect(watched.health().silences).toBe(1);
    });
    expect(booksOf(events).at(-1)).toBe("stale");
    expect(watched.health().renewals).toBe(0);
    await passing(() => {
      venue.sockets[1]?.socket.send(print(), { binary: true });
      expect(watched.health().renewals).toBe(1);
    });
    await passing(() => expect(booksOf(events).at(-1)).toBe("live"));
    expect(venue.sockets).toHaveLength(2);
  });

  it("of trades is found by the newest trade, after a first look to compare with", async () => {
    const { time, rest, watched, passing } = open();
    listen(TRADES, watched);
    await passing(() => expect(requests()[0]).toHaveLength(1));
    await passing(() => expect(rest.asked).toBe(1));
    await time.advance(10_000);
    expect(watched.health().silences).toBe(0);
    rest.newestTradeAt = 9;
    await passing(() => expect(watched.health()).toMatchObject({ silences: 1, renewals: 1 }));
    // The new connection tells it after all, and all is well again.
    const deals = { deals: [{ price: "1", quantity: "2", tradeType: 2, time: 9 }] };
    venue.push({ channel: channelOf(TRADES), symbol: "BTCUSDT", publicAggreDeals: deals });
    await time.advance(600_000);
    expect(watched.health().silences).toBe(1);
  });

  it("and keeps a guaranteed pace needs no proof", async () => {
    const { rest, watched, passing } = open();
    const { events } = listen({ kind: "tickers" }, watched);
    const tick = () => {
      const items = [{ symbol: "BTCUSDT", price: "2" }];
      venue.push({ channel: channelOf({ kind: "tickers" }), sendTime: 8, publicMiniTickers: { items } });
    };
    await passing(() => expect(requests()[0]?.[0]?.[0]).toBe("SUBSCRIPTION"));
    tick();
    await until(() => expect(events).toHaveLength(1));
    await passing(() => expect(watched.health()).toMatchObject({ silences: 1, renewals: 1 }));
    expect(rest.asked).toBe(0);
  });
});
