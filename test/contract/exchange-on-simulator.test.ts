import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import type { MexcExchange } from "../../src/adapters/mexc/create-mexc-exchange.ts";
import { asset, clientOrderId, marketSymbol } from "../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../src/core/domain/instrument.ts";
import { quantizePrice } from "../../src/core/domain/instrument.ts";
import { formatMoney, notional, price, quantity, ratio, scale } from "../../src/core/domain/money.ts";
import type { OrderDraft, OrderType, Side } from "../../src/core/domain/order.ts";
import { assessRisk } from "../../src/core/domain/risk.ts";
import type { AccountFeedEvent } from "../../src/core/ports/account-feed.ts";
import type { MarketEvent } from "../../src/core/ports/market-feed.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { riskRequest, WIDE_LIMITS } from "../core/domain/samples.ts";

const BTC = marketSymbol("BTCUSDT");
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const CLOCK = createSystemClock();
const signal = new AbortController().signal;

let simulator: RunningSimulator;
let exchange: MexcExchange;
let instrument: Instrument;
const opened: MexcExchange[] = [];
let orders = 0;

function connect(over: Partial<{ apiKey: string; apiSecret: string; restUrl: string }> = {}): MexcExchange {
  const connected = createMexcExchange({
    endpoints: { restUrl: over.restUrl ?? simulator.restUrl, wsUrl: simulator.wsUrl },
    keys: {
      apiKey: over.apiKey ?? simulator.apiKey,
      apiSecret: Buffer.from(over.apiSecret ?? simulator.apiSecret),
    },
    clock: CLOCK,
    random: () => 0.5,
    logger: QUIET,
    timings: { firstRetryMs: 10, longestRetryMs: 50 },
  });
  opened.push(connected);
  return connected;
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.restUrl}/_sim/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: 11 });
  exchange = connect();
  const [first] = await exchange.marketData.fetchInstruments([BTC], signal);
  if (first === undefined) throw new Error("no instrument");
  instrument = first;
});
afterEach(() => control("faults", { kind: "clear" }).catch(() => undefined));
afterAll(async () => {
  for (const connected of opened) await connected.close();
  await simulator.close();
});

/** A limit relative to the book: 0.999 is a buy that rests, 1.001 one that trades. */
async function draftAt(side: Side, type: OrderType, factor: string, size = "0.001"): Promise<OrderDraft> {
  const top = await exchange.marketData.fetchBookTop(BTC, signal);
  const reference = (side === "buy" ? top.ask : top.bid)?.price ?? price("0");
  const seen = { price: reference, at: Date.now() };
  const base = { symbol: BTC, side, type, size: { kind: "base", quantity: quantity(size) }, seen } as const;
  if (type === "market") return base;
  return { ...base, limitPrice: quantizePrice(instrument, side, scale(reference, ratio(factor), "down")) };
}

function approve(draft: OrderDraft) {
  const verdict = assessRisk(riskRequest({ draft, instrument, limits: WIDE_LIMITS, now: Date.now() }));
  if (verdict.kind === "denied") throw new Error(verdict.denials.map((denial) => denial.code).join());
  return verdict.draft;
}

async function submit(draft: OrderDraft, through = exchange) {
  const id = clientOrderId(`contract-${(orders += 1)}`);
  const outcome = await through.gateway.submit({ clientOrderId: id, draft: approve(draft), at: Date.now() }, signal);
  const lookup = await exchange.accountData.findOrder({ symbol: BTC, clientOrderId: id }, signal);
  return { id, outcome, lookup };
}

