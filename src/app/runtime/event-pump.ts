import type { Balance } from "../../core/domain/balance.ts";
import { isSameAmount } from "../../core/domain/balance.ts";
import { differenceKey } from "../../core/domain/difference.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { DomainEvent, StampedEvent } from "../../core/domain/events.ts";
import type { Order } from "../../core/domain/order.ts";
import { missingFills } from "../../core/domain/order-execution.ts";
import type { Protection } from "../../core/domain/protection.ts";
import { armedAmong } from "../../core/domain/protection.ts";
import type { TradingLedger } from "../../core/domain/trading-ledger.ts";
import { applyEvent } from "../../core/domain/trading-ledger.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Fence, Journal, JournalBatch, ProtectionChange, StoreMark } from "../../core/ports/journal.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { AppStore } from "../store/create-store.ts";
import { balancesConfirmed, tradingAdvanced } from "../store/trading-slice.ts";
import type { LedgerMemory } from "./ledger-memory.ts";

/**
 * The one way trading state changes: drop what is known, stamp, journal durably, then reduce.
 *
 * Events that announce an effect must be on disk first, so their failure is thrown and nothing happens. Everything
 * else is already true outside; when it cannot be written it is shown all the same, trading halts, and the write is
 * tried again before the next one. It is never dropped.
 */
export interface EventPump {
  publish(events: readonly DomainEvent[], fence?: Fence, basis?: StoreMark): void;
  /** Batches that are true but not on disk yet. */
  readonly unwritten: number;
  /** Tries again to write what could not be written. */
  retryWrites(): void;
  onAnomaly(listener: (what: string) => void): void;
  /** Hears what has just become true here, in order. A listener must not publish. */
  onPublished(listener: (events: readonly DomainEvent[]) => void): void;
}

export interface EventPumpParts {
  readonly store: AppStore;
  readonly journal: Journal;
  readonly memory: Pick<LedgerMemory, "recallFor" | "trim">;
  readonly clock: Clock;
  readonly logger: Logger;
}

const ANNOUNCES_AN_EFFECT: ReadonlySet<DomainEvent["type"]> = new Set([
  "order-intended",
  "cancel-intended",
  // It takes an order out of the exposure: never on a word that a crash forgets.
  "order-written-off",
  "trading-state-changed",
  "protection-armed",
  "protection-disarmed",
  "highest-moved",
  "stop-moved",
  "exit-attempted",
  "close-attempted",
  "leg-fired",
  "question-asked",
  "question-answered",
]);

export function createEventPump(parts: EventPumpParts): EventPump {
  const { store, journal, memory, clock, logger } = parts;
  const anomalyListeners: ((what: string) => void)[] = [];
  const listeners: ((events: readonly DomainEvent[]) => void)[] = [];
  let backlog: JournalBatch[] = [];
  let lastFailure: unknown;
  /** Stamps shown events that are not on disk yet; the journal numbers them when it can. */
  let lastSequence = 0;

  function publish(events: readonly DomainEvent[], fence?: Fence, basis?: StoreMark): void {
    for (const event of events) memory.recallFor(event);
    const at = clock.now();
    const { batch, confirmed, anomalies } = prepare(store.getState().trading, events, at);
    if (confirmed.length > 0) store.dispatch(balancesConfirmed(confirmed));
    if (batch.events.length === 0) return;
    flushBacklog();
    try {
      // What happened earlier must stand before this in the journal.
      if (backlog.length > 0) throw lastFailure;
      const fenced = fence === undefined ? batch : { ...batch, fence };
      dispatch(journal.commit(basis === undefined ? fenced : { ...fenced, basis }));
    } catch (cause) {
      // A halt holds in this process whether or not the disk takes it; that it did not is for the caller to tell.
      if (isHalt(events) && !isRefusedChange(cause)) keepForLater(batch, cause);
      // What is fenced is an act of ours that others may have to do instead: it either stands on disk or never was.
      if (fence !== undefined || events.some((event) => ANNOUNCES_AN_EFFECT.has(event.type))) throw cause;
      keepForLater(batch, cause);
    }
    memory.trim();
    for (const what of anomalies) for (const listener of anomalyListeners) listener(what);
  }

  function keepForLater(batch: JournalBatch, cause: unknown): void {
    lastFailure = cause;
    backlog.push(batch);
    logger.error("journal write failed; trading halts until it succeeds", { cause: String(cause) });
    dispatch(batch.events.map((event) => ({ sequence: (lastSequence += 1), at: batch.at, event })));
    if (store.getState().trading.tradingState.kind === "halted") return;
    const halt: DomainEvent = {
      type: "trading-state-changed",
      state: { kind: "halted", reason: "what happened cannot be written to disk" },
      by: "storage",
      evidence: [],
    };
    backlog.push({ at: batch.at, events: [halt], orders: [], fills: [], protections: [] });
    dispatch([{ sequence: (lastSequence += 1), at: batch.at, event: halt }]);
  }

  function flushBacklog(): void {
    while (backlog.length > 0) {
      const [oldest, ...rest] = backlog;
      try {
        if (oldest !== undefined) journal.commit(oldest);
      } catch (cause) {
        // A halt that could not be written was overtaken by one that was: it would hold up all that comes after it.
        if (!isRefusedChange(cause)) {
          lastFailure = cause;
          return;
        }
      }
      backlog = rest;
    }
  }

  function dispatch(stamped: readonly StampedEvent[]): void {
    lastSequence = Math.max(lastSequence, stamped.at(-1)?.sequence ?? 0);
    store.dispatch(tradingAdvanced(stamped));
    const events = stamped.map(({ event }) => event);
    for (const listener of listeners) listener(events);
  }

  return {
    publish,
    retryWrites: flushBacklog,
    get unwritten() {
      return backlog.length;
    },
    onAnomaly: (listener) => {
      anomalyListeners.push(listener);
    },
    onPublished: (listener) => {
      listeners.push(listener);
    },
  };
}

