import { expect, it, onTestFinished } from "vitest";
import { createMarketSelection } from "../../src/app/runtime/market-selection.ts";
import { createStore } from "../../src/app/store/create-store.ts";
import type { CandleInterval } from "../../src/core/domain/candle.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import type { MarketData } from "../../src/core/ports/market-data.ts";
import type { ConnectionState, MarketEvent, MarketFeed } from "../../src/core/ports/market-feed.ts";
import { createFakeApp } from "../commands/fake-app.ts";
import { candleAt } from "./store/market-samples.ts";
import { createManualClock } from "../manual-clock.ts";

const BTC = marketSymbol("BTCUSDT");
const ETH = marketSymbol("ETHUSDT");

function setup() {
  const calls: string[] = [];
  const listeners = new Map<string, (event: MarketEvent) => void>();
  let tellState: (state: ConnectionState) => void = () => undefined;
  let isAway = false;
  const feed: MarketFeed = {
    subscribe: (topic, listener) => {
      const name = topic.kind === "candles" ? `candles ${topic.interval}` : topic.kind;
      const text = "symbol" in topic ? `${name} ${topic.symbol}` : name;
      calls.push(`+ ${text}`);
      listeners.set(text, listener);
      return { close: () => calls.push(`- ${text}`) };
    },
    onConnection: (listener) => {
      tellState = listener;
      return { close: () => undefined };
    },
    close: () => Promise.resolve(),
  };
  const data: MarketData = {
    ...createFakeApp().app.marketData,
    fetchCandles: ({ symbol, interval }) => {
      calls.push(`? candles ${interval} ${symbol}`);
      return isAway ? Promise.reject(new Error("away")) : Promise.resolve([]);
    },
    fetchTrades: (symbol) => {
      calls.push(`? trades ${symbol}`);
      return Promise.resolve([]);
    },
  };
  const selection = createMarketSelection({
    store: createStore({ mode: "demo", version: "1", exchange: "x", accountId: undefined }),
    feed,
    data,
    clock: createManualClock().clock,
    accept: () => undefined,
    inBackground: (_what, work) => {
      void work(new AbortController().signal).catch(() => undefined);
    },
  });
  onTestFinished(() => {
    selection.close();
  });
  return {
    selection,
    taken: () => calls.splice(0),
    state: (kind: "connected" | "waiting") => {
      tellState(kind === "connected" ? { kind } : { kind, why: "the connection broke", retryInMs: 500 });
    },
    candle: (minute: number, interval: CandleInterval = "1m") => {
      const name = `candles ${interval} BTCUSDT`;
      listeners.get(name)?.({ type: "candle", candle: candleAt(minute, { interval }) });
    },
    setAway: (is: boolean) => {
      isAway = is;
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

it("lets go of the market before, and takes up the next with its history", () => {
  const { selection, taken } = setup();
  selection.select(BTC, "1m");
  taken();
  selection.select(ETH, "1m");
  expect(taken()).toEqual([
    "- trades BTCUSDT",
    "- book BTCUSDT",
    "- candles 1m BTCUSDT",
    "+ trades ETHUSDT",
    "+ book ETHUSDT",
    "+ candles 1m ETHUSDT",
    "? candles 1m ETHUSDT",
    "? trades ETHUSDT",
  ]);
});

it("keeps book and trades when only the interval changes", () => {
  const { selection, taken } = setup();
  selection.select(BTC, "1m");
  taken();
  selection.select(BTC, "5m");
  expect(taken()).toEqual(["- candles 1m BTCUSDT", "+ candles 5m BTCUSDT", "? candles 5m BTCUSDT"]);
  selection.select(BTC, "5m");
  expect(taken()).toEqual([]);
  selection.close();
  expect(taken()).toEqual(["- trades BTCUSDT", "- book BTCUSDT", "- candles 5m BTCUSDT"]);
});

it("reads the candles again when the connection is back, for what nobody told meanwhile", () => {
  const { selection, taken, state } = setup();
  state("connected");
  selection.select(BTC, "1m");
  taken();
  state("waiting");
  expect(taken()).toEqual([]);
  state("connected");
  state("connected");
  expect(taken()).toEqual(["? candles 1m BTCUSDT"]);
});

it("reads them again when one comes that does not join on, and after a failure with the next one", async () => {
  const { selection, taken, candle, setAway, settled } = setup();
  selection.select(BTC, "1m");
  await settled();
  taken();
  for (const minute of [1, 1, 2]) candle(minute);
  expect(taken()).toEqual([]);
  setAway(true);
  candle(12);
  candle(12);
  await settled();
  expect(taken()).toEqual(["? candles 1m BTCUSDT"]);
  setAway(false);
  candle(13);
  await settled();
  expect(taken()).toEqual(["? candles 1m BTCUSDT"]);
  candle(14);
  expect(taken()).toEqual([]);
});

it("does not take the first candle of another interval for a jump", () => {
  const { selection, taken, candle } = setup();
  selection.select(BTC, "1m");
  candle(1);
  selection.select(BTC, "5m");
  taken();
  candle(100, "5m");
  candle(105, "5m");
  expect(taken()).toEqual([]);
});