describe("orders", () => {
  it.each<[OrderType, Side, string, string]>([
    ["limit", "buy", "0.998", "open"],
    ["limit", "buy", "1.001", "filled"],
    ["market", "buy", "1", "filled"],
    ["market", "sell", "1", "filled"],
    ["immediate-or-cancel", "buy", "0.998", "cancelled"],
    ["fill-or-kill", "buy", "1.001", "filled"],
    ["post-only", "sell", "1.002", "open"],
  ])("a %s %s at %s of the book is %s", async (type, side, factor, status) => {
    const { outcome, lookup } = await submit(await draftAt(side, type, factor));
    expect(outcome.kind).toBe("accepted");
    expect(lookup).toMatchObject({ kind: "found", report: { status, side, type } });
  });

  it("are cancelled, and a second cancel finds nothing to cancel", async () => {
    const { id } = await submit(await draftAt("buy", "limit", "0.998"));
    const name = { symbol: BTC, clientOrderId: id };
    expect(await exchange.gateway.cancel(name, signal)).toMatchObject({ kind: "accepted" });
    expect(await exchange.accountData.findOrder(name, signal)).toMatchObject({ report: { status: "cancelled" } });
    expect(await exchange.gateway.cancel(name, signal)).toMatchObject({ kind: "order-not-known" });
  });

  it("that rest are listed, hold what they may cost, and give it back", async () => {
    const { accountData } = exchange;
    const locked = async () =>
      (await accountData.fetchBalances(signal)).find((balance) => balance.asset === instrument.quote)?.locked ?? 0n;
    const before = await locked();
    const since = Date.now() - 60_000;
    const { id, lookup } = await submit(await draftAt("buy", "limit", "0.997"));
    const mine = { symbol: BTC, clientOrderId: id };
    const open = await accountData.fetchOpenOrders(BTC, signal);
    expect(open.find((report) => report.clientOrderId === id)).toEqual(lookup.kind === "found" && lookup.report);
    expect((await accountData.fetchOpenOrders(undefined, signal)).length).toBeGreaterThanOrEqual(open.length);
    expect(await accountData.fetchOrders({ symbol: BTC, since }, signal)).toContainEqual(expect.objectContaining(mine));
    expect(await locked()).toBeGreaterThan(before);
    await exchange.gateway.cancel(mine, signal);
    const left = await accountData.fetchOpenOrders(BTC, signal);
    expect(left.some((report) => report.clientOrderId === id)).toBe(false);
    expect(await locked()).toBe(before);
  });

  it("show up with their fills, whose sum is what the order says", async () => {
    const { lookup } = await submit(await draftAt("buy", "market", "1", "0.5"));
    if (lookup.kind !== "found") throw new Error("not found");
    const fills = await exchange.accountData.fetchFills({ symbol: BTC, orderId: lookup.report.orderId }, signal);
    expect(fills.reduce((sum, fill) => sum + fill.quantity, 0n)).toBe(lookup.report.executedQuantity);
    expect(fills.reduce((sum, fill) => sum + fill.notional, 0n)).toBe(lookup.report.executedNotional);
    expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(fills.length);
  });

  it("may be sized in quote", async () => {
    const seen = { price: price("1"), at: Date.now() };
    const draft: OrderDraft = {
      symbol: BTC,
      side: "buy",
      type: "market",
      size: { kind: "quote", notional: notional("50") },
      seen,
    };
    const { outcome, lookup } = await submit(draft);
    expect(outcome.kind).toBe("accepted");
    if (lookup.kind !== "found") throw new Error("not found");
    expect(lookup.report.executedNotional).toBeLessThanOrEqual(notional("50"));
  });

  it("are only checked by a test", async () => {
    const before = await exchange.accountData.fetchOrders({ symbol: BTC }, signal);
    const outcome = await exchange.gateway.test(approve(await draftAt("buy", "limit", "0.998")), signal);
    expect(outcome).toEqual({ kind: "valid" });
    expect(await exchange.accountData.fetchOrders({ symbol: BTC }, signal)).toHaveLength(before.length);
  });

  it("beyond the balance are refused with the exchange's code", async () => {
    const { outcome, lookup } = await submit(await draftAt("buy", "limit", "0.998", "50"));
    expect(outcome).toMatchObject({ kind: "refused-here", reason: { code: "INSUFFICIENT_BALANCE" } });
    expect(lookup).toEqual({ kind: "not-found" });
  });

  it("whose answer is lost are unknown, and stand on the exchange", async () => {
    await control("faults", { kind: "lost-response", target: "order", method: "POST", count: 1 });
    const { outcome, lookup } = await submit(await draftAt("buy", "limit", "0.998"));
    expect(outcome.kind).toBe("unknown");
    expect(lookup).toMatchObject({ kind: "found", report: { status: "open" } });
  });

  it("that were held up longer than the receive window are refused, because they carry the time of their intent", async () => {
    const draft = approve(await draftAt("buy", "limit", "0.998"));
    const id = clientOrderId(`contract-${(orders += 1)}`);
    const at = Date.now() - exchange.gateway.receiveWindowMs - 1_000;
    const outcome = await exchange.gateway.submit({ clientOrderId: id, draft, at }, signal);
    expect(outcome).toMatchObject({ kind: "refused-here", reason: { code: "CLOCK_OUTSIDE_WINDOW" } });
    expect(await exchange.accountData.findOrder({ symbol: BTC, clientOrderId: id }, signal)).toEqual({
      kind: "not-found",
    });
  });

  it("whose request is lost are unknown, and stand nowhere", async () => {
    await control("faults", { kind: "lost-request", target: "order", method: "POST", count: 1 });
    const { outcome, lookup } = await submit(await draftAt("buy", "limit", "0.998"));
    expect(outcome.kind).toBe("unknown");
    expect(lookup.kind).toBe("not-found");
  });
});

