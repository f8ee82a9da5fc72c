import type { App } from "../../src/app/app.ts";
import { ACTIVE, NEVER_SET } from "../../src/core/domain/trading-state.ts";
import { orderSample, protectionSample, SCOPE_SAMPLE } from "../core/domain/samples.ts";
import { createStore } from "../../src/app/store/create-store.ts";
import { ledgerRestored } from "../../src/app/store/trading-slice.ts";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import type { Fill } from "../../src/core/domain/fill.ts";
import type { AccountId, ClientOrderId, MarketSymbol } from "../../src/core/domain/identifiers.ts";
import { accountId, clientOrderId, marketSymbol } from "../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../src/core/domain/instrument.ts";
import type { KeyFacts } from "../../src/core/domain/key-check.ts";
import type { Mode } from "../../src/core/domain/mode.ts";
import { notional, price, quantity, ratio } from "../../src/core/domain/money.ts";
import type { Order } from "../../src/core/domain/order.ts";
import { isWorking } from "../../src/core/domain/order.ts";
import { assessRisk } from "../../src/core/domain/risk.ts";
import { ledgerFromRows } from "../../src/core/domain/trading-ledger.ts";
import type { ExchangeHealth } from "../../src/core/domain/exchange-health.ts";
import type { ConnectionState, MarketEvent, MarketTopic } from "../../src/core/ports/market-feed.ts";
import { BTCUSDT, LIMITS, NOW, UNREAD_ACCOUNT } from "../core/domain/samples.ts";
import { createFakeGuarding } from "./fake-guarding.ts";
import { createFakeBooks, NOTHING_PROVEN } from "./fake-books.ts";

export const ETHUSDT: Instrument = { ...BTCUSDT, symbol: marketSymbol("ETHUSDT"), base: "ETH" as Instrument["base"] };

export const HEALTHY: ExchangeHealth = {
  clock: { offsetMs: 12, uncertaintyMs: 3, ageMs: 1_000 },
  largestOffsetMs: 5_000,
  use: { weight: { used: 37, most: 300 }, orderActions: { used: 1, most: 12 } },
  pause: undefined,
  poison: 0,
  reconnects: 0,
  renewals: 0,
  silences: 0,
  marketDataAgeMs: 20,
};

export const SOUND_KEY: KeyFacts = {
  status: "valid",
  permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE"],
  ipList: ["203.0.113.7"],
  daysLeft: "permanent",
};

export const unreachable = () =>
  new AppError({
    code: "EXCHANGE_UNAVAILABLE",
    message: "Asking the balances failed: nobody listens at the exchange's address.",
    notDone: "Nothing was sent.",
    hint: "Check the network.",
    exitCode: EXIT_CODES.unavailable,
  });

