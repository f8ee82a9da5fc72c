import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { candlesLoaded, marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("q");
    expect(await ended).toBe(0);
  }
});

function show(columns: number, tick: string, step: string) {
  const { app } = createFakeApp();
  const { store } = app;
  const instrument = { ...BTCUSDT, tickSize: price(tick), stepSize: quantity(step) };
  const { symbol } = instrument;
  store.dispatch(instrumentsLoaded({ instruments: [instrument], at: NOW }));
  store.dispatch(marketSelected({ symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(columns, 40);
  const ended = runTui(app, terminal.terminal);
  open.push({ type: terminal.type, ended });
  // On a narrow screen the tape is where the list of markets was.
  terminal.type("\t");
  return {
    trade: (at: string, size: string) => {
      const trade = { symbol, price: price(at), quantity: quantity(size), side: "buy", at: NOW } as const;
      store.dispatch(marketFrameArrived({ at: NOW, trades: [trade] }));
    },
    book: (bid: readonly [string, string], ask: readonly [string, string]) => {
      const level = ([at, size]: readonly [string, string]) => ({ price: price(at), quantity: quantity(size) });
      const book = { symbol, bids: [level(bid)], asks: [level(ask)], state: "live", at: NOW } as const;
      store.dispatch(marketFrameArrived({ at: NOW, book }));
    },
    candles: (highs: readonly string[]) => {
      const candles = highs.map((high, index) => ({
        symbol,
        interval: "1m" as const,
        openTime: NOW + index * 60_000,
        open: price("9990"),
        high: price(high),
        low: price("9980"),
        close: price("9990"),
        baseVolume: quantity("5"),
        quoteVolume: notional("10"),
      }));
      store.dispatch(candlesLoaded({ candles, at: NOW }));
    },
    line: (wanted: RegExp) => expect.poll(async () => (await terminal.screen()).join("\n")).toMatch(wanted),
  };
}

describe.each([80, 120, 200])("a coin far below a cent, at %i columns", (columns) => {
  it.each([
    ["0.0000035141", "19163433", "0.0000000001", "1", /▲ +0\.0000035141 +(19,163,433|19\.16M)│/],
    ["0.0000035141", "0.00001", "0.0000000001", "0.00001", /▲ +0\.0000035141 +0\.00001│/],
    ["0.000000000000071328", "912345678901", "0.000000000000000001", "1", /▲ +0\.000000000000071328 +(912\.3B|…)│/],
    ["123456.78", "0.00000004", "0.01", "0.00000001", /▲ +123,456\.78 +(4\.\d*e-8|0\.0+4)│/],
  ])("shows a trade at %s of %s with every digit of the price", async (at, size, tick, step, wanted) => {
    const { trade, line } = show(columns, tick, step);
    trade(at, size);
    await line(wanted);
  });

  it("keeps a blank between price and quantity in the ladder, and cuts neither", async () => {
    const { book, line } = show(columns, "0.000000000000000001", "0.001");
    book(["0.000000000000071328", "1912345678.123"], ["0.000000000000071330", "2.5"]);
    await line(/│ *0\.000000000000071330 +2\.50?0?│/);
    await line(/│ *0\.000000000000071328 +(1\.91B|…)│/);
    await line(/│ *spread (0\.0+2 \()?0\.3 bp\)? *│/);
  });
});

it("gives the prices beside the chart room for the highest of them, grouped like every other price", async () => {
  const { candles, line } = show(120, "0.01", "0.001");
  candles(["10090", "10095", "9991"]);
  await line(/◂9,990\.00 *│/);
  await line(/ 10,050\.00 *│/);
});
