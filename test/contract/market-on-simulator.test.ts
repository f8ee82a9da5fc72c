import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { MexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import { CANDLE_INTERVALS, intervalLengthMs } from "../../src/core/domain/candle.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import { ratio, toDrawingNumber } from "../../src/core/domain/money.ts";
import type { Ticker } from "../../src/core/domain/ticker.ts";
import type { MarketEvent, MarketTopic } from "../../src/core/ports/market-feed.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";

const BTC = marketSymbol("BTCUSDT");
/** In place of what is not told: no market moves this far. */
const ONE = ratio("1");
const NOPE = marketSymbol("NOPEUSDT");
const signal = new AbortController().signal;

let simulator: RunningSimulator;
let exchange: MexcExchange;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 5, symbolCount: 12 });
  exchange = createMexcExchange({
    endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
    clock: createSystemClock(),
    random: () => 0.5,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
});
afterAll(async () => {
  await exchange.close();
  await simulator.close();
});

describe("public questions", () => {
  it("give every market with rules that fit together", async () => {
    const instruments = await exchange.marketData.fetchInstruments(undefined, signal);
    expect(instruments).toHaveLength(12);
    for (const instrument of instruments) {
      expect(instrument.symbol).toBe(`${instrument.base}${instrument.quote}`);
      expect(instrument.tickSize > 0n && instrument.stepSize > 0n).toBe(true);
      expect(instrument.maxNotional).toBeGreaterThan(instrument.minNotional);
    }
    const [one, ...rest] = await exchange.marketData.fetchInstruments([BTC], signal);
    expect([one, rest]).toEqual([instruments.find((it) => it.symbol === BTC), []]);
  });

  it("give book, top and tickers that do not contradict each other", async () => {
    const book = await exchange.marketData.fetchBook(BTC, 5, signal);
    expect([book.bids.length, book.asks.length]).toEqual([5, 5]);
    const falling = [...book.asks.toReversed(), ...book.bids].map((level) => level.price);
    expect(falling).toEqual(falling.toSorted((left, right) => (left < right ? 1 : -1)));
    const top = await exchange.marketData.fetchBookTop(BTC, signal);
    expect(top.bid !== undefined && top.ask !== undefined && top.bid.price < top.ask.price).toBe(true);
    const tickers = await exchange.marketData.fetchTickers(undefined, signal);
    expect(tickers).toHaveLength(12);
    const [own] = await exchange.marketData.fetchTickers(BTC, signal);
    expect(own).toMatchObject({ symbol: BTC });
    expect(own?.high).toBeGreaterThanOrEqual(own?.low ?? 0n);
  });

  it("mean the same 24 hours by the tickers of REST and of the stream", async () => {
    const pushed = await new Promise<readonly Ticker[]>((resolve) => {
      exchange.marketFeed.subscribe({ kind: "tickers" }, (event) => {
        if (event.type === "tickers") resolve(event.tickers);
      });
    });
    const asked = await exchange.marketData.fetchTickers(undefined, signal);
    expect(pushed.map(({ symbol }) => symbol).toSorted()).toEqual(asked.map(({ symbol }) => symbol).toSorted());
    for (const { symbol, change, high, low } of asked) {
      const ticker = pushed.find((one) => one.symbol === symbol);
      // A few prints lie between the two.
      expect(Math.abs(toDrawingNumber(ticker?.change ?? ONE) - toDrawingNumber(change ?? ONE)), symbol).toBeLessThan(
        0.005,
      );
      expect(toDrawingNumber(ticker?.high ?? ONE) / toDrawingNumber(high ?? ONE), symbol).toBeCloseTo(1, 2);
      expect(toDrawingNumber(ticker?.low ?? ONE) / toDrawingNumber(low ?? ONE), symbol).toBeCloseTo(1, 2);
    }
  });

  it("give trades newest first", async () => {
    const times = await vi.waitFor(
      async () => {
        const trades = await exchange.marketData.fetchTrades(BTC, 50, signal);
        expect(trades.length).toBeGreaterThan(1);
        return trades.map((trade) => trade.at);
      },
      { timeout: 5_000 },
    );
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });

  it.each(CANDLE_INTERVALS)("give candles of %s, oldest first and without overlap", async (interval) => {
    const candles = await exchange.marketData.fetchCandles({ symbol: BTC, interval, limit: 20 }, signal);
    expect(candles.length).toBeGreaterThan(0);
    const length = intervalLengthMs(interval);
    for (const [at, candle] of candles.entries()) {
      expect(candle.high >= candle.open && candle.high >= candle.close && candle.low <= candle.open).toBe(true);
      const before = candles[at - 1];
      if (before === undefined) continue;
      expect(candle.openTime).toBeGreaterThan(before.openTime);
      if (length !== undefined) expect((candle.openTime - before.openTime) % length).toBe(0);
    }
  });

  it("give candles up to a moment", async () => {
    const query = { symbol: BTC, interval: "1m", limit: 30 } as const;
    const newest = await exchange.marketData.fetchCandles(query, signal);
    const until = newest.at(10)?.openTime ?? 0;
    const earlier = await exchange.marketData.fetchCandles({ ...query, until }, signal);
    expect(earlier.length).toBeGreaterThan(0);
    expect(Math.max(...earlier.map((candle) => candle.openTime))).toBeLessThanOrEqual(until);
  });

  it("say SYMBOL_UNKNOWN for a market nobody lists", async () => {
    const { marketData } = exchange;
    const candles = { symbol: NOPE, interval: "1m", limit: 1 } as const;
    for (const question of [
      () => marketData.fetchInstruments([NOPE], signal),
      () => marketData.fetchInstruments([BTC, NOPE], signal),
      () => marketData.fetchBook(NOPE, 5, signal),
      () => marketData.fetchBookTop(NOPE, signal),
      () => marketData.fetchTrades(NOPE, 5, signal),
      () => marketData.fetchCandles(candles, signal),
      () => marketData.fetchTickers(NOPE, signal),
    ]) {
      await expect(question()).rejects.toMatchObject({ code: "SYMBOL_UNKNOWN", exitCode: 2 });
    }
  });

  it("need no keys, where questions about an account do", async () => {
    await expect(exchange.marketData.fetchClockOffset(signal)).resolves.toBeTypeOf("number");
    for (const question of [
      () => exchange.accountData.fetchBalances(signal),
      () => exchange.accountData.fetchOpenOrders(undefined, signal),
      () => exchange.accountFeed.start(() => undefined, signal),
    ]) {
      await expect(question()).rejects.toMatchObject({ code: "KEYS_MISSING", exitCode: 4 });
    }
  });
});

describe("public streams", () => {
  it("carry every kind of topic, and refuse a market nobody lists", async () => {
    const topics: readonly MarketTopic[] = [
      { kind: "trades", symbol: BTC },
      { kind: "book", symbol: BTC },
      { kind: "book-top", symbol: BTC },
      { kind: "tickers" },
      ...CANDLE_INTERVALS.map((interval) => ({ kind: "candles", symbol: BTC, interval }) as const),
      { kind: "trades", symbol: NOPE },
    ];
    const heard = topics.map(() => [] as MarketEvent[]);
    for (const [at, topic] of topics.entries()) exchange.marketFeed.subscribe(topic, (event) => heard[at]?.push(event));
    await vi.waitFor(() => expect(heard.filter((events) => events.length === 0)).toEqual([]), { timeout: 10_000 });
    const refused = topics.filter((_topic, at) => heard[at]?.some((event) => event.type === "refused"));
    expect(refused).toEqual([{ kind: "trades", symbol: NOPE }]);
    const health = exchange.health();
    expect([health.poison, health.reconnects]).toEqual([0, 0]);
    expect(health.marketDataAgeMs).toBeLessThan(5_000);
  });
});
