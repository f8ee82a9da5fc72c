import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { App } from "../../src/app/app.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { AppState } from "../../src/app/store/create-store.ts";
import { asset, marketSymbol } from "../../src/core/domain/identifiers.ts";
import { price, quantity, ratio, scale } from "../../src/core/domain/money.ts";
import type { Price } from "../../src/core/domain/money.ts";
import { roundToStep } from "../../src/core/domain/money.ts";
import { DEFAULT_CONFIRMATION } from "../../src/core/domain/protection.ts";
import type { OrderDraft, Side } from "../../src/core/domain/order.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";

const BTC = marketSymbol("BTCUSDT");
const signal = new AbortController().signal;
let home: string;
let simulator: RunningSimulator;
const apps: App[] = [];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-app-"));
  simulator = await startSimulator({ seed: 21 });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await simulator.close();
  rmSync(home, { recursive: true });
});

async function open(): Promise<App> {
  const app = await createApp({
    env: {
      TAPEDECK_HOME: home,
      TAPEDECK_REST_URL: simulator.restUrl,
      TAPEDECK_WS_URL: simulator.wsUrl,
      MEXC_API_KEY: simulator.apiKey,
      MEXC_API_SECRET: simulator.apiSecret,
    },
  });
  apps.push(app);
  return app;
}

/** Resolves once the store shows what is wanted. */
function until(app: App, wanted: (state: AppState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!wanted(app.store.getState())) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = app.store.subscribe(look);
    look();
  });
}

async function draft(app: App, side: Side, factor?: string): Promise<OrderDraft> {
  const top = await app.marketData.fetchBookTop(BTC, signal);
  const reference = (side === "buy" ? top.ask : top.bid)?.price ?? price("0");
  const base = {
    symbol: BTC,
    side,
    size: { kind: "base", quantity: quantity("0.01") },
    seen: { price: reference, at: app.now() },
  } as const;
  if (factor === undefined) return { ...base, type: "market" };
  const limitPrice: Price = roundToStep(scale(reference, ratio(factor), "down"), price("0.01"), "down");
  return { ...base, type: "limit", limitPrice };
}

it("is locked until it has reconciled, then trades, and the stream brings the fill", async () => {
  const app = await open();
  expect(await app.placeOrder(await draft(app, "buy"), signal)).toMatchObject({
    kind: "denied",
    denials: [{ code: "TRADING_LOCKED" }],
  });
  await app.startSession(signal);
  expect(app.store.getState().trading.tradingState.kind).toBe("active");
  const placed = await app.placeOrder(await draft(app, "buy"), signal);
  if (placed.kind !== "placed") throw new Error("denied");
  await until(app, (state) => {
    const order = state.trading.orders.get(placed.order.clientOrderId);
    return order?.state === "filled" && order.filledQuantity === quantity("0.01");
  });
  const before = app.store.getState().trading.balances.get(asset("BTC"));
  expect(before?.free).toBe(quantity("1.01"));
});

it("follows the market it is pointed at, one market at a time", async () => {
  const app = await open();
  await app.startSession(signal);
  app.selectMarket(BTC, "1m");
  await until(
    app,
    ({ market }) => market.book?.state === "live" && market.tape.length > 0 && (market.candles?.length ?? 0) > 400,
  );
  app.selectMarket(marketSymbol("ETHUSDT"), "5m");
  expect(app.store.getState().market).toMatchObject({ book: undefined, tape: [] });
  await until(app, ({ market }) => market.book?.symbol === "ETHUSDT" && market.candles?.[0]?.interval === "5m");
  expect(app.store.getState().market.tape.every((trade) => trade.symbol === "ETHUSDT")).toBe(true);
});

it("finds after a restart what happened while it was away", async () => {
  const first = await open();
  await first.reconcile(signal);
  const placed = await first.placeOrder(await draft(first, "buy", "0.998"), signal);
  if (placed.kind !== "placed" || placed.order.limitPrice === undefined) throw new Error("denied");
  await first.close();
  apps.length = 0;
  const below = roundToStep(scale(placed.order.limitPrice, ratio("0.997"), "down"), price("0.01"), "down");
  await fetch(`${simulator.restUrl}/_sim/move`, {
    method: "POST",
    body: JSON.stringify({ symbol: "BTCUSDT", price: (Number(below) / 1e18).toFixed(2) }),
  });
  const second = await open();
  expect(second.store.getState().trading.orders.get(placed.order.clientOrderId)?.state).toBe("open");
  const summary = await second.reconcile(signal);
  expect(summary.fillsAdded).toBeGreaterThan(0);
  expect(second.store.getState().trading.orders.get(placed.order.clientOrderId)).toMatchObject({
    state: "filled",
    filledQuantity: quantity("0.01"),
  });
});

it("knows an order of another process of its own as its own", async () => {
  const screen = await open();
  await screen.startSession(signal);
  const shell = await open();
  await shell.reconcile(signal);
  const placed = await shell.placeOrder(await draft(shell, "buy", "0.998"), signal);
  if (placed.kind !== "placed") throw new Error("denied");
  await until(screen, (state) => state.trading.orders.has(placed.order.clientOrderId));
  expect(screen.store.getState().trading.orders.get(placed.order.clientOrderId)).toMatchObject({
    origin: "own",
    state: "open",
  });
});

