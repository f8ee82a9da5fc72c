import { expect, it, onTestFinished } from "vitest";
import { createMarketSelection } from "../../src/app/runtime/market-selection.ts";
import { createStore } from "../../src/app/store/create-store.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import type { MarketData } from "../../src/core/ports/market-data.ts";
import type { MarketFeed } from "../../src/core/ports/market-feed.ts";
import { createFakeApp } from "../commands/fake-app.ts";
import { createManualClock } from "../manual-clock.ts";

const BTC = marketSymbol("BTCUSDT");
const ETH = marketSymbol("ETHUSDT");

function setup() {
  const calls: string[] = [];
  const feed: MarketFeed = {
    subscribe: (topic) => {
      const name = topic.kind === "candles" ? `candles ${topic.interval}` : topic.kind;
      const text = "symbol" in topic ? `${name} ${topic.symbol}` : name;
      calls.push(`+ ${text}`);
      return { close: () => calls.push(`- ${text}`) };
    },
    onConnection: () => ({ close: () => undefined }),
    close: () => Promise.resolve(),
  };
  const data: MarketData = {
    ...createFakeApp().app.marketData,
    fetchCandles: ({ symbol, interval }) => {
      calls.push(`? candles ${interval} ${symbol}`);
      return Promise.resolve([]);
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
    inBackground: (_what, work) => void work(new AbortController().signal),
  });
  onTestFinished(() => {
    selection.close();
  });
  return { selection, taken: () => calls.splice(0) };
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
