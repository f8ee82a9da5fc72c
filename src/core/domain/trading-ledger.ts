import type { Balance } from "./balance.ts";
import { isSameAmount } from "./balance.ts";
import type { SettledDifference } from "./difference.ts";
import { applySettled } from "./difference.ts";
import type { DomainEvent } from "./events.ts";
import type { Fill } from "./fill.ts";
import type { Asset, ClientOrderId, OrderId, Timestamp, TradeId } from "./identifiers.ts";
import { clientOrderId } from "./identifiers.ts";
import type { Order } from "./order.ts";
import { applyFillToOrder, applyOrderEvent, orderFromIntent, orderFromReport } from "./order-lifecycle.ts";
import type { Protection } from "./protection.ts";
import { applyProtectionEvent } from "./protection-events.ts";
import type { HeldState, TradingState } from "./trading-state.ts";
import { ACTIVE, effectiveState } from "./trading-state.ts";

/**
 * What we hold to be true about one account and may still have to act on. Events alone change it. Ended orders beyond the
 * latest, and their fills, are in the store alone, and come back when something is said of them.
 */
export interface TradingLedger {
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  readonly keyByOrderId: ReadonlyMap<OrderId, ClientOrderId>;
  readonly fills: ReadonlyMap<TradeId, Fill>;
  readonly balances: ReadonlyMap<Asset, Balance>;
  readonly protections: ReadonlyMap<string, Protection>;
  /** Where the exchange's record and ours still differ, by `differenceKey`; found anew by each process. */
  readonly differences: ReadonlyMap<string, SettledDifference>;
  /** As the store keeps it. */
  readonly heldState: HeldState;
  /** Why this process may not trade yet; undefined once it has reconciled. */
  readonly lock: string | undefined;
  /** The two together: what the risk rules go by. */
  readonly tradingState: TradingState;
}

/** What one event changed, for the store to write beside the event itself. */
export interface LedgerChange {
  readonly ledger: TradingLedger;
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly protections: readonly Protection[];
  readonly anomaly?: string;
}

const NOT_RECONCILED = "not reconciled with the exchange yet";

export const EMPTY_LEDGER: TradingLedger = {
  orders: new Map(),
  keyByOrderId: new Map(),
  fills: new Map(),
  balances: new Map(),
  protections: new Map(),
  differences: new Map(),
  heldState: ACTIVE,
  lock: NOT_RECONCILED,
  tradingState: effectiveState(ACTIVE, NOT_RECONCILED),
};

/** Puts stored rows back; trading starts locked until a reconcile has run. */
export function ledgerFromRows(
  orders: readonly Order[],
  fills: readonly Fill[],
  protections: readonly Protection[],
  heldState: HeldState,
): TradingLedger {
  return {
    ...EMPTY_LEDGER,
    orders: new Map(orders.map((order) => [order.clientOrderId, order])),
    keyByOrderId: new Map(
      orders.flatMap((order) => (order.orderId === undefined ? [] : [[order.orderId, order.clientOrderId]])),
    ),
    fills: new Map(fills.map((fill) => [fill.tradeId, fill])),
    protections: new Map(protections.map((protection) => [protection.protectionId, protection])),
    ...standing(heldState, NOT_RECONCILED),
  };
}

/**
 * The key a report or a fill belongs under: the order we know by the exchange's id, else the client id it names, else
 * a key of our own: for an order that was placed elsewhere, and for a second order under a client id that is taken, as
 * a request delivered twice makes.
 */
export function keyFor(
  ledger: TradingLedger,
  seen: { readonly orderId: OrderId; readonly clientOrderId?: ClientOrderId },
): ClientOrderId {
  const known = ledger.keyByOrderId.get(seen.orderId);
  if (known !== undefined) return known;
  const named = seen.clientOrderId;
  return named === undefined || namesAnother(ledger, named, seen.orderId) ? clientOrderId(`x-${seen.orderId}`) : named;
}

/**
 * Where word of an order goes that was asked for, or pushed, under a key: where we know the order to be, and elsewhere
 * when the key holds another one.
 */