describe("what cannot be", () => {
  it("a wrong secret is told as such", async () => {
    const wrong = connect({ apiSecret: "0".repeat(32) });
    await expect(wrong.accountData.fetchBalances(signal)).rejects.toMatchObject({
      code: "SIGNATURE_REFUSED",
      exitCode: 4,
    });
    const { outcome } = await submit(await draftAt("buy", "limit", "0.998"), wrong);
    expect(outcome).toMatchObject({ kind: "rejected", reason: { code: "SIGNATURE_REFUSED" } });
  });

  it("a clock that is ten seconds off stops everything signed", async () => {
    await control("faults", { kind: "clock-offset", offsetMs: 10_000 });
    const fresh = connect();
    await expect(fresh.accountData.fetchBalances(signal)).rejects.toMatchObject({ code: "CLOCK_OFFSET_TOO_LARGE" });
    const id = clientOrderId(`contract-${(orders += 1)}`);
    const intent = { clientOrderId: id, draft: approve(await draftAt("buy", "limit", "0.998")), at: Date.now() };
    expect(await fresh.gateway.submit(intent, signal)).toMatchObject({ kind: "not-sent" });
    await control("faults", { kind: "clock-offset", offsetMs: 0 });
    await expect(fresh.accountData.fetchBalances(signal)).resolves.toBeDefined();
  });

  it("an order that was taken before a clock jumped is found, though its second delivery is refused for its time", async () => {
    const own = connect();
    const id = clientOrderId(`contract-${(orders += 1)}`);
    const intent = { clientOrderId: id, draft: approve(await draftAt("buy", "limit", "0.998")), at: Date.now() };
    const name = { symbol: BTC, clientOrderId: id };
    expect(await own.gateway.submit(intent, signal)).toMatchObject({ kind: "accepted" });
    await control("faults", { kind: "clock-offset", offsetMs: 3_600_000 });
    const again = await own.gateway.submit(intent, signal);
    const unsound = own.accountData.findOrder(name, signal);
    await expect(unsound).rejects.toMatchObject({ code: "CLOCK_OFFSET_TOO_LARGE" });
    const found = await own.accountData.findOrder(name, signal, "any");
    await control("faults", { kind: "clock-offset", offsetMs: 0 });
    expect(again).toMatchObject({ kind: "refused-here", reason: { code: "CLOCK_OUTSIDE_WINDOW" } });
    expect(found).toMatchObject({ kind: "found", report: { status: "open" } });
    expect(own.health().clock?.offsetMs).toBeGreaterThan(3_500_000);
  });

  it("an exchange that is gone takes no order and answers no question", async () => {
    const gone = connect({ restUrl: "http://127.0.0.1:9" });
    await expect(gone.accountData.fetchBalances(signal)).rejects.toMatchObject({ exitCode: 7 });
    const { outcome } = await submit(await draftAt("buy", "limit", "0.998"), gone);
    expect(outcome.kind).toBe("not-sent");
  });

  it("a symbol nobody lists is unknown", async () => {
    await expect(exchange.marketData.fetchInstruments([marketSymbol("NOPEUSDT")], signal)).rejects.toMatchObject({
      code: "SYMBOL_UNKNOWN",
      exitCode: 2,
    });
  });

  it("a host that only looks like the exchange is given no signature", () => {
    for (const restUrl of ["https://api.mexc.com.example.org", "http://api.mexc.com", "https://user:x@api.mexc.com"]) {
      expect(() => connect({ restUrl })).toThrow(expect.objectContaining({ code: "HOST_NOT_TRUSTED" }));
    }
  });
});

