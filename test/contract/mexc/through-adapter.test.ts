import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import type { MexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { quantizePrice } from "../../../src/core/domain/instrument.ts";
import {
  formatMoney,
  notional,
  price,
  quantity,
  ratio,
  scale,
  toDrawingNumber,
} from "../../../src/core/domain/money.ts";
import type { OrderDraft, OrderSize } from "../../../src/core/domain/order.ts";
import { assessRisk } from "../../../src/core/domain/risk.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { riskRequest, WIDE_LIMITS } from "../../core/domain/samples.ts";
import { encodeQuery, sign } from "./venue.ts";

// The gotchas of the fact sheet as the adapter's ports meet them, in real time over real sockets.

const BTC = marketSymbol("BTCUSDT");
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const signal = new AbortController().signal;

let simulator: RunningSimulator;
let exchange: MexcExchange;
let instrument: Instrument;
let orders = 0;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 23 });
  exchange = connect();
  instrument = await rulesOf("BTCUSDT");
  await exchange.close();
});
// Each case with a client of its own, so that none waits for the weights another one has used up.
beforeEach(() => {
  exchange = connect();
});
afterEach(async () => {
  await exchange.close();
  await control("faults", { kind: "none" });
  await control("switches", {
    ...{ "cancel-latency-ms": 0, "my-trades-lag-ms": 0, "default-symbols-code": "0" },
    ...{ "market-by-quote": "spend-all", "cancel-answer": "before" },
  });
});
afterAll(() => simulator.close());