function keyUnder(ledger: TradingLedger, key: ClientOrderId, orderId: OrderId): ClientOrderId {
  const known = ledger.keyByOrderId.get(orderId);
  if (known !== undefined && !ledger.orders.has(key)) return known;
  return namesAnother(ledger, key, orderId) ? keyFor(ledger, { orderId, clientOrderId: key }) : key;
}

function namesAnother(ledger: TradingLedger, key: ClientOrderId, orderId: OrderId): boolean {
  const held = ledger.orders.get(key)?.orderId;
  return held !== undefined && held !== orderId;
}

/** Applies one event. Pure; a fill whose trade id is known changes nothing. */
export function applyEvent(ledger: TradingLedger, event: DomainEvent, at: Timestamp): LedgerChange {
  switch (event.type) {
    case "order-intended":
      return withOrder(ledger, orderFromIntent(event));
    case "order-reported": {
      const key = keyUnder(ledger, event.clientOrderId, event.report.orderId);
      const known = ledger.orders.get(key);
      if (known === undefined) return adopt(ledger, event, key, at);
      const { order, anomaly } = applyOrderEvent(known, event, at);
      return withOrder(ledger, order, anomaly);
    }
    case "order-not-sent":
    case "order-accepted":
    case "order-rejected":
    case "order-outcome-unknown":
    case "order-not-seen":
    case "order-absent":
    case "order-vanished":
    case "order-written-off":
    case "order-adopted":
    case "cancel-intended":
    case "cancel-accepted":
    case "cancel-rejected":
    case "cancel-outcome-unknown": {
      const known = ledger.orders.get(event.clientOrderId);
      if (known === undefined) return unchanged(ledger, `${event.type} for an order nobody knows`);
      const { order, anomaly } = applyOrderEvent(known, event, at);
      return withOrder(ledger, order, anomaly);
    }
    case "fill-recorded":
      return applyFill(ledger, event, at);
    case "balance-reported":
      return applyBalance(ledger, event.balance);
    case "balances-replaced":
      return unchanged({ ...ledger, balances: replaceBalances(ledger, event.balances) });
    case "trading-state-changed":
      return unchanged({ ...ledger, ...standing(event.state, ledger.lock) });
    case "protection-armed":
      return withProtection(ledger, event.protection);
    case "protection-disarmed":
    case "protection-ended":
    case "highest-moved":
    case "stop-moved":
    case "exit-attempted":
    case "close-attempted":
    case "leg-fired":
    case "exit-blocked":
    case "leg-ended":
    case "leg-recovered":
    case "question-asked":
    case "question-answered": {
      const known = ledger.protections.get(event.protectionId);
      if (known === undefined) return unchanged(ledger, `${event.type} for a protection nobody knows`);
      const { protection, anomaly } = applyProtectionEvent(known, event, at);
      return anomaly === undefined ? withProtection(ledger, protection) : unchanged(ledger, anomaly);
    }
    case "difference-found":
    case "archive-hole-found":
    case "balances-explained":
      return unchanged(ledger);
    case "difference-settled":
      return unchanged({ ...ledger, differences: applySettled(ledger.differences, event.difference) });
    case "reconcile-finished":
      return unchanged({ ...ledger, ...standing(ledger.heldState, undefined) });
    case "session-started":
    case "session-ended":
    case "anomaly-seen":
      return unchanged(ledger);
  }
}

/** An order that came to light. That it bears the client id of another order of ours is for a person to know. */
function adopt(
  ledger: TradingLedger,
  event: Extract<DomainEvent, { type: "order-reported" }>,
  key: ClientOrderId,
  at: Timestamp,
): LedgerChange {
  const order = withEarlierFills(ledger, orderFromReport({ ...event, clientOrderId: key }, at), at);
  const named = ledger.orders.get(event.report.clientOrderId ?? event.clientOrderId);
  const isSecond = named?.origin === "own" && named.orderId !== undefined && named.orderId !== order.orderId;
  const anomaly = isSecond
    ? `the exchange holds a second order under the client order id ${named.clientOrderId}; it is shown as ${key}`
    : undefined;
  return withOrder(ledger, order, anomaly);
}