describe("streams", () => {
  it("bring trades in order and a book that follows the exchange", async () => {
    const own = connect();
    const trades: number[] = [];
    const done = Promise.withResolvers<Extract<MarketEvent, { type: "book" }>>();
    let pushes = 0;
    own.marketFeed.subscribe({ kind: "trades", symbol: BTC }, (event) => {
      if (event.type === "trades") trades.push(...event.trades.map((trade) => trade.at));
    });
    own.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
      if (event.type !== "book" || event.state !== "live") return;
      pushes += 1;
      const bid = event.ladder.best("buy");
      const ask = event.ladder.best("sell");
      if (bid !== undefined && ask !== undefined) expect(bid.price).toBeLessThan(ask.price);
      if (pushes === 15) done.resolve(event);
    });
    const book = await done.promise;
    expect(book.ladder.depth("buy")).toBeGreaterThan(20);
    expect([...trades].sort((left, right) => left - right)).toEqual(trades);
  });

  it("come back after a disconnect, with a book that is live again", async () => {
    const own = connect();
    const states: string[] = [];
    const live = Promise.withResolvers<undefined>();
    const back = Promise.withResolvers<undefined>();
    own.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
      if (event.type !== "book") return;
      if (states.at(-1) !== event.state) states.push(event.state);
      if (event.state === "live") (states.includes("stale") ? back : live).resolve(undefined);
    });
    await live.promise;
    await control("disconnect", {});
    await back.promise;
    expect(states.join(" ")).toMatch(/live stale.*live$/);
  });

  it("heal after a dropped push", async () => {
    const own = connect();
    const states: string[] = [];
    const live = Promise.withResolvers<undefined>();
    const healed = Promise.withResolvers<undefined>();
    own.marketFeed.subscribe({ kind: "book", symbol: BTC }, (event) => {
      if (event.type !== "book") return;
      if (states.at(-1) !== event.state) states.push(event.state);
      if (event.state === "live") live.resolve(undefined);
      if (states.filter((state) => state === "live").length === 2) healed.resolve(undefined);
    });
    await live.promise;
    await control("faults", { kind: "drop-push", symbol: BTC, count: 1 });
    await healed.promise;
    expect(states.slice(-3)).toEqual(["live", "syncing", "live"]);
  });

  it("tell of orders, fills and balances on the private side", async () => {
    const own = connect();
    const events: AccountFeedEvent[] = [];
    const complete = Promise.withResolvers<undefined>();
    await own.accountFeed.start((event) => {
      events.push(event);
      const kinds = new Set(events.map((it) => it.type));
      const filled = events.some((it) => it.type === "order-report" && it.report.status === "filled");
      if (filled && kinds.has("fill") && kinds.has("balance")) complete.resolve(undefined);
    }, signal);
    expect(events).toContainEqual({ type: "connection", state: { kind: "connected" } });
    const { id, lookup } = await submit(await draftAt("buy", "market", "1", "0.01"));
    await complete.promise;
    const fills = events.flatMap((event) => (event.type === "fill" ? [event.fill] : []));
    expect(fills.every((fill) => fill.clientOrderId === id)).toBe(true);
    expect(formatMoney(fills.reduce((sum, fill) => (sum + fill.quantity) as typeof sum, quantity("0")))).toBe("0.01");
    if (lookup.kind !== "found") throw new Error("not found");
    const byRest = await own.accountData.fetchFills({ symbol: BTC, orderId: lookup.report.orderId }, signal);
    expect(new Set(byRest.map((fill) => fill.tradeId))).toEqual(new Set(fills.map((fill) => fill.tradeId)));
    const balance = events.findLast((event) => event.type === "balance" && event.balance.asset === asset("USDT"));
    expect(balance).toBeDefined();
  });
});
