import { expect, it, onTestFinished } from "vitest";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { marketSymbol, orderId } from "../../src/core/domain/identifiers.ts";
import type { AccountFeedEvent } from "../../src/core/ports/account-feed.ts";
import type { MarketEvent, MarketTopic } from "../../src/core/ports/market-feed.ts";
import type { OrderReport } from "../../src/core/domain/order.ts";
import { BTCUSDT, limitBuy, report } from "../core/domain/samples.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;

it("tells which topic of which market the exchange refused", async () => {
  const listeners = new Map<MarketTopic["kind"], (event: MarketEvent) => void>();
  const { app } = openScriptedApp({
    marketFeed: {
      subscribe: (topic, listener) => {
        listeners.set(topic.kind, listener);
        return { close: () => undefined };
      },
      onConnection: () => ({ close: () => undefined }),
      close: () => Promise.resolve(),
    },
  });
  onTestFinished(() => app.close());
  await app.startSession(signal);
  const symbol = marketSymbol("BTCUSDT");
  app.selectMarket(symbol, "1m");
  listeners.get("book")?.({ type: "refused", topic: { kind: "book", symbol }, reason: "Blocked!" });
  listeners.get("tickers")?.({ type: "refused", topic: { kind: "tickers" }, reason: "Busy" });
  const texts = app.store.getState().session.notices.map(({ text }) => text);
  expect(texts).toContain("The exchange refused the book of BTCUSDT: Blocked!");
  expect(texts).toContain("The exchange refused the tickers: Busy");
});

it("compares the account again after a round that broke in a way nobody foresaw", async () => {
  let push: (event: AccountFeedEvent) => void = () => undefined;
  const first = Promise.withResolvers<never>();
  let asked = 0;
  const { app } = openScriptedApp({
    accountFeed: {
      start: (listener) => {
        push = listener;
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    accountData: {
      fetchBalances: () => {
        asked += 1;
        return asked === 1 ? first.promise : Promise.resolve([]);
      },
    },
  });
  onTestFinished(() => app.close());
  const started = app.startSession(signal);
  await expect.poll(() => asked).toBe(1);
  push({ type: "missed", why: "a push could not be read" });
  first.reject(new TypeError("nobody foresaw this"));
  await expect(started).rejects.toThrow("nobody foresaw this");
  await app.idle();
  expect(asked).toBe(2);
  expect(app.store.getState().session.reconciledAt).toBeDefined();
});

it("calls for a person once about an order that left no trace, and again when it vanished anew", async () => {
  const place = { accepted: orderId("C02__1") };
  let listed: readonly OrderReport[] = [];
  const { app, advance } = openScriptedApp({
    submit: () => ({ kind: "accepted", orderId: place.accepted }),
    marketData: { fetchInstruments: () => Promise.resolve([BTCUSDT]) },
    accountData: { fetchOpenOrders: () => Promise.resolve(listed) },
  });
  onTestFinished(() => app.close());
  await app.startSession(signal);
  const placed = await app.placeOrder(limitBuy(), signal);
  if (placed.kind !== "placed") throw new Error("denied");
  const told = () => app.store.getState().session.notices.filter(({ text }) => text.includes("no trace")).length;
  await advance(60_000);
  expect(told()).toBe(1);
  await advance(180_000);
  expect(told()).toBe(1);
  listed = [report({ orderId: place.accepted, clientOrderId: placed.order.clientOrderId })];
  await advance(60_000);
  listed = [];
  await advance(60_000);
  expect(told()).toBe(2);
  expect(app.store.getState().trading.orders.get(placed.order.clientOrderId)?.state).toBe("unknown");
});

it("tries the private stream again when it could not even begin, and closes the gap behind it", async () => {
  const away = new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "Away.", exitCode: EXIT_CODES.unavailable });
  let starts = 0;
  let asked = 0;
  const { app, advance } = openScriptedApp({
    accountFeed: {
      start: (listener) => {
        starts += 1;
        if (starts === 1) return Promise.reject(away);
        listener({ type: "connection", state: { kind: "connected" } });
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    accountData: {
      fetchBalances: () => {
        asked += 1;
        return Promise.resolve([]);
      },
    },
  });
  onTestFinished(() => app.close());
  await app.startSession(signal);
  expect([starts, asked]).toEqual([1, 1]);
  await advance(5_000);
  await app.idle();
  expect([starts, asked]).toEqual([2, 2]);
  expect(app.store.getState().session.accountConnection).toEqual({ kind: "connected" });
});