/** An app of scripted answers over a real store; calls are written down in the order they came. */
export function createFakeApp(
  over: Partial<App> & { readonly orders?: readonly Order[]; readonly fills?: readonly Fill[] } = {},
) {
  const mode: Mode = over.mode ?? "demo";
  const account: AccountId | undefined = "accountId" in over ? over.accountId : accountId("demo:1");
  const identity = { mode, version: "9.9.9", exchange: "a fake exchange", accountId: account };
  const store = createStore(identity);
  const orders = new Map<ClientOrderId, Order>();
  const fills: Fill[] = [...(over.fills ?? [])];
  const calls: string[] = [];
  let stateRecord = NEVER_SET;
  const feedListeners = new Map<MarketTopic, (event: MarketEvent) => void>();
  const connectionListeners = new Set<(state: ConnectionState) => void>();
  const subscribed = Promise.withResolvers<undefined>();

  const hold = (order: Order): Order => {
    orders.set(order.clientOrderId, order);
    store.dispatch(ledgerRestored(ledgerFromRows([...orders.values()], fills, [], ACTIVE)));
    return order;
  };
  for (const order of over.orders ?? []) hold(order);

  const note = (call: string) => {
    calls.push(call);
  };
  const app: App = {
    ...identity,
    places: {
      databaseFile: "/nowhere/data/console.db",
      configFile: "/nowhere/config/config.toml",
      logFile: "/nowhere/state/tapedeck.log",
    },
    store,
    limits: LIMITS,
    onAnomaly: () => undefined,
    now: () => NOW,
    health: () => HEALTHY,
    checkKey: () =>
      Promise.resolve({
        facts: SOUND_KEY,
        rights: { canTrade: true, canWithdraw: true },
        markets: { open: 2, allowed: [BTCUSDT.symbol, ETHUSDT.symbol] },
        usable: true,
        findings: [],
      }),
    settings: { get: () => undefined, set: () => undefined },
    demoControls: undefined,
    portfolio: createFakeBooks(),
    marketData: {
      fetchClockOffset: () => Promise.resolve(12),
      fetchInstruments: (symbols) => {
        note(`fetchInstruments ${symbols?.join() ?? "all"}`);
        const all = [BTCUSDT, ETHUSDT];
        return Promise.resolve(symbols === undefined ? all : all.filter((it) => symbols.includes(it.symbol)));
      },
      fetchBook: (symbol) =>
        Promise.resolve({
          symbol,
          bids: [{ price: price("64999"), quantity: quantity("0.5") }],
          asks: [{ price: price("65001"), quantity: quantity("0.25") }],
          state: "live",
          at: NOW,
        }),
      fetchBookTop: (symbol) => {
        note(`fetchBookTop ${symbol}`);
        return Promise.resolve({
          symbol,
          bid: { price: price("64999"), quantity: quantity("0.5") },
          ask: { price: price("65001"), quantity: quantity("0.25") },
          at: NOW,
        });
      },
      fetchBookTops: () => Promise.resolve([]),
      fetchTrades: (symbol) =>
        Promise.resolve(
          [2, 1].map(
            (n) => ({ symbol, price: price(`${n}`), quantity: quantity("1"), side: "buy", at: NOW + n }) as const,
          ),
        ),
      fetchCandles: ({ symbol, interval }) =>
        Promise.resolve([
          {
            symbol,
            interval,
            openTime: NOW,
            open: price("1"),
            high: price("3"),
            low: price("1"),
            close: price("2"),
            baseVolume: quantity("5"),
            quoteVolume: notional("10"),
          },
        ]),
      fetchTickers: (symbol) =>
        Promise.resolve([
          {
            symbol: symbol ?? BTCUSDT.symbol,
            last: price("65000"),
            change: ratio("-0.02"),
            quoteVolume: notional("7"),
            at: NOW,
          },
        ]),
    },
    marketFeed: {
      subscribe: (topic, listener) => {
        feedListeners.set(topic, listener);
        subscribed.resolve(undefined);
        return { close: () => feedListeners.delete(topic) };
      },
      onConnection: (listener) => {
        connectionListeners.add(listener);
        return { close: () => connectionListeners.delete(listener) };
      },
      close: () => Promise.resolve(),
    },
    readInstrument: async (symbol, signal) => {
      const found = await app.marketData.fetchInstruments([symbol], signal);
      const instrument = found.find((candidate) => candidate.symbol === symbol);
      if (instrument !== undefined) return instrument;
      throw new AppError({ code: "SYMBOL_UNKNOWN", message: "No such symbol.", exitCode: EXIT_CODES.usage });
    },
    startSession: () => Promise.resolve(),
    selectMarket: () => undefined,
    placeOrder: (draft) => {
      note("placeOrder");
      return Promise.resolve({
        kind: "placed",
        order: hold(orderSample({ ...draft, clientOrderId: draft.clientOrderId ?? clientOrderId("td-1") })),
      });
    },
    testOrder: () => Promise.resolve({ kind: "valid" }),
    judgeOrder: async (draft, signal) => {
      note("judgeOrder");
      const verdict = assessRisk({
        draft,
        instrument: await app.readInstrument(draft.symbol, signal),
        limits: app.limits,
        tradingState: ACTIVE,
        now: NOW,
        purpose: "usual",
        account: UNREAD_ACCOUNT,
      });
      return verdict.kind === "denied" ? verdict.denials : [];
    },
    cancelOrder: (key) => {
      note("cancelOrder");
      const order = "clientOrderId" in key ? orders.get(key.clientOrderId) : undefined;
      if (order === undefined) return Promise.resolve({ kind: "not-found" });
      return Promise.resolve({ kind: "requested", order: hold({ ...order, state: "cancelled" }) });
    },
    refreshOrder: (key) => {
      note("refreshOrder");
      return Promise.resolve("clientOrderId" in key ? orders.get(key.clientOrderId) : undefined);
    },
    proofLook: () => undefined,
    settleOrder: (id) => {
      note("settleOrder");
      return Promise.resolve(orders.get(id) ?? orderSample());
    },
    compare: () => Promise.resolve([]),
    reconcileWhole: async (signal) => ({
      ...(await app.reconcile(signal)),
      archive: { markets: [], holes: [], differences: [], refused: new Map() },
      balances: NOTHING_PROVEN,
    }),
    proveAgain: (signal) => app.reconcileWhole(signal),
    adoptOrder: (id) => {
      note("adoptOrder");
      const order = orders.get(id);
      if (order === undefined) return { kind: "not-found" };
      return order.origin === "foreign"
        ? { kind: "adopted", order: hold({ ...order, origin: "adopted" }) }
        : { kind: "ours", order };
    },
    writeOffOrder: (id) => {
      note("writeOffOrder");
      const order = orders.get(id);
      return Promise.resolve(order === undefined ? { kind: "not-found" } : { kind: "ended", order });
    },
    reconcile: () => {
      note("reconcile");
      return Promise.resolve({
        takenBalances: [],
        ordersChecked: 0,
        fillsAdded: 0,
        foreignFound: 0,
        unresolved: [],
        differences: [],
      });
    },
    backupStatus: undefined,
    safety: {
      state: () => stateRecord,
      setState: (state) => (stateRecord = { state, by: "person", at: NOW, evidence: [] }),
      cancelAll: () => {
        note("cancelAll");
        return Promise.resolve({ ended: [], stillOpen: [], unproven: [], unread: undefined });
      },
      panic: () => {
        note("panic");
        return Promise.resolve({
          ended: [],
          stillOpen: [],
          unproven: [],
          unread: undefined,
          haltNotWritten: undefined,
          holdings: [],
          protections: [],
        });
      },
    },
    protections: {
      plan: () =>
        Promise.resolve({
          kind: "planned",
          protection: protectionSample(),
          scope: SCOPE_SAMPLE,
          hindrances: [],
          exitNow: undefined,
        }),
      arm: () =>
        Promise.resolve({ kind: "armed", protection: protectionSample(), scope: SCOPE_SAMPLE, hindrances: [] }),
      disarm: () => ({ kind: "not-found" }),
      list: () => [],
    },
    readFeeTerms: () => Promise.resolve(undefined),
    closing: {
      plan: () => Promise.reject(new Error("this app closes nothing")),
      close: () => Promise.reject(new Error("this app closes nothing")),
    },
    guarding: createFakeGuarding().guarding,
    guardRuns: undefined,
    stored: {
      orders: {
        list: (filter) =>
          [...orders.values()]
            .filter((order) => filter.working !== true || isWorking(order))
            .filter((order) => filter.symbol === undefined || order.symbol === filter.symbol)
            .slice(0, filter.limit),
        find: (key) =>
          [...orders.values()].find((order) =>
            "clientOrderId" in key ? order.clientOrderId === key.clientOrderId : order.orderId === key.orderId,
          ),
        listForMemory: () => [...orders.values()],
        heads: () => [...orders.values()],
        symbolsSince: () => new Set([...orders.values()].map(({ symbol }) => symbol)),
      },
      fills: {
        list: (filter) => fills.filter((fill) => fill.orderId === filter.orderId),
        ofOrders: (ids) => fills.filter((fill) => ids.includes(fill.orderId)),
        has: ({ tradeId }) => fills.some((fill) => fill.tradeId === tradeId),
      },
      stateHash: () => "00000000000002a",
      archive: { ranges: () => [] },
    },
    storedOrdersOfAllAccounts: () =>
      [...orders.values()].map((order) => ({ order, accountId: accountId("live:2"), mode: "live" })),
    idle: () => Promise.resolve(),
    close: () => {
      note("close");
      return Promise.resolve();
    },
    ...over,
  };
  return {
    app,
    calls,
    hold,
    /** Resolves once something listens to the feed. */
    subscribed: subscribed.promise,
    emit: (event: MarketEvent) => {
      for (const [topic, listener] of feedListeners) if (carries(topic, event)) listener(event);
    },
    tellConnection: (state: ConnectionState) => {
      for (const listener of connectionListeners) listener(state);
    },
    topics: () => [...feedListeners.keys()],
  };
}

export function tradeEvent(symbol: MarketSymbol, numbers: readonly number[]): MarketEvent {
  return {
    type: "trades",
    symbol,
    trades: numbers.map((n) => ({ symbol, price: price(`${n}`), quantity: quantity("1"), side: "sell", at: NOW + n })),
  };
}

/** Whether a topic is what an event belongs to. */
function carries(topic: MarketTopic, event: MarketEvent): boolean {
  switch (event.type) {
    case "trades":
    case "book":
      return topic.kind === event.type && topic.symbol === event.symbol;
    case "book-top":
      return topic.kind === "book-top" && topic.symbol === event.top.symbol;
    case "candle":
      return topic.kind === "candles" && topic.symbol === event.candle.symbol;
    case "tickers":
      return topic.kind === "tickers";
    case "refused":
      return JSON.stringify(topic) === JSON.stringify(event.topic);
  }
}
