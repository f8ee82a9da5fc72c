import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { run } from "../../../src/commands/run.ts";
import { createLadder } from "../../../src/core/domain/book.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createFakeApp, HEALTHY, tradeEvent } from "../fake-app.ts";
import type { FakeIoOptions } from "../fake-io.ts";
import { createFakeIo } from "../fake-io.ts";
import { runLine, servicesWith } from "../run-line.ts";

const { symbol } = BTCUSDT;

/** Starts a watch and waits until it listens. */
async function watching(
  flags: readonly string[],
  options: FakeIoOptions = {},
  symbols: readonly string[] = ["btcusdt"],
  over: Partial<App> = {},
) {
  const fake = createFakeApp(over);
  const io = createFakeIo(options);
  const ended = run(["market", "watch", ...symbols, ...flags], io.io, servicesWith(fake.app));
  await fake.subscribed;
  return { ...fake, io, ended };
}

describe("market watch", () => {
  it("prints each trade once and in order, as the contract says, and ends at the count", async () => {
    const { emit, io, ended } = await watching(["--count", "3"]);
    emit(tradeEvent(symbol, [1, 2]));
    emit(tradeEvent(symbol, [3, 4]));
    expect(await ended).toBe(0);
    expect(io.out().split("\n")[0]).toBe(
      '{"schema":"tapedeck.market/1","mode":"demo","type":"trade","symbol":"BTCUSDT","price":"1","quantity":"1","side":"sell","time":"2023-11-14T22:13:20.001Z"}',
    );
    expect(io.objects().map((event) => event["price"])).toEqual(["1", "2", "3"]);
    expect(io.err()).toBe("");
  });

  it("subscribes to what was asked for and to nothing else", async () => {
    const flags = ["--channels", "trade,book,ticker,candle", "--interval", "5m"];
    const { topics, io, ended } = await watching(flags, {}, ["btcusdt", "ethusdt", "BTCUSDT"]);
    expect(topics()).toEqual([
      ...["BTCUSDT", "ETHUSDT"].flatMap((name) => [
        { kind: "trades", symbol: name },
        { kind: "book", symbol: name },
        { kind: "book-top", symbol: name },
        { kind: "candles", symbol: name, interval: "5m" },
      ]),
      { kind: "tickers" },
    ]);
    io.interrupt("SIGINT");
    expect(await ended).toBe(130);
    expect(topics()).toEqual([]);
  });

  it("conflates books, and says how far down they go", async () => {
    const { emit, io, ended } = await watching(["--channels", "book", "--levels", "1", "--count", "1"]);
    const ladder = createLadder();
    for (const best of ["10", "11", "12"]) {
      ladder.set("buy", price(best), quantity("1"));
      ladder.set("sell", price("20"), quantity("2"));
      emit({ type: "book", symbol, ladder, state: "live", at: NOW });
    }
    expect(await ended).toBe(0);
    expect(io.objects()).toMatchObject([
      { type: "book", state: "live", bids: [{ price: "12" }], asks: [{ price: "20", quantity: "2" }] },
    ]);
  });

  it("shows tickers of the watched markets only, and candles", async () => {
    const { emit, io, ended } = await watching(["--channels", "ticker,candle", "--count", "2"]);
    const other = marketSymbol("ETHUSDT");
    emit({
      type: "tickers",
      tickers: [
        { symbol: other, at: NOW },
        { symbol, at: NOW, last: price("7") },
      ],
    });
    const ohlc = { open: price("1"), high: price("2"), low: price("1"), close: price("2") };
    const volumes = { baseVolume: quantity("3"), quoteVolume: notional("4") };
    emit({ type: "candle", candle: { symbol, interval: "1m", openTime: NOW, ...ohlc, ...volumes } });
    expect(await ended).toBe(0);
    expect(io.objects()).toMatchObject([
      { type: "ticker", symbol: "BTCUSDT", last: "7", change: null },
      { type: "candle", interval: "1m", close: "2", baseVolume: "3" },
    ]);
  });

  it("is readable at a terminal", async () => {
    const { emit, io, ended } = await watching(["--count", "1", "--no-color"], { tty: true });
    emit(tradeEvent(symbol, [5]));
    expect(await ended).toBe(0);
    expect(io.out()).toBe("22:13:20.005  BTCUSDT  sell  1 @ 5\n");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 0],
  ] as const)("ends at %s with %i, and everything that came is out", async (signal, exit) => {
    const { emit, io, ended } = await watching([]);
    emit(tradeEvent(symbol, [1]));
    io.interrupt(signal);
    expect(await ended).toBe(exit);
    expect(io.objects()).toHaveLength(1);
  });

  it("ends quietly when the reader goes away", async () => {
    const { emit, io, ended } = await watching([]);
    emit(tradeEvent(symbol, [1]));
    io.closeOut();
    expect(await ended).toBe(0);
    expect(io.err()).toBe("");
  });

  it("ends after --duration", async () => {
    const { ended } = await watching(["--duration", "0.1"]);
    expect(await ended).toBe(0);
  });

  it("warns of a gap, and only when there was one", async () => {
    const { tellConnection, io, ended } = await watching([]);
    tellConnection({ kind: "connecting" });
    tellConnection({ kind: "connected" });
    expect(io.err()).toBe("");
    tellConnection({ kind: "waiting", why: "the connection broke", retryInMs: 500 });
    tellConnection({ kind: "connecting" });
    tellConnection({ kind: "connected" });
    io.interrupt("SIGTERM");
    await ended;
    expect(io.errors().map((line) => line["message"])).toEqual([
      "No connection to the exchange: the connection broke. The next try is in 0.5 s.",
      "Connected again. Events in between are missing.",
    ]);
  });

  it("counts losses that follow one another fast instead of telling each", async () => {
    const { tellConnection, io, ended } = await watching([]);
    tellConnection({ kind: "connected" });
    for (let round = 0; round < 5; round += 1) {
      tellConnection({ kind: "waiting", why: "the connection broke", retryInMs: 500 });
      tellConnection({ kind: "connecting" });
      tellConnection({ kind: "connected" });
    }
    io.interrupt("SIGTERM");
    await ended;
    expect(io.errors().map((line) => line["message"])).toEqual([
      "No connection to the exchange: the connection broke. The next try is in 0.5 s.",
      "Connected again. Events in between are missing.",
      "The connection was lost 4 more times. Events in between are missing.",
    ]);
  });

  it("tells how much of the stream could not be read", async () => {
    let poison = 2;
    const { io, ended } = await watching([], {}, ["btcusdt"], { health: () => ({ ...HEALTHY, poison }) });
    poison = 1_002;
    io.interrupt("SIGTERM");
    await ended;
    expect(io.errors().map((line) => line["message"])).toEqual([
      "1000 messages of the exchange could not be read so far. What they told is missing.",
    ]);
  });

  it("goes on with one refused stream, and ends with 6 when all are", async () => {
    const { emit, io, ended } = await watching([], {}, ["btcusdt", "ethusdt"]);
    emit({ type: "refused", topic: { kind: "trades", symbol }, reason: "Blocked!" });
    emit(tradeEvent(marketSymbol("ETHUSDT"), [1]));
    emit({ type: "refused", topic: { kind: "trades", symbol: marketSymbol("ETHUSDT") }, reason: "Blocked!" });
    expect(await ended).toBe(6);
    expect(io.objects()).toHaveLength(1);
    expect(io.errors().at(-1)).toMatchObject({ error: { code: "STREAM_REFUSED" } });
  });

  it("promises no more of its trades than the exchange lets it keep", async () => {
    const { out } = await runLine(["market", "watch", "--help"]);
    expect(out).not.toContain("every trade");
    expect(out).toContain("none twice");
    expect(out).toContain("cannot be noticed");
  });

  it("checks symbols before it subscribes", async () => {
    const { code, errors } = await runLine(["market", "watch", "BTCUSDT", "ETHUSD"], createFakeApp().app);
    expect(code).toBe(2);
    expect(errors()).toMatchObject([{ error: { code: "SYMBOL_UNKNOWN", hint: "Did you mean ETHUSDT?" } }]);
  });

  it("writes in large pieces and waits for a slow reader", async () => {
    const { emit, io, ended } = await watching(["--count", "50000"]);
    const release = io.holdOut();
    const numbers = Array.from({ length: 1_000 }, (_, index) => index + 1);
    for (let round = 0; round < 25; round += 1) emit(tradeEvent(symbol, numbers));
    await new Promise((resolve) => {
      setImmediate(() => setImmediate(resolve));
    });
    expect(io.objects().length).toBeLessThan(25_000);
    release();
    for (let round = 0; round < 25; round += 1) emit(tradeEvent(symbol, numbers));
    expect(await ended).toBe(0);
    expect(io.objects()).toHaveLength(50_000);
  });
});