function isHalt(events: readonly DomainEvent[]): boolean {
  return events.every((event) => event.type === "trading-state-changed" && event.state.kind === "halted");
}

/** The store is sound and says no: something at least as strict stands. */
function isRefusedChange(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === "TRADING_STATE_STANDS";
}

interface Prepared {
  readonly batch: JournalBatch;
  /** Told again unchanged: nothing to write down, but they hold at a later time. */
  readonly confirmed: readonly Balance[];
  readonly anomalies: readonly string[];
}

/** Works out, without touching anything, what the events change and which of them say nothing new. */
function prepare(ledger: TradingLedger, events: readonly DomainEvent[], at: number): Prepared {
  const kept: DomainEvent[] = [];
  const confirmed: Balance[] = [];
  const orders = new Map<string, Order>();
  const fills: JournalBatch["fills"][number][] = [];
  const protections = new Map<string, Protection>();
  const anomalies: string[] = [];
  let current = ledger;
  for (const event of events) {
    if (saysNothingNew(current, event)) {
      confirmed.push(...balancesOf(event));
      continue;
    }
    const change = applyEvent(current, event, at);
    kept.push(event);
    if (event.type === "anomaly-seen") anomalies.push(event.what);
    if (change.anomaly !== undefined) {
      anomalies.push(change.anomaly);
      const about = "clientOrderId" in event ? { clientOrderId: event.clientOrderId } : {};
      kept.push({ type: "anomaly-seen", what: change.anomaly, ...about });
    }
    for (const order of change.orders) orders.set(order.clientOrderId, order);
    fills.push(...change.fills);
    for (const protection of change.protections) protections.set(protection.protectionId, protection);
    current = change.ledger;
  }
  const changes = [...protections.values()].map((protection): ProtectionChange => {
    const replaces = ledger.protections.get(protection.protectionId)?.version;
    if (replaces !== undefined) return { protection, replaces };
    return { protection, replaces, beside: armedBeside(ledger, protection) };
  });
  return {
    batch: { at, events: kept, orders: [...orders.values()], fills, protections: changes },
    confirmed,
    anomalies,
  };
}

function armedBeside({ protections }: TradingLedger, { symbol }: Protection): readonly string[] {
  return armedAmong(protections.values(), symbol).map(({ protectionId }) => protectionId);
}

function balancesOf(event: DomainEvent): readonly Balance[] {
  if (event.type === "balance-reported") return [event.balance];
  return event.type === "balances-replaced" ? event.balances : [];
}

/** Repeats: a fill we hold, a report or a balance that agrees with what we know. They would only swell the journal. */
function saysNothingNew(ledger: TradingLedger, event: DomainEvent): boolean {
  switch (event.type) {
    case "fill-recorded":
      return ledger.fills.has(event.fill.tradeId);
    case "balance-reported": {
      const held = ledger.balances.get(event.balance.asset);
      return held !== undefined && (held.at > event.balance.at || isSameAmount(held, event.balance));
    }
    case "balances-replaced":
      return (
        ledger.balances.size === event.balances.length &&
        event.balances.every((balance) => {
          const held = ledger.balances.get(balance.asset);
          return held !== undefined && isSameAmount(held, balance);
        })
      );
    case "order-reported": {
      const next = applyEvent(ledger, event, 0);
      const order = next.orders[0];
      const held = order === undefined ? undefined : ledger.orders.get(order.clientOrderId);
      return (
        next.anomaly === undefined &&
        order !== undefined &&
        held?.orderId !== undefined &&
        order.state === held.state &&
        order.orderId === held.orderId &&
        order.reportedQuantity === held.reportedQuantity &&
        missingFills(order) === missingFills(held)
      );
    }
    case "difference-found":
      return ledger.differences.has(differenceKey(event.difference));
    case "difference-settled": {
      const open = ledger.differences.get(differenceKey(event.difference));
      return open?.outcome === event.difference.outcome && open.result === event.difference.result;
    }
    default:
      return false;
  }
}