function applyFill(
  ledger: TradingLedger,
  event: Extract<DomainEvent, { type: "fill-recorded" }>,
  at: Timestamp,
): LedgerChange {
  const { fill } = event;
  if (ledger.fills.has(fill.tradeId)) return unchanged(ledger);
  const fills = new Map(ledger.fills).set(fill.tradeId, fill);
  const known = ledger.orders.get(keyUnder(ledger, event.clientOrderId, fill.orderId));
  // A fill can overtake every other word of an order placed elsewhere; it is kept, and the order follows by report.
  if (known === undefined) return { ...unchanged({ ...ledger, fills }), fills: [fill] };
  const { order, anomaly } = applyFillToOrder(known, fill, at);
  return { ...withOrder({ ...ledger, fills }, order, anomaly), fills: [fill] };
}

/** A fill may have overtaken the first report of its order; it counts from then on. */
function withEarlierFills(ledger: TradingLedger, order: Order, at: Timestamp): Order {
  let current = order;
  for (const fill of ledger.fills.values()) {
    if (fill.orderId === order.orderId) current = applyFillToOrder(current, fill, at).order;
  }
  return current;
}

/** Pushes and snapshots race: the newer one by the exchange's clock stays. */
function applyBalance(ledger: TradingLedger, balance: Balance): LedgerChange {
  const held = ledger.balances.get(balance.asset);
  if (held !== undefined && held.at > balance.at) return unchanged(ledger);
  return unchanged({ ...ledger, balances: new Map(ledger.balances).set(balance.asset, balance) });
}

/** Moves the time on at which amounts that were told again are known to hold: our own trades up to then are in them. */
export function confirmBalances(ledger: TradingLedger, told: readonly Balance[]): TradingLedger {
  const later = told.filter((balance) => {
    const held = ledger.balances.get(balance.asset);
    return held !== undefined && held.at < balance.at && isSameAmount(held, balance);
  });
  if (later.length === 0) return ledger;
  const balances = new Map(ledger.balances);
  for (const balance of later) balances.set(balance.asset, balance);
  return { ...ledger, balances };
}

/** A push that is newer than the snapshot outlives it; any other asset the snapshot does not name is empty. */
function replaceBalances(ledger: TradingLedger, snapshot: readonly Balance[]): ReadonlyMap<Asset, Balance> {
  const takenAt = snapshot.reduce((latest, balance) => Math.max(latest, balance.at), 0);
  const newer = [...ledger.balances.values()].filter((held) => held.at > takenAt);
  return new Map([...snapshot, ...newer].map((balance) => [balance.asset, balance]));
}

function withOrder(ledger: TradingLedger, order: Order, anomaly?: string): LedgerChange {
  const orders = new Map(ledger.orders).set(order.clientOrderId, order);
  const keyByOrderId =
    order.orderId === undefined || ledger.keyByOrderId.get(order.orderId) === order.clientOrderId
      ? ledger.keyByOrderId
      : new Map(ledger.keyByOrderId).set(order.orderId, order.clientOrderId);
  return {
    ledger: { ...ledger, orders, keyByOrderId },
    orders: [order],
    fills: [],
    protections: [],
    ...(anomaly === undefined ? {} : { anomaly }),
  };
}

function withProtection(ledger: TradingLedger, protection: Protection): LedgerChange {
  const protections = new Map(ledger.protections).set(protection.protectionId, protection);
  return { ledger: { ...ledger, protections }, orders: [], fills: [], protections: [protection] };
}

/** Takes over the state as it is stored: another process may have set it. */
export function holdState(ledger: TradingLedger, heldState: HeldState): TradingLedger {
  return { ...ledger, ...standing(heldState, ledger.lock) };
}

function standing(heldState: HeldState, lock: string | undefined) {
  return { heldState, lock, tradingState: effectiveState(heldState, lock) };
}

function unchanged(ledger: TradingLedger, anomaly?: string): LedgerChange {
  return { ledger, orders: [], fills: [], protections: [], ...(anomaly === undefined ? {} : { anomaly }) };
}