function connect(): MexcExchange {
  return createMexcExchange({
    endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
    keys: { apiKey: simulator.apiKey, apiSecret: Buffer.from(simulator.apiSecret) },
    clock: createSystemClock(),
    random: () => 0.5,
    logger: QUIET,
  });
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function rulesOf(symbol: string): Promise<Instrument> {
  const [rules] = await exchange.marketData.fetchInstruments([marketSymbol(symbol)], signal);
  if (rules === undefined) throw new Error(`no rules of ${symbol}`);
  return rules;
}

const USUAL_SIZE: OrderSize = { kind: "base", quantity: quantity("0.001") };

async function submit(type: "limit" | "market", size = USUAL_SIZE, rules = instrument) {
  const top = await exchange.marketData.fetchBookTop(BTC, signal);
  const reference = top.bid?.price ?? price("0");
  const seen = { price: reference, at: Date.now() };
  const base = { symbol: BTC, side: "buy", size, seen } as const;
  const limitPrice = quantizePrice(instrument, "buy", scale(reference, ratio("0.99"), "down"));
  const draft: OrderDraft = type === "market" ? { ...base, type } : { ...base, type, limitPrice };
  const verdict = assessRisk(riskRequest({ draft, instrument: rules, limits: WIDE_LIMITS, now: Date.now() }));
  if (verdict.kind === "denied") throw new Error(verdict.denials.map(({ code }) => code).join());
  const name = { symbol: BTC, clientOrderId: clientOrderId(`gotcha-${(orders += 1)}`) };
  const outcome = await exchange.gateway.submit({ ...name, draft: verdict.draft, at: Date.now() }, signal);
  return { name, outcome };
}

async function found(name: Awaited<ReturnType<typeof submit>>["name"]) {
  const lookup = await exchange.accountData.findOrder(name, signal);
  if (lookup.kind !== "found") throw new Error(`${name.clientOrderId} is ${lookup.kind}`);
  return lookup.report;
}

/** Twenty small buys far below the market, by the call for batches, which the adapter has no use for. */
async function placeTwenty(): Promise<void> {
  const row = { symbol: BTC, side: "BUY", type: "LIMIT", quantity: "0.0001", price: "20000" };
  const text = encodeQuery({
    batchOrders: JSON.stringify(Array.from({ length: 20 }, () => row)),
    timestamp: Date.now(),
  });
  const target = `/api/v3/batchOrders?${text}&signature=${sign(text, simulator.apiSecret)}`;
  const headers = { "x-mexc-apikey": simulator.apiKey, "content-type": "application/json" };
  const answer = await fetch(simulator.restUrl + target, { method: "POST", headers });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

describe("§10 gotchas through the adapter", () => {
  it("§10.1 §10.2 online and yet not for the API is restricted, and says why", async () => {
    expect((await rulesOf("LOKAUSDT")).tradability).toMatchObject({
      kind: "restricted",
      reason: expect.stringMatching(/.{10}/) as string,
    });
    expect(instrument.tradability.kind).toBe("tradable");
  });

  it("§10.1 a pair that is not ticked on the key is restricted", async () => {
    await control("keys", { apiKey: simulator.apiKey, symbols: ["ETHUSDT"] });
    expect((await rulesOf("BTCUSDT")).tradability.kind).toBe("restricted");
    await control("keys", { apiKey: simulator.apiKey, symbols: null });
  });

  it("§10.3 §10.4 an order's id is text; what it cost is its fills and never its protective price", async () => {
    const { name, outcome } = await submit("market");
    expect(outcome.kind).toBe("accepted");
    const report = await found(name);
    expect(report.orderId).toMatch(/^C0[12]__\d+$/);
    const top = await exchange.marketData.fetchBookTop(BTC, signal);
    const average = Number(formatMoney(report.executedNotional)) / Number(formatMoney(report.executedQuantity));
    expect(average / Number(formatMoney(top.bid?.price ?? price("0")))).toBeCloseTo(1, 2);
  });

  it("§10.5 a market buy by amount that left a part unspent is filled, at what it cost", async () => {
    await control("switches", { "market-by-quote": "protective" });
    const { name } = await submit("market", { kind: "quote", notional: notional("500") });
    const report = await found(name);
    expect(report.status).toBe("filled");
    expect(toDrawingNumber(report.executedNotional)).toBeLessThan(490);
    const fills = await exchange.accountData.fetchFills({ symbol: BTC, orderId: report.orderId }, signal);
    expect(fills.reduce((total, fill) => total + fill.notional, 0n)).toBe(report.executedNotional);
  });

  it("§10.5 decimals the amount may not have are denied here, and a refusal by the exchange is one", async () => {
    const size: OrderSize = { kind: "quote", notional: notional("10.001") };
    await expect(submit("market", size)).rejects.toThrow("AMOUNT_TOO_PRECISE");
    // As if the market's rules had changed since they were read.
    const { outcome } = await submit("market", size, { ...instrument, tickSize: price("0.001") });
    expect(outcome).toMatchObject({
      kind: "unknown",
      reason: { code: "REQUEST_REFUSED", message: expect.stringContaining("amount scale is invalid") as string },
    });
  });

  it("§10.6 baseSizePrecision is a least quantity and no step", () => {
    expect(formatMoney(instrument.stepSize)).toBe("0.00000001");
    expect(formatMoney(instrument.minQuantity)).toBe("0.000001");
    expect(formatMoney(instrument.minNotional)).toBe("1");
  });

  it("§10.7 a cancel that is answered is not yet done", async () => {
    await control("switches", { "cancel-latency-ms": 400 });
    const { name } = await submit("limit");
    expect(await exchange.gateway.cancel(name, signal)).toMatchObject({ kind: "accepted" });
    expect((await found(name)).status).toBe("open");
    await expect.poll(async () => (await found(name)).status, { interval: 200, timeout: 5_000 }).toBe("cancelled");
  });

  it("§10.8 an open order was never updated, and has no moment of it", async () => {
    const { name } = await submit("limit");
    const open = await exchange.accountData.fetchOpenOrders(BTC, signal);
    const report = open.find(({ clientOrderId: id }) => id === name.clientOrderId);
    expect(report).toMatchObject({ status: "open" });
    expect(report).not.toHaveProperty("updatedAt");
    expect(report?.createdAt).toBeGreaterThan(Date.now() - 60_000);
    await exchange.gateway.cancel(name, signal);
    await expect.poll(async () => (await found(name)).updatedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it("§10.9 fills may come after the order shows filled", async () => {
    await control("switches", { "my-trades-lag-ms": 600 });
    const { name } = await submit("market");
    const { orderId, status, executedQuantity } = await found(name);
    expect(status).toBe("filled");
    const fills = () => exchange.accountData.fetchFills({ symbol: BTC, orderId }, signal);
    expect(await fills()).toEqual([]);
    const sum = async () => (await fills()).reduce((total, fill) => total + fill.quantity, 0n);
    // Seldom, because the adapter keeps to the weights of its exchange.
    await expect.poll(sum, { interval: 700, timeout: 10_000 }).toBe(executedQuantity);
  });

  it("§10.10 candles: at most 500, whatever is asked", async () => {
    const query = { symbol: BTC, interval: "1h", limit: 1_000 } as const;
    const candles = await exchange.marketData.fetchCandles(query, signal);
    expect(candles.length).toBeGreaterThan(100);
    expect(candles.length).toBeLessThanOrEqual(500);
    // A start that came alone would be ignored, and the newest be had instead of the asked.
    const until = candles.at(-20)?.openTime ?? 0;
    const earlier = await exchange.marketData.fetchCandles({ ...query, limit: 50, until }, signal);
    expect(earlier.at(-1)?.openTime).toBeLessThanOrEqual(until);
    expect(await exchange.marketData.fetchCandles({ ...query, interval: "1w", limit: 2 }, signal)).not.toEqual([]);
  });

  it("§10.11 trades come with milliseconds: not from aggTrades, whose seconds are whole", async () => {
    const moments = async () => (await exchange.marketData.fetchTrades(BTC, 100, signal)).map(({ at }) => at % 1_000);
    await expect.poll(async () => (await moments()).some((rest) => rest > 0), { timeout: 10_000 }).toBe(true);
  });

  it("§10.12 one ticker is asked for by `symbol`, as `symbols` would bring all", async () => {
    expect((await exchange.marketData.fetchTickers(BTC, signal)).map(({ symbol }) => symbol)).toEqual([BTC]);
    expect((await exchange.marketData.fetchTickers(undefined, signal)).length).toBeGreaterThan(20);
  });

  it("§10.13 a ticker's change is a fraction, and its moment is when it was asked for", async () => {
    const asked = Date.now();
    for (const { last, change, low, high, at } of await exchange.marketData.fetchTickers(undefined, signal)) {
      expect(at).toBeGreaterThanOrEqual(asked);
      if (last === undefined || change === undefined || low === undefined || high === undefined) continue;
      // Were it a percentage, the price of a day ago would lie far outside of what the day saw.
      const before = toDrawingNumber(last) / (1 + toDrawingNumber(change));
      expect(before).toBeGreaterThan(toDrawingNumber(low) * 0.99);
      expect(before).toBeLessThan(toDrawingNumber(high) * 1.01);
    }
  });

  it("§10.20 what is signed is encoded with upper-case hex, as the exchange reads it", async () => {
    const name = { symbol: marketSymbol("龙虾USDT"), clientOrderId: clientOrderId("nobody-has-this") };
    expect(await exchange.accountData.findOrder(name, signal)).toEqual({ kind: "not-found" });
  });

  it("§10.23 what an order cost is read from the field with the double m", async () => {
    const { name } = await submit("market");
    const { orderId, executedNotional } = await found(name);
    const fills = await exchange.accountData.fetchFills({ symbol: BTC, orderId }, signal);
    expect(executedNotional).toBeGreaterThan(0n);
    expect(fills.reduce((total, fill) => total + fill.notional, 0n)).toBe(executedNotional);
  });

  it("§10.26 a coin keeps the exchange's ticker, and its full name tells which coin it is", async () => {
    await control("listing", { symbol: "GASUSDT", fullName: "Gas of Another Chain", openInMs: 0 });
    // Seldom, because the rules cost a twelfth of what may be asked in ten seconds.
    const rules = () => rulesOf("GASUSDT").catch(() => undefined);
    await expect
      .poll(rules, { interval: 1_000, timeout: 10_000 })
      .toMatchObject({ symbol: "GASUSDT", base: "GAS", fullName: "Gas of Another Chain" });
  });

  it("§10.28 the five-hundred-and-first open order is refused, and that is a rejection", async () => {
    for (let at = 0; at < 25; at += 1) await placeTwenty();
    const { outcome } = await submit("limit");
    expect(outcome).toMatchObject({ kind: "refused-here", reason: { code: "TOO_MANY_ORDERS" } });
    const text = encodeQuery({ timestamp: Date.now() });
    const headers = { "x-mexc-apikey": simulator.apiKey };
    const target = `/api/v3/order/all?${text}&signature=${sign(text, simulator.apiSecret)}`;
    expect((await fetch(simulator.restUrl + target, { method: "DELETE", headers })).status).toBe(200);
  });

  it("§1 symbols outside of ASCII", async () => {
    const top = await exchange.marketData.fetchBookTop(marketSymbol("龙虾USDT"), signal);
    expect(top.bid?.price).toBeLessThan(top.ask?.price ?? 0n);
  });

  it("§10.22 an envelope with 200 is read as one with 0", async () => {
    await control("switches", { "default-symbols-code": "200" });
    expect((await rulesOf("BTCUSDT")).tradability).toEqual(instrument.tradability);
  });

  it("§10.24 a 5xx says nothing: the order is unknown, and found by its own id before anything is retried", async () => {
    await control("faults", { kind: "5xx", target: "order", method: "POST", processed: true });
    const { name, outcome } = await submit("limit");
    expect(outcome.kind).toBe("unknown");
    expect((await found(name)).status).toBe("open");
  });

  it("§10.21 the firewall's page turns one delivery away, and is no refusal of an order by itself", async () => {
    await control("faults", { kind: "403", target: "order", method: "POST" });
    const { outcome } = await submit("limit");
    expect(outcome.kind).toBe("refused-here");
  });
});
