import type { DomainEvent } from "../../core/domain/events.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { ClientOrderId, OrderId, Timestamp } from "../../core/domain/identifiers.ts";
import { ENDED_ORDERS_HELD } from "../../core/domain/ledger-rows.ts";
import type { Order } from "../../core/domain/order.ts";
import { isUnproven, isWorking } from "../../core/domain/order.ts";
import { LONGEST_UNTOLD_MS } from "../../core/domain/risk-account.ts";
import { keyFor, ledgerFromRows } from "../../core/domain/trading-ledger.ts";
import type { StoreMark } from "../../core/ports/journal.ts";
import type { FillStore, OrderStore, ProtectionStore, TradingStateStore } from "../../core/ports/stores.ts";
import type { AppStore } from "../store/create-store.ts";
import {
  endedForgotten,
  heldStateRead,
  ledgerRestored,
  protectionsRead,
  rowsRecalled,
} from "../store/trading-slice.ts";

/**
 * Keeps the ledger small: what may still have to be acted on is in memory, the rest in the store alone. Whatever is said
 * of an order that is not in memory brings it back first, with its fills; another process may have written it, too.
 */
export interface LedgerMemory {
  /** Puts what has to be held into an empty ledger. */
  restore(): void;
  /** The order as it is held, here or in the store; then it is in memory. */
  recall(clientOrderId: ClientOrderId): Order | undefined;
  /** The key a report or a fill belongs under, after whatever the store knows of it was brought back. */
  keyOf(seen: { readonly orderId: OrderId; readonly clientOrderId?: ClientOrderId }): ClientOrderId;
  /** Whether a fill needs no telling: it is held, or stored with an order that is not. */
  isKnownFill(fill: Fill): boolean;
  /** Everything that may still trade, what other processes have begun included; then it is in memory. */
  recallWorking(): readonly Order[];
  /** Takes over what other processes have done of late. @returns the mark of the store it was read from. */
  adoptOrders(): StoreMark;
  /** Takes over the trading state as any process has set it. @returns whether it was another one. */
  adoptState(): boolean;
  /** Takes over the protections as any process has changed them. */
  adoptProtections(): void;
  /** Brings back what an event speaks of. */
  recallFor(event: DomainEvent): void;
  /** Lets go of ended orders when enough have come together. */
  trim(): void;
}

export interface LedgerMemoryParts {
  readonly store: AppStore;
  readonly orders: Pick<OrderStore, "find" | "heads" | "listForMemory">;
  readonly mark: () => StoreMark;
  readonly now: () => Timestamp;
  readonly fills: Pick<FillStore, "ofOrders" | "has">;
  readonly protections: ProtectionStore;
  readonly tradingState: TradingStateStore;
  /** Whether something that happened is in memory only: then a stored row may be behind, and nothing may be dropped. */
  readonly isAhead: () => boolean;
}

/** Letting go costs a pass over all that is held, so it waits until it is worth it. */
const TRIM_AFTER = 100;

