import type { Balance } from "../../../src/core/domain/balance.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { DomainEvent, OrderIntent } from "../../../src/core/domain/events.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderReport } from "../../../src/core/domain/order.ts";
import { isWorking, orderedQuantity } from "../../../src/core/domain/order.ts";
import type { TradingLedger } from "../../../src/core/domain/trading-ledger.ts";
import { applyEvent, EMPTY_LEDGER, keyFor } from "../../../src/core/domain/trading-ledger.ts";
import type { AccountData } from "../../../src/core/ports/account-data.ts";
import type { CancelOutcome, ExchangeGateway, SubmitOutcome } from "../../../src/core/ports/exchange-gateway.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { BTCUSDT, LIMITS, NOW, report } from "../domain/samples.ts";

const REASON = { code: "SCRIPTED", message: "scripted by the test" };

/** How the next request meets the exchange: what it books, and what the caller learns. */
export type Fate =
  "answer" | "lose-request" | "lose-answer" | "refuse" | "refuse-here" | "refuse-repeat" | "never-sent";

/**
 * A tiny exchange that keeps the truth about orders, with scripted fates for requests and a virtual clock. Sleeping
 * moves the clock and nothing else.
 */
export function createFakeExchange() {
  let now = NOW;
  let nextId = 1;
  const orders = new Map<string, OrderReport>();
  const fills: Fill[] = [];
  let balances: readonly Balance[] = [
    { asset: asset("USDT"), free: quantity("100000"), locked: quantity("0"), at: NOW },
  ];
  const journal: DomainEvent[] = [];
  const sent: OrderIntent[] = [];
  let ledger: TradingLedger = {
    ...EMPTY_LEDGER,
    balances: new Map(balances.map((balance) => [balance.asset, balance])),
    lock: undefined,
    tradingState: { kind: "active" },
  };
  let fate: Fate = "answer";
  let unreachable = false;
  let journalBroken = false;
  let onSleep: (elapsedMs: number) => void = () => undefined;

  const unavailable = () =>
    new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "away", exitCode: EXIT_CODES.unavailable });
  const takeFate = (): Fate => {
    const taken = fate;
    fate = "answer";
    return taken;
  };
  const ask = () => {
    if (unreachable) throw unavailable();
  };

  const gateway: ExchangeGateway = {
    receiveWindowMs: 5_000,
    signingTrouble: () => Promise.resolve(undefined),
    submit(intent) {
      sent.push(intent);
      const met = takeFate();
      if (met === "never-sent") return Promise.resolve<SubmitOutcome>({ kind: "not-sent", reason: REASON });
      if (met === "refuse") return Promise.resolve<SubmitOutcome>({ kind: "rejected", reason: REASON });
      if (met === "refuse-here") return Promise.resolve<SubmitOutcome>({ kind: "refused-here", reason: REASON });
      if (met === "lose-request") return Promise.resolve<SubmitOutcome>({ kind: "unknown", reason: REASON });
      const id = orderId(`C02__${nextId}`);
      nextId += 1;
      const { draft } = intent;
      const wanted = orderedQuantity({ size: draft.size });
      orders.set(
        intent.clientOrderId,
        report({
          orderId: id,
          clientOrderId: intent.clientOrderId,
          side: draft.side,
          type: draft.type,
          createdAt: now,
          ...(wanted === undefined ? {} : { quantity: wanted }),
        }),
      );
      if (met === "lose-answer") return Promise.resolve<SubmitOutcome>({ kind: "unknown", reason: REASON });
      if (met === "refuse-repeat") return Promise.resolve<SubmitOutcome>({ kind: "refused-here", reason: REASON });
      return Promise.resolve<SubmitOutcome>({ kind: "accepted", orderId: id });
    },
    cancel(name) {
      const met = takeFate();
      if (met === "never-sent") return Promise.resolve<CancelOutcome>({ kind: "not-sent", reason: REASON });
      if (met === "refuse") return Promise.resolve<CancelOutcome>({ kind: "rejected", reason: REASON });
      if (met === "lose-request") return Promise.resolve<CancelOutcome>({ kind: "unknown", reason: REASON });
      const held = orders.get(name.clientOrderId ?? "");
      if (held === undefined || held.status === "filled" || held.status === "cancelled") {
        return Promise.resolve<CancelOutcome>({ kind: "order-not-known", reason: REASON });
      }
      orders.set(name.clientOrderId ?? "", { ...held, status: "cancelled" });
      if (met === "lose-answer") return Promise.resolve<CancelOutcome>({ kind: "unknown", reason: REASON });
      return Promise.resolve<CancelOutcome>({ kind: "accepted" });
    },
    cancelOpen(symbol) {
      const met = takeFate();
      if (met === "never-sent") return Promise.resolve<CancelOutcome>({ kind: "not-sent", reason: REASON });
      if (met === "refuse") return Promise.resolve<CancelOutcome>({ kind: "rejected", reason: REASON });
      if (met === "lose-request") return Promise.resolve<CancelOutcome>({ kind: "unknown", reason: REASON });
      for (const [key, held] of orders) {
        const isOpen = held.status === "open" || held.status === "partially-filled";
        if (held.symbol === symbol && isOpen) orders.set(key, { ...held, status: "cancelled" });
      }
      if (met === "lose-answer") return Promise.resolve<CancelOutcome>({ kind: "unknown", reason: REASON });
      return Promise.resolve<CancelOutcome>({ kind: "accepted" });
    },
    test: () => Promise.resolve({ kind: "valid" }),
  };

  const accountData: AccountData = {
    async findOrder(name) {
      ask();
      const held = [...orders.values()].find(
        (it) => it.clientOrderId === name.clientOrderId || it.orderId === name.orderId,
      );
      return held === undefined ? { kind: "not-found" } : { kind: "found", report: held };
    },
    async fetchBalances() {
      ask();
      return balances;
    },
    async fetchOpenOrders() {
      ask();
      return [...orders.values()].filter((it) => it.status === "open" || it.status === "partially-filled");
    },
    async fetchOrders() {
      ask();
      return [...orders.values()];
    },
    async fetchFills(query) {
      ask();
      return fills.filter((it) => query.orderId === undefined || it.orderId === query.orderId);
    },
  };

  let minted = 0;
  const context: TradingContext = {
    gateway,
    accountData,
    clock: {
      now: () => now,
      monotonic: () => now,
      async sleep(durationMs, signal) {
        if (signal.aborted) throw new Error("aborted");
        now += durationMs;
        onSleep(durationMs);
      },
    },
    ids: {
      clientOrderId: () => clientOrderId(`td-${(minted += 1)}`),
      recordId: () => `record-${(minted += 1)}`,
    },
    limits: LIMITS,
    instrument: () => Promise.resolve(BTCUSDT),
    pricedMarkets: () => Promise.resolve([{ instrument: BTCUSDT, price: price("65000") }]),
    ledger: () => ledger,
    recall: (id) => ledger.orders.get(id),
    recallWorking: () => [...ledger.orders.values()].filter(isWorking),
    adoptOrders: () => 0,
    adoptState: () => false,
    adoptProtections: () => undefined,
    keyOf: (seen) => keyFor(ledger, seen),
    isKnownFill: (it) => ledger.fills.has(it.tradeId),
    symbolsSince: (since) =>
      new Set([...ledger.orders.values()].filter((it) => it.updatedAt >= since).map(({ symbol }) => symbol)),
    publish(events) {
      if (journalBroken) throw new AppError({ code: "STORAGE_FAILED", message: "disk", exitCode: EXIT_CODES.failure });
      for (const event of events) {
        journal.push(event);
        ledger = applyEvent(ledger, event, now).ledger;
      }
    },
  };

  return {
    context,
    orders,
    fills,
    journal,
    sent,
    next: (met: Fate) => {
      fate = met;
    },
    setUnreachable: (is: boolean) => {
      unreachable = is;
    },
    breakJournal: () => {
      journalBroken = true;
    },
    setBalances: (all: readonly Balance[]) => {
      balances = all;
    },
    advance: (ms: number) => {
      now += ms;
    },
    now: () => now,
    whileSleeping: (run: (elapsedMs: number) => void) => {
      onSleep = run;
    },
    /** The state our side holds an order in. */
    stateOf: (id: string) => ledger.orders.get(clientOrderId(id))?.state,
    /** Forgets everything but the journal, as a killed process does, and plays it back. */
    restart: () => {
      ledger = journal.reduce((state, event) => applyEvent(state, event, now).ledger, EMPTY_LEDGER);
    },
  };
}