it("reconciles after a lost connection", async () => {
  const app = await open();
  await app.startSession(signal);
  const before = app.store.getState().session.reconciledAt ?? 0;
  await fetch(`${simulator.restUrl}/_sim/disconnect`, { method: "POST", body: "{}" });
  await until(app, ({ session }) => session.accountConnection?.kind === "waiting");
  await until(
    app,
    ({ session }) => session.accountConnection?.kind === "connected" && (session.reconciledAt ?? 0) > before,
  );
  await app.idle();
  expect(app.store.getState().trading.tradingState.kind).toBe("active");
});

it("fires an armed stop once, with its exit on record", async () => {
  const app = await open();
  await app.startSession(signal);
  const top = await app.marketData.fetchBookTop(BTC, signal);
  const trigger = roundToStep(scale(top.bid?.price ?? price("0"), ratio("0.999"), "down"), price("0.01"), "down");
  const armed = await app.protections.arm(
    {
      symbol: BTC,
      quantity: quantity("0.01"),
      exits: { takeProfits: [], stopLoss: { kind: "fixed", price: trigger } },
      exit: { kind: "market" },
      trigger: "last",
      confirmation: DEFAULT_CONFIRMATION,
    },
    signal,
  );
  const stop = armed.kind === "armed" ? armed.protection : expect.fail("it was denied");
  const target = (Number(scale(trigger, ratio("0.999"), "down")) / 1e18).toFixed(2);
  await fetch(`${simulator.restUrl}/_sim/move`, {
    method: "POST",
    body: JSON.stringify({ symbol: "BTCUSDT", price: target }),
  });
  await until(app, ({ trading }) => {
    const attempts = trading.protections.get(stop.protectionId)?.legs[0]?.attempts ?? [];
    return attempts.some(({ exitOrderId }) => trading.orders.get(exitOrderId)?.state === "filled");
  });
  const sells = [...app.store.getState().trading.orders.values()].filter((order) => order.side === "sell");
  expect(sells).toHaveLength(1);
});

/** What the exchange itself holds, asked past the console. */
async function bookedAtExchange(): Promise<readonly { readonly clientOrderId: string; readonly status: string }[]> {
  const answer = await fetch(`${simulator.restUrl}/_sim/ledger`);
  return ((await answer.json()) as { orders: { clientOrderId: string; status: string }[] }).orders;
}

async function deliverNextOrderTwice(): Promise<void> {
  const fault = { kind: "duplicate", target: "order", count: 1 };
  await fetch(`${simulator.restUrl}/_sim/faults`, { method: "POST", body: JSON.stringify(fault) });
}

it("does not call an order rejected because its second delivery was", async () => {
  const app = await open();
  await app.reconcile(signal);
  await deliverNextOrderTwice();
  const placed = await app.placeOrder(await draft(app, "buy", "0.99"), signal);
  if (placed.kind !== "placed") throw new Error("denied");
  const id = placed.order.clientOrderId;
  expect(await app.settleOrder(id, signal)).toMatchObject({ state: "open" });
  expect((await bookedAtExchange()).filter((order) => order.clientOrderId === id)).toHaveLength(1);
});

it("does not call an order short of the money that its own first delivery holds", async () => {
  const app = await open();
  await app.reconcile(signal);
  const switches = JSON.stringify({ "duplicate-client-ids": "accept" });
  await fetch(`${simulator.restUrl}/_sim/switches`, { method: "POST", body: switches });
  await deliverNextOrderTwice();
  const free = app.store.getState().trading.balances.get(asset("BTC"))?.free ?? quantity("0");
  const sell: OrderDraft = { ...(await draft(app, "sell", "1.01")), size: { kind: "base", quantity: free } };
  expect(await app.placeOrder(sell, signal)).toMatchObject({ kind: "placed", order: { state: "open" } });
});

const ordersAndFills = (app: App) => {
  const { orders, fills } = app.store.getState().trading;
  return { orders: [...orders.values()], fills: [...fills.values()] };
};

it.each(["with its streams open", "as a single command"])(
  "shows both orders of a market order delivered twice, %s, and says so",
  async (how) => {
    const app = await open();
    const anomalies: string[] = [];
    app.onAnomaly((what) => anomalies.push(what));
    if (how === "as a single command") await app.reconcile(signal);
    else await app.startSession(signal);
    await deliverNextOrderTwice();
    const placed = await app.placeOrder(await draft(app, "buy"), signal);
    if (placed.kind !== "placed") throw new Error("denied");
    const { clientOrderId } = placed.order;
    if (how === "as a single command") await app.refreshOrder({ clientOrderId }, BTC, signal);
    await until(app, () => {
      const { orders, fills } = ordersAndFills(app);
      const whole = orders.filter((order) => order.filledQuantity === quantity("0.01"));
      return whole.length === 2 && fills.length >= 2;
    });
    const ids = new Set(ordersAndFills(app).orders.map((order) => order.orderId));
    expect(ids.size).toBe(2);
    expect((await bookedAtExchange()).filter((order) => order.clientOrderId === clientOrderId)).toHaveLength(2);
    expect(anomalies).toContainEqual(expect.stringContaining("second order"));
  },
);