export function createLedgerMemory(parts: LedgerMemoryParts): LedgerMemory {
  const { store, orders, fills } = parts;
  const ledger = () => store.getState().trading;
  let heldAfterTrim = 0;
  /** The store that was last taken over from: while it bears this mark, nobody else has written. */
  let adoptedAt: StoreMark | undefined;

  function bringBack(...stored: readonly Order[]): void {
    const isAhead = parts.isAhead();
    const wanted = stored.filter((order) => !isAhead || !ledger().orders.has(order.clientOrderId));
    const ids = wanted.flatMap((order) => (order.orderId === undefined ? [] : [order.orderId]));
    const its = ids.length === 0 ? [] : fills.ofOrders(ids);
    if (wanted.length > 0) store.dispatch(rowsRecalled({ orders: wanted, fills: its }));
  }

  function adoptOrders(): StoreMark {
    // Before the reading: what is written in between is read twice rather than missed.
    const mark = parts.mark();
    if (mark === adoptedAt) return mark;
    // What ended before is in the balances by now, and counts for no limit.
    const heads = orders.heads(parts.now() - LONGEST_UNTOLD_MS);
    const held = ledger().orders;
    const named = new Set(heads.map(({ clientOrderId }) => clientOrderId));
    const differing = heads.filter(({ clientOrderId, state, updatedAt }) => {
      const here = held.get(clientOrderId);
      return here?.state !== state || here.updatedAt !== updatedAt;
    });
    // What may still trade as far as we know, and is not among those of the store, has ended there.
    const ended = [...held.values()].filter((order) => isWorking(order) && !named.has(order.clientOrderId));
    bringBack(...[...differing, ...ended].flatMap(({ clientOrderId }) => orders.find({ clientOrderId }) ?? []));
    // What is held here and not on disk was left as it is: it has to be looked at once more.
    adoptedAt = parts.isAhead() ? undefined : mark;
    return mark;
  }

  function recallSeen(orderId: OrderId, clientOrderId: ClientOrderId | undefined): void {
    if (ledger().keyByOrderId.has(orderId)) return;
    const isOpenKey = clientOrderId !== undefined && !ledger().orders.has(clientOrderId);
    const stored = orders.find({ orderId }) ?? (isOpenKey ? orders.find({ clientOrderId }) : undefined);
    if (stored !== undefined) bringBack(stored);
    // Fills can be stored before the first word of their order; the order, when it comes, has to know of them.
    if (stored?.orderId === orderId) return;
    const its = fills.ofOrders([orderId]);
    if (its.length > 0) store.dispatch(rowsRecalled({ orders: [], fills: its }));
  }

  function recall(clientOrderId: ClientOrderId): Order | undefined {
    if (!ledger().orders.has(clientOrderId)) {
      const stored = orders.find({ clientOrderId });
      if (stored !== undefined) bringBack(stored);
    }
    return ledger().orders.get(clientOrderId);
  }

  function recallFill(fill: Fill): void {
    if (ledger().fills.has(fill.tradeId) || !fills.has(fill)) return;
    const stored = orders.find({ orderId: fill.orderId });
    if (stored === undefined) store.dispatch(rowsRecalled({ orders: [], fills: [fill] }));
    else bringBack(stored);
  }

  return {
    restore() {
      const held = orders.listForMemory(ENDED_ORDERS_HELD);
      const ids = held.flatMap((order) => (order.orderId === undefined ? [] : [order.orderId]));
      store.dispatch(
        ledgerRestored(
          ledgerFromRows(held, fills.ofOrders(ids), parts.protections.list({}), parts.tradingState.read().state),
        ),
      );
      heldAfterTrim = held.length;
    },
    recall,
    keyOf(seen) {
      recallSeen(seen.orderId, seen.clientOrderId);
      return keyFor(ledger(), seen);
    },
    isKnownFill: (fill) =>
      ledger().fills.has(fill.tradeId) || (!ledger().keyByOrderId.has(fill.orderId) && fills.has(fill)),
    recallWorking() {
      adoptOrders();
      // A person's word given in another process proves nothing that would come to light here by itself.
      for (const { clientOrderId } of [...ledger().orders.values()].filter(isUnproven)) {
        const stored = orders.find({ clientOrderId });
        if (stored?.state === "written-off") bringBack(stored);
      }
      return [...ledger().orders.values()].filter(isWorking);
    },
    adoptOrders,
    adoptState() {
      // A halt because of a disk that takes no writes is known to this process alone.
      if (parts.isAhead()) return false;
      const stored = parts.tradingState.read().state;
      const { heldState } = ledger();
      if (stored.kind === heldState.kind && stored.reason === heldState.reason) return false;
      store.dispatch(heldStateRead(stored));
      return true;
    },
    adoptProtections() {
      // What is not on disk yet knows more than the disk.
      if (parts.isAhead()) return;
      const held = ledger().protections;
      const armed = parts.protections.list({ armed: true });
      const ids = new Set(armed.map(({ protectionId }) => protectionId));
      const ended = [...held.values()].flatMap(({ protectionId, state }) =>
        state === "armed" && !ids.has(protectionId) ? (parts.protections.find(protectionId) ?? []) : [],
      );
      const changed = [...armed, ...ended].filter((one) => held.get(one.protectionId)?.version !== one.version);
      if (changed.length > 0) store.dispatch(protectionsRead(changed));
    },
    recallFor(event) {
      if (event.type === "order-reported") recallSeen(event.report.orderId, event.clientOrderId);
      else if (event.type === "fill-recorded") {
        recallSeen(event.fill.orderId, event.clientOrderId);
        recallFill(event.fill);
      }
      // An intent names an order that is new; the journal makes sure of it.
      else if (event.type !== "order-intended" && "clientOrderId" in event && event.clientOrderId !== undefined)
        recall(event.clientOrderId);
    },
    trim() {
      if (parts.isAhead() || ledger().orders.size < heldAfterTrim + TRIM_AFTER) return;
      store.dispatch(endedForgotten());
      heldAfterTrim = ledger().orders.size;
    },
  };
}
