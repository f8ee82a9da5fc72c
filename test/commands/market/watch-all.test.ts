import { afterEach, describe, expect, it } from "vitest";
import { run } from "../../../src/commands/run.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createFakeApp, tradeEvent } from "../fake-app.ts";
import type { FakeIo, FakeIoOptions } from "../fake-io.ts";
import { createFakeIo } from "../fake-io.ts";
import { runLine, servicesWith } from "../run-line.ts";

const coin = (number: number) => marketSymbol(`C${number}USDT`);
const COUNT = 2_000;
const INSTRUMENTS = Array.from({ length: COUNT }, (_, number) => ({ ...BTCUSDT, symbol: coin(number) }));

const running: { readonly io: FakeIo; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { io, ended } of running.splice(0)) {
    io.interrupt("SIGTERM");
    await ended;
  }
});

async function watchingAll(flags: readonly string[] = [], options: FakeIoOptions = {}) {
  const { marketData } = createFakeApp().app;
  const fetchInstruments = () => Promise.resolve(INSTRUMENTS);
  const fake = createFakeApp({ marketData: { ...marketData, fetchInstruments } });
  const io = createFakeIo(options);
  const ended = run(["market", "watch", "--all", ...flags], io.io, servicesWith(fake.app));
  running.push({ io, ended });
  await fake.subscribed;
  const tick = (last: number, numbers = Array.from({ length: COUNT }, (_, number) => number)) => {
    const tickers = numbers.map((number) => ({
      symbol: coin(number),
      last: price(`${last}`),
      change: ratio(((number - 1_000) / 10_000).toFixed(4)),
      quoteVolume: notional("5"),
      at: NOW,
    }));
    fake.emit({ type: "tickers", tickers });
  };
  return { ...fake, io, ended, tick };
}

