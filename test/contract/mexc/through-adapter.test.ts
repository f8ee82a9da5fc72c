import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import type { MexcExchange } from "../../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { quantizePrice } from "../../../src/core/domain/instrument.ts";
import { formatMoney, price, quantity, ratio, scale } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { assessRisk } from "../../../src/core/domain/risk.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";

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
  exchange = createMexcExchange({
    endpoints: { restUrl: simulator.restUrl, wsUrl: simulator.wsUrl },
    keys: { apiKey: simulator.apiKey, apiSecret: Buffer.from(simulator.apiSecret) },
    clock: createSystemClock(),
    random: () => 0.5,
    logger: QUIET,
  });
  instrument = await rulesOf("BTCUSDT");
});
afterEach(async () => {
  await control("faults", { kind: "none" });
  await control("switches", { "cancel-latency-ms": 0, "my-trades-lag-ms": 0, "default-symbols-code": "0" });
});
afterAll(async () => {
  await exchange.close();
  await simulator.close();
});

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function rulesOf(symbol: string): Promise<Instrument> {
  const [rules] = await exchange.marketData.fetchInstruments([marketSymbol(symbol)], signal);
  if (rules === undefined) throw new Error(`no rules of ${symbol}`);
  return rules;
}

async function submit(type: "limit" | "market", size = "0.001") {
  const top = await exchange.marketData.fetchBookTop(BTC, signal);
  const reference = top.bid?.price ?? price("0");
  const seen = { price: reference, at: Date.now() };
  const base = { symbol: BTC, side: "buy", size: { kind: "base", quantity: quantity(size) }, seen } as const;
  const limitPrice = quantizePrice(instrument, "buy", scale(reference, ratio("0.99"), "down"));
  const draft: OrderDraft = type === "market" ? { ...base, type } : { ...base, type, limitPrice };
  const limits = { largestOrder: new Map(), priceCollar: ratio("10"), staleQuoteMs: 60_000 };
  const verdict = assessRisk({ draft, instrument, limits, tradingState: ACTIVE, now: Date.now() });
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

  it("§10.21 the firewall's page is no refusal of an order", async () => {
    await control("faults", { kind: "403", target: "order", method: "POST" });
    const { outcome } = await submit("limit");
    expect(["unknown", "not-sent"]).toContain(outcome.kind);
  });
});
