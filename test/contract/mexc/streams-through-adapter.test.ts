import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import type { MexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { BookState, Level } from "../../../src/core/domain/book.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { toDrawingNumber } from "../../../src/core/domain/money.ts";
import type { ConnectionState, MarketEvent, MarketTopic } from "../../../src/core/ports/market-feed.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";

// The gotchas of the streams as the port of live data meets them, in real time over real sockets.

const BTC = marketSymbol("BTCUSDT");
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const signal = new AbortController().signal;
const PATIENCE = { timeout: 10_000, interval: 100 };

let simulator: RunningSimulator;
let exchange: MexcExchange;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 29, symbolCount: 5 });
  exchange = createMexcExchange({
    endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
    clock: createSystemClock(),
    random: () => 0.5,
    logger: QUIET,
    timings: { firstRetryMs: 10, longestRetryMs: 50 },
  });
});
afterAll(async () => {
  await exchange.close();
  await simulator.close();
});

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Keeps what a topic tells until the end of the test. */
function hear(topic: MarketTopic) {
  const events: MarketEvent[] = [];
  const book: { state?: BookState; bids: readonly Level[]; asks: readonly Level[] } = { bids: [], asks: [] };
  const subscription = exchange.marketFeed.subscribe(topic, (event) => {
    events.push(event);
    if (event.type !== "book") return;
    Object.assign(book, { state: event.state, bids: event.ladder.top("buy", 20), asks: event.ladder.top("sell", 20) });
  });
  return { events, book, [Symbol.dispose]: () => subscription.close() };
}

/** A book that has the levels REST has, in value. */
async function agrees(book: ReturnType<typeof hear>["book"]): Promise<boolean> {
  const { bids, asks } = await exchange.marketData.fetchBook(BTC, 20, signal);
  const text = (side: readonly Level[]) => side.map(({ price, quantity }) => `${price}:${quantity}`).join();
  return book.state === "live" && text(bids) === text(book.bids) && text(asks) === text(book.asks);
}

describe("§10 gotchas of the streams through the adapter", () => {
  it("§10.14 a refusal comes with code 0 and is known by its text", async () => {
    const topic = { kind: "trades", symbol: marketSymbol("NOPEUSDT") } as const;
    using heard = hear(topic);
    await expect.poll(() => heard.events, PATIENCE).toEqual([{ type: "refused", topic, reason: "Blocked!" }]);
  });

  it("§10.15 §10.25 every topic is of the service there is now, and what comes as binary is read", async () => {
    const topics: readonly MarketTopic[] = [
      { kind: "trades", symbol: BTC },
      { kind: "book", symbol: BTC },
      { kind: "book-top", symbol: BTC },
      { kind: "candles", symbol: BTC, interval: "1m" },
      { kind: "tickers" },
    ];
    for (const topic of topics) {
      using heard = hear(topic);
      const type = { trades: "trades", book: "book", "book-top": "book-top", candles: "candle", tickers: "tickers" };
      await expect.poll(() => heard.events.at(-1)?.type, PATIENCE).toBe(type[topic.kind]);
    }
  });

  it("§10.16 a snapshot within a push, padded numbers and trimmed ones: the book is the exchange's", async () => {
    using heard = hear({ kind: "book", symbol: BTC });
    await expect.poll(() => agrees(heard.book), PATIENCE).toBe(true);
  });

  it("§10.17 the volumes of the mini tickers are turned round: base is base, as REST has it", async () => {
    using heard = hear({ kind: "tickers" });
    const told = () => heard.events.flatMap((event) => (event.type === "tickers" ? event.tickers : []));
    await expect.poll(() => told().some(({ symbol }) => symbol === BTC), PATIENCE).toBe(true);
    const [asked] = await exchange.marketData.fetchTickers(BTC, signal);
    const pushed = told().findLast(({ symbol }) => symbol === BTC);
    for (const name of ["baseVolume", "quoteVolume"] as const) {
      const [left, right] = [pushed?.[name], asked?.[name]];
      if (left === undefined || right === undefined) throw new Error(`no ${name}`);
      expect(toDrawingNumber(left) / toDrawingNumber(right), name).toBeCloseTo(1, 1);
    }
  });

  it("§10.18 a pushed candle is of the same moment as REST's, in ms", async () => {
    using heard = hear({ kind: "candles", symbol: BTC, interval: "1m" });
    await expect.poll(() => heard.events.at(-1), PATIENCE).toMatchObject({ type: "candle" });
    const asked = await exchange.marketData.fetchCandles({ symbol: BTC, interval: "1m", limit: 3 }, signal);
    const [pushed] = heard.events.flatMap((event) => (event.type === "candle" ? [event.candle.openTime] : []));
    expect(asked.map(({ openTime }) => openTime)).toContain(pushed);
  });

  it("§10.19 a connection that ends without a close frame is made anew, and the book with it", async () => {
    const states: ConnectionState["kind"][] = [];
    const watch = exchange.marketFeed.onConnection(({ kind }) => void states.push(kind));
    using heard = hear({ kind: "book", symbol: BTC });
    await expect.poll(() => heard.book.state, PATIENCE).toBe("live");
    states.length = 0;
    const before = heard.events.length;
    await control("faults", { kind: "close-socket" });
    await expect.poll(() => states, PATIENCE).toEqual(expect.arrayContaining(["waiting", "connected"]));
    const since = () => heard.events.slice(before).flatMap((event) => (event.type === "book" ? [event.state] : []));
    await expect.poll(since, PATIENCE).toEqual(expect.arrayContaining(["syncing", "live"]));
    await expect.poll(() => agrees(heard.book), PATIENCE).toBe(true);
    watch.close();
  });
});
