import type { DomainEvent } from "../../../../src/core/domain/events.ts";
import { hasEntered } from "../../../../src/core/domain/guarding/covered-base.ts";
import { decide } from "../../../../src/core/domain/guarding/decide.ts";
import type { GuardAction, GuardView } from "../../../../src/core/domain/guarding/guard-view.ts";
import type { Observation } from "../../../../src/core/domain/guarding/observation.ts";
import type { TriggerMemory } from "../../../../src/core/domain/guarding/trigger-memory.ts";
import { NO_MEMORY, noteRefusal, observe } from "../../../../src/core/domain/guarding/trigger-memory.ts";
import type { Approved } from "../../../../src/core/domain/approved.ts";
import type { ClientOrderId, OrderId } from "../../../../src/core/domain/identifiers.ts";
import { clientOrderId, orderId, tradeId } from "../../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../../src/core/domain/instrument.ts";
import type { Price, Quantity } from "../../../../src/core/domain/money.ts";
import { add, notionalOf, price, quantity, ratio, ZERO_QUANTITY } from "../../../../src/core/domain/money.ts";
import type { Order, OrderDraft } from "../../../../src/core/domain/order.ts";
import type { Protection, ProtectionLeg } from "../../../../src/core/domain/protection.ts";
import type { TradingLedger } from "../../../../src/core/domain/trading-ledger.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../../src/core/domain/trading-ledger.ts";
import type { HeldState } from "../../../../src/core/domain/trading-state.ts";
import { ACTIVE } from "../../../../src/core/domain/trading-state.ts";
import { BTCUSDT, NOW, protectionSample } from "../samples.ts";

export type ExitAction = Extract<GuardAction, { kind: "exit" }>;

export interface SceneStart {
  readonly protection?: Partial<Protection>;
  /** Free base at the start; "1" when absent. */
  readonly free?: string;
  readonly instrument?: Partial<Instrument>;
}

