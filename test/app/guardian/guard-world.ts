import type { App } from "../../../src/app/app.ts";
import type { GuardNews } from "../../../src/app/guarding.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { OrderIntent } from "../../../src/core/domain/events.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { accountId, asset, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { add, notionalOf, price, quantity, subtract } from "../../../src/core/domain/money.ts";
import type { OrderReport } from "../../../src/core/domain/order.ts";
import { orderedQuantity } from "../../../src/core/domain/order.ts";
import { applyProtectionEvent } from "../../../src/core/domain/protection-events.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import type { PublicTrade } from "../../../src/core/domain/public-trade.ts";
import type { AccountFeedEvent } from "../../../src/core/ports/account-feed.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { SubmitOutcome } from "../../../src/core/ports/exchange-gateway.ts";
import { temporaryHome } from "../../adapters/storage/samples.ts";
import { BTCUSDT, fill, NOW, protectionSample, report } from "../../core/domain/samples.ts";
import { createManualClock } from "../../manual-clock.ts";
import { HEALTHY } from "../../commands/fake-app.ts";
import { openScriptedApp } from "../session-parts.ts";
import type { ScriptedFeed } from "./scripted-market.ts";
import { createScriptedFeed, minutesOf } from "./scripted-market.ts";

/**
 * What becomes of the next sale: booked and told, booked in two parts of one millisecond whose balances are told one by
 * one and the last of them never, booked with the answer lost, never booked, or refused.
 */
export type SaleFate = "fill" | "fill-in-parts" | "lose-answer" | "lose-request" | "refuse";

export interface GuardProcess {
  readonly app: App;
  readonly pid: number;
  readonly news: GuardNews[];
  /** Stops without a word, as by SIGKILL. */
  kill(): void;
  /** Stands still, as by SIGSTOP; what the streams bring meanwhile waits in its buffers. */
  freeze(): void;
  thaw(): void;
  loseStream(): void;
  regainStream(): void;
  refuseTrades(): void;
  readonly protection: () => Protection | undefined;
}

const { symbol } = BTCUSDT;
const TOP_STREAM = { kind: "book-top", symbol } as const;

/** One account at one exchange, and as many processes as a test starts, on one database and a clock moved by hand. */
export function createGuardWorld() {
  const manual = createManualClock(NOW);
  const home = temporaryHome(manual.clock);
  const alive = new Set<number>();
  const feeds = new Set<ScriptedFeed>();
  const accountListeners = new Map<number, (event: AccountFeedEvent) => void>();
  const trades: PublicTrade[] = [];
  const orders = new Map<string, OrderReport>();
  const fills: Fill[] = [];
  const sent: OrderIntent[] = [];
  const asked: string[] = [];
  const deaf = new Set<"trades" | "top">();
  let fate: SaleFate = "fill";
  let isRestAway = false;
  let doubtMs: number | undefined = 0;
  let isClockOff = false;
  let last = price("65000");
  let free = quantity("1");
  let pids = 100;

  function away(): AppError {
    return new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "away", exitCode: EXIT_CODES.unavailable });
  }

  function byRest<T>(what: string, answer: () => T): Promise<T> {
    asked.push(what);
    return isRestAway ? Promise.reject(away()) : Promise.resolve(answer());
  }

  function submit(intent: OrderIntent): SubmitOutcome {
    sent.push(intent);
    const met = fate;
    fate = "fill";
    const reason = { code: "SCRIPTED", message: "scripted by the test" };
    if (met === "refuse") return { kind: "rejected", reason };
    if (met === "lose-request") return { kind: "unknown", reason };
    const { clientOrderId, draft } = intent;
    const amount = orderedQuantity({ size: draft.size }) ?? quantity("0");
    const id = orderId(`C02__${sent.length}`);
    const at = manual.clock.now();
    const booked = report({
      ...{ orderId: id, clientOrderId, side: "sell", type: draft.type, quantity: amount, status: "filled" },
      ...{ executedQuantity: amount, executedNotional: notionalOf(last, amount, "half-even") },
      ...{ createdAt: at, updatedAt: at },
    });
    const execution = fill({
      ...{ tradeId: tradeId(`t-${sent.length}`), orderId: id, clientOrderId, side: "sell" },
      ...{ price: last, quantity: amount, liquidity: "taker", at },
    });
    orders.set(clientOrderId, booked);
    fills.push(execution);
    free = subtract(free, amount);
    if (met === "lose-answer") return { kind: "unknown", reason };
    if (met === "fill-in-parts") return fillInParts(booked, execution);
    tellAccount({ type: "order-report", report: booked });
    tellAccount({ type: "fill", fill: execution });
    tellAccount({ type: "balance", balance: balance() });
    return { kind: "accepted", orderId: id };
  }

  function fillInParts(booked: OrderReport, whole: Fill): SubmitOutcome {
    const half = (whole.quantity / 2n) as typeof whole.quantity;
    fills.pop();
    for (const part of [1, 2]) {
      const one: Fill = {
        ...whole,
        tradeId: tradeId(`${whole.tradeId}-${part}`),
        quantity: half,
        notional: notionalOf(whole.price, half, "half-even"),
      };
      fills.push(one);
      tellAccount({ type: "fill", fill: one });
      if (part === 1) tellAccount({ type: "balance", balance: { ...balance(), free: add(free, half) } });
    }
    tellAccount({ type: "order-report", report: booked });
    return { kind: "accepted", orderId: booked.orderId };
  }

  const balance = () => ({ asset: asset("BTC"), free, locked: quantity("0"), at: manual.clock.now() });

  function tellAccount(event: AccountFeedEvent): void {
    for (const listener of accountListeners.values()) listener(event);
  }

  function topNow() {
    const [bid, ask] = [subtract(last, price("1")), last];
    const level = (at: typeof bid) => ({ price: at, quantity: quantity("5") });
    return { symbol, bid: level(bid), ask: level(ask), at: manual.clock.now() };
  }

  const topEvent = () => ({ type: "book-top", top: topNow() }) as const;

  function sayPrint(feed: ScriptedFeed, trade: PublicTrade): void {
    if (!deaf.has("trades")) feed.say({ kind: "trades", symbol }, { type: "trades", symbol, trades: [trade] });
    if (!deaf.has("top")) feed.say(TOP_STREAM, topEvent());
  }

  /** One public trade, heard by every stream that stands, perhaps late. */
  function print(at: string, agoMs = 0): void {
    last = price(at);
    const trade: PublicTrade = {
      symbol,
      price: last,
      quantity: quantity("0.01"),
      side: "sell",
      at: manual.clock.now() - agoMs,
    };
    trades.push(trade);
    for (const feed of feeds) sayPrint(feed, trade);
  }

  function start(): GuardProcess {
    const pid = (pids += 1);
    alive.add(pid);
    const stream = createScriptedFeed();
    const frozen = freezableClock(manual.clock);
    const storage = home.open({ holder: `run-${pid}`, pid, isProcessAlive: (other) => alive.has(other) });
    const account = storage.forAccount({ accountId: accountId("demo:x"), mode: "demo" });
    const { app } = openScriptedApp(
      {
        submit,
        signingTrouble: () => (isClockOff ? { code: "CLOCK_OFFSET_TOO_LARGE", message: "an hour off" } : undefined),
        marketFeed: stream.feed,
        accountFeed: {
          start(listener) {
            accountListeners.set(pid, (event) => {
              frozen.deliver(() => {
                listener(event);
              });
            });
            return Promise.resolve();
          },
          close: () => Promise.resolve(),
        },
        accountData: {
          findOrder(name) {
            if (isRestAway) return Promise.reject(away());
            const found = orders.get(name.clientOrderId ?? "");
            return Promise.resolve(found === undefined ? { kind: "not-found" } : { kind: "found", report: found });
          },
          fetchBalances: () => (isRestAway ? Promise.reject(away()) : Promise.resolve([balance()])),
          fetchOrders: () => (isRestAway ? Promise.reject(away()) : Promise.resolve([...orders.values()])),
          fetchFills: (query) =>
            isRestAway
              ? Promise.reject(away())
              : Promise.resolve(fills.filter((one) => query.orderId === undefined || one.orderId === query.orderId)),
        },
        health: () => ({
          ...HEALTHY,
          clock: doubtMs === undefined ? undefined : { offsetMs: 0, uncertaintyMs: doubtMs, ageMs: 1_000 },
        }),
        marketData: {
          fetchTrades: () => byRest("trades", () => [...trades].reverse()),
          fetchBookTop: () => byRest("top", topNow),
          fetchBookTops: () => byRest("tops", () => [topNow()]),
          fetchCandles: () => byRest("minutes", () => minutesOf(trades)),
          fetchBook: () => {
            const { bid, ask } = topNow();
            return Promise.resolve({
              symbol,
              bids: [bid],
              asks: [ask],
              state: "live",
              at: manual.clock.now(),
            });
          },
        },
      },
      { manual: { ...manual, clock: frozen.clock }, account, settings: storage.settings },
    );
    const news: GuardNews[] = [];
    app.guarding.onNews((one) => news.push(one));
    feeds.add(stream);
    return {
      ...{ app, pid, news },
      kill() {
        alive.delete(pid);
        feeds.delete(stream);
        stream.drop();
        accountListeners.delete(pid);
        frozen.freeze();
      },
      freeze() {
        stream.freeze();
        frozen.freeze();
      },
      thaw() {
        frozen.thaw();
        stream.thaw();
      },
      loseStream() {
        feeds.delete(stream);
        stream.connection({ kind: "waiting", why: "a test", retryInMs: 1_000 });
      },
      regainStream() {
        feeds.add(stream);
        stream.connection({ kind: "connected" });
        stream.say(TOP_STREAM, topEvent());
      },
      refuseTrades() {
        stream.say(
          { kind: "trades", symbol },
          { type: "refused", topic: { kind: "trades", symbol }, reason: "Blocked!" },
        );
      },
      protection: () => app.store.getState().trading.protections.get("p1"),
    };
  }

  const shell = home.open({ holder: "shell", pid: 1 }).forAccount({ accountId: accountId("demo:x"), mode: "demo" });

  /** A stop at 60000 over 0.002 BTC unless told otherwise, armed by a shell that ends at once. */
  function arm(changes: Partial<Protection> = {}): void {
    const protection = protectionSample({ createdAt: manual.clock.now(), ...changes });
    shell.journal.commit({
      at: manual.clock.now(),
      events: [{ type: "protection-armed", protection }],
      orders: [],
      fills: [],
      protections: [
        {
          protection,
          replaces: undefined,
          beside: shell.protections.list({ armed: true }).map((one) => one.protectionId),
        },
      ],
    });
  }

  /** The position: stored as bought, by an order that nobody asks after. */
  function buy(amount: string): void {
    const bought = fill({ tradeId: tradeId("bought"), orderId: orderId("C02__bought"), quantity: quantity(amount) });
    const nothing = { events: [], orders: [], protections: [] };
    shell.journal.commit({ at: manual.clock.now(), ...nothing, fills: [bought] });
  }

  function disarm(): void {
    const protection = shell.protections.find("p1");
    if (protection === undefined) throw new Error("nothing is armed");
    const event = { type: "protection-disarmed", protectionId: "p1", why: "a test" } as const;
    const at = manual.clock.now();
    const change = { protection: applyProtectionEvent(protection, event, at).protection, replaces: protection.version };
    shell.journal.commit({ at, events: [event], orders: [], fills: [], protections: [change] });
  }

  /** As the file has it, whatever any process believes. */
  const stored = () => shell.protections.find("p1");

  /** Starts a process and its session, and lets its stream come up. */
  async function startGuard(): Promise<GuardProcess> {
    const process = start();
    await process.app.startSession(new AbortController().signal);
    await settle();
    return process;
  }

  /** The streams that are asked for come up with their first book. */
  async function settle(): Promise<void> {
    await manual.advance(1_000);
    for (const feed of feeds) feed.say(TOP_STREAM, topEvent());
    await manual.advance(100);
  }

  /** One print every 100 ms. */
  async function prints(...prices: readonly string[]): Promise<void> {
    for (const at of prices) {
      print(at);
      await manual.advance(100);
    }
  }

  return {
    ...{ print, prints, arm, buy, disarm, stored, start, startGuard, settle, sent },
    advance: manual.advance,
    jump: manual.jump,
    now: () => manual.clock.now(),
    next(met: SaleFate) {
      fate = met;
    },
    /** The channels that say nothing any more, on connections that live. */
    silence(...channels: readonly ("trades" | "top")[]) {
      deaf.clear();
      for (const channel of channels) deaf.add(channel);
    },
    /** @param uncertaintyMs undefined before the clocks are compared */
    doubtClock(uncertaintyMs: number | undefined) {
      doubtMs = uncertaintyMs;
    },
    /** What was asked of the market by REST since the last time this was called. */
    asked: () => asked.splice(0),
    /** Whether this machine's clock is too far off for anything to be signed. */
    setClockOff(is: boolean) {
      isClockOff = is;
    },
    setRestAway(is: boolean) {
      isRestAway = is;
    },
    /** The account stream tells of a balance that something else has changed. */
    tellBalance(amount: string) {
      free = quantity(amount);
      tellAccount({ type: "balance", balance: balance() });
    },
    /** The sales that stand at the exchange, whoever sent them. */
    booked: () => [...orders.values()],
    remove: home.remove,
  };
}

export type GuardWorld = ReturnType<typeof createGuardWorld>;

/** A clock whose sleepers do not wake, and whose pushes do not arrive, while the process stands still. */
function freezableClock(clock: Clock) {
  let gate: PromiseWithResolvers<undefined> | undefined;
  const waiting: (() => void)[] = [];
  return {
    clock: {
      ...clock,
      async sleep(durationMs: number, signal: AbortSignal) {
        await clock.sleep(durationMs, signal);
        await (gate?.promise ?? Promise.resolve());
      },
    },
    deliver(work: () => void) {
      if (gate === undefined) work();
      else waiting.push(work);
    },
    freeze() {
      gate ??= Promise.withResolvers();
    },
    /** What waits in the sockets is read first, and all that follows from it done, before the first timer fires. */
    thaw() {
      const opened = gate;
      gate = undefined;
      for (const work of waiting.splice(0)) work();
      void afterMicrotasks().then(() => opened?.resolve(undefined));
    },
  };
}

async function afterMicrotasks(): Promise<void> {
  for (let round = 0; round < 100; round += 1) await Promise.resolve();
}