describe("market watch --all", () => {
  it("streams the ticker of every market over one topic, in the form of the contract", async () => {
    const { topics, tick, io, ended } = await watchingAll(["--count", "4000"]);
    expect(topics()).toEqual([{ kind: "tickers" }]);
    tick(1);
    tick(2);
    expect(await ended).toBe(0);
    const events = io.objects();
    expect(events).toHaveLength(4_000);
    expect(new Set(events.map((event) => event["symbol"])).size).toBe(COUNT);
    expect(events[0]).toMatchObject({
      schema: "tapedeck.market/1",
      mode: "demo",
      type: "ticker",
      symbol: "C0USDT",
      last: "1",
      time: "2023-11-14T22:13:20.000Z",
    });
    expect(events.at(-1)).toMatchObject({ symbol: "C1999USDT", last: "2" });
    expect(io.err()).toBe("");
  });

  it("opens the streams of trades and tops a connection's worth at a time", async () => {
    const { topics, emit, io, ended } = await watchingAll(["--channels", "trade,top", "--count", "2"]);
    const began = 1_700_000_000_000;
    await expect.poll(topics).toHaveLength(2 * COUNT);
    // Thirty fill a connection of the exchange; between two of them passes a twentieth of a second.
    expect(io.io.now() - began).toBe((Math.ceil((2 * COUNT) / 30) - 1) * 50);
    emit(tradeEvent(coin(1_999), [7]));
    emit({ type: "book-top", top: { symbol: coin(5), bid: { price: price("3"), quantity: quantity("1") }, at: NOW } });
    expect(await ended).toBe(0);
    expect(io.objects()).toMatchObject([
      { type: "trade", symbol: "C1999USDT", price: "7" },
      { type: "top", symbol: "C5USDT", bid: "3", ask: null },
    ]);
    expect(topics()).toEqual([]);
  });

  it.each([
    [["BTCUSDT", "--all"], "--all is every market, and markets were named besides."],
    [[], "No market was named."],
    [["--all", "--channels", "book"], /does not carry the channel "book"/],
    [["--all", "--channels", "trade,candle"], /does not carry the channel "candle"/],
  ])("refuses %j", async (words, message) => {
    const { code, errors } = await runLine(["market", "watch", ...words], createFakeApp().app);
    expect(code).toBe(2);
    expect(errors()).toMatchObject([
      { error: { message: typeof message === "string" ? message : (expect.stringMatching(message) as string) } },
    ]);
  });

  it("names ten refused streams and counts the rest", async () => {
    const { emit, topics, io, ended } = await watchingAll(["--channels", "trade"]);
    await expect.poll(() => topics().length).toBeGreaterThan(12);
    for (let number = 0; number < 12; number += 1) {
      emit({ type: "refused", topic: { kind: "trades", symbol: coin(number) }, reason: "Blocked!" });
    }
    io.interrupt("SIGINT");
    expect(await ended).toBe(130);
    const warnings = io.errors().map((line) => line["message"]);
    expect(warnings).toHaveLength(11);
    expect(warnings[0]).toBe("The exchange does not stream the trades of C0USDT: Blocked!.");
    expect(warnings.at(-1)).toBe(`The exchange refused 12 of ${COUNT} streams.`);
  });

  it("keeps no more than the newest ticker of each market for a reader that has stopped, and says so", async () => {
    const { tick, emit, io, ended } = await watchingAll(["--channels", "ticker,trade"]);
    const release = io.holdOut();
    for (let round = 1; round <= 20; round += 1) tick(round);
    emit(tradeEvent(coin(1), [1, 2, 3]));
    release();
    // What was held comes out once the reader has taken the rest.
    await expect.poll(() => io.objects().filter((event) => event["last"] === "20").length).toBe(COUNT);
    io.interrupt("SIGTERM");
    expect(await ended).toBe(0);
    const events = io.objects();
    expect(events.filter((event) => event["type"] === "trade").map((event) => event["price"])).toEqual(["1", "2", "3"]);
    const ofOne = events.filter((event) => event["symbol"] === "C7USDT").map((event) => Number(event["last"]));
    expect(ofOne).toEqual(ofOne.toSorted((left, right) => left - right));
    const written = events.length - 3;
    expect(written).toBeLessThan(5 * COUNT);
    expect(io.errors().map((line) => line["message"])).toEqual([
      `The reader is behind: ${20 * COUNT - written} events were replaced by newer ones of their market. No trade was.`,
    ]);
  });

  it("shows a board of the largest moves at a terminal, drawn in place", async () => {
    const { tick, io, ended } = await watchingAll(["--no-color"], { tty: true, columns: 80 });
    tick(3);
    await expect.poll(io.out, { timeout: 5_000 }).toContain("2000 markets · 999 up · 1000 down · 1 flat");
    io.interrupt("SIGINT");
    expect(await ended).toBe(130);
    const [first = "", last = ""] = io.out().split("\u001b[38A\u001b[J");
    for (const board of [first, last]) {
      const rows = board.trimEnd().split("\n");
      expect(rows).toHaveLength(38);
      expect(rows[2]).toMatch(/^C1999USDT +3 +\+9\.99% +5$/);
      expect(rows.at(-1)).toMatch(/^C0USDT +3 +-10\.00% +5$/);
    }
  });

  it("names the mode on the board, and calls it stale when nothing comes any more", async () => {
    const { tick, io, ended } = await watchingAll(["--no-color"], { tty: true, columns: 80 });
    tick(3);
    await expect.poll(io.out, { timeout: 5_000 }).toMatch(/DEMO · 2000 markets .* events\/s · 0\.0 s old/);
    expect(io.out()).not.toContain("STALE");
    await io.io.sleep(14_500, new AbortController().signal);
    io.interrupt("SIGINT");
    await ended;
    expect(io.out()).toContain(" · 1 flat · STALE, 14.5 s old\n");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 0],
  ] as const)("ends at %s while it still opens streams, and opens no more", async (signal, exit) => {
    const { topics, io, ended } = await watchingAll(["--channels", "top"]);
    io.interrupt(signal);
    expect(await ended).toBe(exit);
    expect(topics()).toEqual([]);
  });

  it("ends quietly when the reader goes away", async () => {
    const { tick, io, ended } = await watchingAll();
    tick(1);
    io.closeOut();
    expect(await ended).toBe(0);
    expect(io.err()).toBe("");
  });
});