/** One protection on the real reducers, with the exchange's answers given by hand. */
export function createScene(start: SceneStart = {}) {
  const instrument: Instrument = { ...BTCUSDT, stepSize: quantity("0.0001"), ...start.instrument };
  const protection = protectionSample({ createdAt: NOW, ...start.protection });
  let ledger: TradingLedger = { ...EMPTY_LEDGER, tradingState: ACTIVE };
  let memory: TriggerMemory = NO_MEMORY;
  let quote: Observation | undefined;
  let now = NOW;
  let ids = 0;

  const apply = (...events: readonly DomainEvent[]) => {
    for (const event of events) {
      const change = applyEvent(ledger, event, now);
      if (change.anomaly !== undefined) throw new Error(change.anomaly);
      ledger = change.ledger;
    }
  };
  const held = () => {
    const found = ledger.protections.get(protection.protectionId);
    if (found === undefined) throw new Error("the protection is gone");
    return found;
  };
  const view = (): GuardView => ({
    protection: held(),
    orders: ledger.orders,
    fills: [...ledger.fills.values()],
    instrument,
    base: ledger.balances.get(instrument.base),
    tradingState: ledger.tradingState,
    memory,
    quote,
    now,
  });

  const scene = {
    instrument,
    get ledger() {
      return ledger;
    },
    get now() {
      return now;
    },
    get memory() {
      return memory;
    },
    protection: held,
    leg(legId: string): ProtectionLeg {
      const leg = held().legs.find((one) => one.legId === legId);
      if (leg === undefined) throw new Error(`no leg ${legId}`);
      return leg;
    },
    order(id: ClientOrderId): Order {
      const order = ledger.orders.get(id);
      if (order === undefined) throw new Error(`no order ${id}`);
      return order;
    },
    view,
    apply,
    decide: () => decide(view()),
    wait(ms: number) {
      now += ms;
    },
    /** One event of the market, 100 ms after the last. Bare prices are trades. */
    see(...seen: readonly (string | Omit<Observation, "at">)[]) {
      for (const one of seen) {
        now += 100;
        const observation: Observation = { ...(typeof one === "string" ? { last: price(one) } : one), at: now };
        quote = { ...quote, ...observation };
        memory = observe(memory, held(), observation, hasEntered(view()));
      }
    },
    /** What it wants now, after everything that only had to be written down was. */
    next(): readonly GuardAction[] {
      for (let round = 0; round < 20; round += 1) {
        const actions = scene.decide();
        const first = actions[0];
        if (first?.kind !== "publish") return actions;
        apply(...first.events);
      }
      throw new Error("it never stops publishing");
    },
    nextExit(): ExitAction {
      const [action] = scene.next();
      if (action?.kind !== "exit") throw new Error(`wants ${action?.kind ?? "nothing"}, not an exit`);
      return action;
    },
    /** The guardian's one commit: attempt and intent under one new id. */
    intend(action: ExitAction): ClientOrderId {
      const id = clientOrderId(`exit-${(ids += 1)}`);
      const draft = action.draft as Approved<OrderDraft>;
      apply(
        { ...action.attempted, exitOrderId: id },
        { type: "order-intended", intent: { clientOrderId: id, draft, at: now } },
      );
      return id;
    },
    accept(id: ClientOrderId): OrderId {
      const known = orderId(`C02__${id}`);
      apply({ type: "order-accepted", clientOrderId: id, orderId: known });
      return known;
    },
    reject(id: ClientOrderId, code = "30005") {
      apply({ type: "order-rejected", clientOrderId: id, reason: { code, message: "not enough" } });
    },
    lose(id: ClientOrderId) {
      apply({ type: "order-outcome-unknown", clientOrderId: id, reason: { code: "TIMEOUT", message: "no answer" } });
    },
    /** A fill of an order, and the balance that follows. */
    fill(id: ClientOrderId, amount: string | Quantity, at: string | Price = "59999", feeInBase = "0") {
      const order = scene.order(id);
      const filled = typeof amount === "string" ? quantity(amount) : amount;
      const unitPrice = typeof at === "string" ? price(at) : at;
      const feeAsset = feeInBase === "0" ? instrument.quote : instrument.base;
      apply({
        type: "fill-recorded",
        clientOrderId: id,
        source: "stream",
        fill: {
          tradeId: tradeId(`t-${(ids += 1)}`),
          orderId: order.orderId ?? orderId(`C02__${id}`),
          clientOrderId: id,
          symbol: instrument.symbol,
          side: order.side,
          price: unitPrice,
          quantity: filled,
          notional: notionalOf(unitPrice, filled, "half-even"),
          fee: { asset: feeAsset, quantity: quantity(feeInBase) },
          liquidity: "taker",
          at: now,
        },
      });
    },
    /** The exchange ends the order with what it has executed. */
    end(id: ClientOrderId) {
      const order = scene.order(id);
      const { filledQuantity, filledNotional } = order;
      apply({
        type: "order-reported",
        clientOrderId: id,
        source: "stream",
        report: {
          orderId: order.orderId ?? orderId(`C02__${id}`),
          clientOrderId: id,
          symbol: order.symbol,
          side: order.side,
          type: order.type,
          status: order.state === "filled" ? "filled" : "cancelled",
          executedQuantity: filledQuantity,
          executedNotional: filledNotional,
          createdAt: order.createdAt,
        },
      });
    },
    balance(free: string | Quantity, locked: string | Quantity = "0") {
      const amount = (text: string | Quantity) => (typeof text === "string" ? quantity(text) : text);
      apply({
        type: "balance-reported",
        source: "stream",
        balance: { asset: instrument.base, free: amount(free), locked: amount(locked), at: now },
      });
    },
    /** An order of ours beside the protection: a resting sale, or the entry. */
    place(
      id: string,
      draft: Partial<OrderDraft> & Pick<OrderDraft, "side">,
      amount: string,
      at: string,
    ): ClientOrderId {
      const key = clientOrderId(id);
      const full: OrderDraft = {
        symbol: instrument.symbol,
        type: "limit",
        size: { kind: "base", quantity: quantity(amount) },
        limitPrice: price(at),
        ...draft,
      };
      apply({
        type: "order-intended",
        intent: { clientOrderId: key, draft: full as Approved<OrderDraft>, at: now },
      });
      scene.accept(key);
      return key;
    },
    trading(state: HeldState) {
      apply({ type: "trading-state-changed", state, by: "person", evidence: [] });
    },
    /** The guardian's part when our own rules deny an exit. */
    deny(action: ExitAction, code = "SYMBOL_RESTRICTED") {
      memory = noteRefusal(memory, action.legId, now);
      const { protectionId } = action.attempted;
      const reason = { code, message: "denied here" };
      apply({ type: "exit-blocked", protectionId, legId: action.legId, reason });
    },
    /** A new guardian: what the last one had seen is gone. */
    forget() {
      memory = NO_MEMORY;
    },
    sold(): Quantity {
      return [...ledger.orders.values()]
        .filter((order) => order.side === "sell")
        .reduce((sum, order) => add(sum, order.filledQuantity), ZERO_QUANTITY);
    },
  };
  apply({ type: "reconcile-finished", ordersChecked: 0, fillsAdded: 0, unresolved: 0 });
  scene.balance(start.free ?? "1");
  apply({ type: "protection-armed", protection });
  return scene;
}

export type Scene = ReturnType<typeof createScene>;

/** The quantity an exit would sell. */
export function sizeOf(action: GuardAction | undefined): Quantity | undefined {
  return action?.kind === "exit" && action.draft.size.kind === "base" ? action.draft.size.quantity : undefined;
}

export function stopAt(level: string, legId = "sl"): ProtectionLeg {
  return { legId, rule: { kind: "stop-loss", triggerPrice: price(level) }, state: "live", attempts: [] };
}

/** A rung of a ladder. */
export function target(legId: string, level: string, share: string): ProtectionLeg {
  const rule = { kind: "take-profit", triggerPrice: price(level), share: ratio(share) } as const;
  return { legId, rule, state: "live", attempts: [] };
}
