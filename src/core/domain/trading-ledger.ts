import type { Balance } from "./balance.ts";
import type { DomainEvent, StopLoss } from "./events.ts";
import type { Fill } from "./fill.ts";
import type { Asset, ClientOrderId, OrderId, Timestamp, TradeId } from "./identifiers.ts";
import { clientOrderId } from "./identifiers.ts";
import type { Order } from "./order.ts";
import { applyFillToOrder, applyOrderEvent, orderFromIntent, orderFromReport } from "./order-lifecycle.ts";
import type { TradingState } from "./trading-state.ts";

export type StopState = "armed" | "fired" | "disarmed";
export interface StopRecord {
  readonly stop: StopLoss;
  readonly state: StopState;
  readonly exitOrderId?: ClientOrderId;
}

/** All we hold to be true about one account. Rebuilt from the store at start; afterwards changed by events alone. */
export interface TradingLedger {
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  readonly keyByOrderId: ReadonlyMap<OrderId, ClientOrderId>;
  readonly fills: ReadonlyMap<TradeId, Fill>;
  readonly balances: ReadonlyMap<Asset, Balance>;
  readonly stops: ReadonlyMap<string, StopRecord>;
  readonly tradingState: TradingState;
}

/** What one event changed, for the store to write beside the event itself. */
export interface LedgerChange {
  readonly ledger: TradingLedger;
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly stops: readonly StopRecord[];
  readonly anomaly?: string;
}

export const EMPTY_LEDGER: TradingLedger = {
  orders: new Map(),
  keyByOrderId: new Map(),
  fills: new Map(),
  balances: new Map(),
  stops: new Map(),
  tradingState: { kind: "locked", reason: "not reconciled with the exchange yet" },
};

/** Puts stored rows back; the trading state starts locked until a reconcile has run. */
export function ledgerFromRows(
  orders: readonly Order[],
  fills: readonly Fill[],
  stops: readonly StopRecord[],
): TradingLedger {
  return {
    ...EMPTY_LEDGER,
    orders: new Map(orders.map((order) => [order.clientOrderId, order])),
    keyByOrderId: new Map(
      orders.flatMap((order) => (order.orderId === undefined ? [] : [[order.orderId, order.clientOrderId]])),
    ),
    fills: new Map(fills.map((fill) => [fill.tradeId, fill])),
    stops: new Map(stops.map((record) => [record.stop.protectionId, record])),
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

/** Where word of an order goes that was asked for, or pushed, under a key: elsewhere when the key holds another order. */
function keyUnder(ledger: TradingLedger, key: ClientOrderId, orderId: OrderId): ClientOrderId {
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
    case "order-absent":
    case "order-vanished":
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
      return unchanged({ ...ledger, tradingState: event.state });
    case "stop-armed":
      return withStop(ledger, { stop: event.stop, state: "armed" });
    case "stop-fired":
      return endStop(ledger, event.protectionId, "fired", event.exitOrderId);
    case "stop-disarmed":
      return endStop(ledger, event.protectionId, "disarmed");
    case "reconcile-finished":
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
    stops: [],
    ...(anomaly === undefined ? {} : { anomaly }),
  };
}

function withStop(ledger: TradingLedger, record: StopRecord): LedgerChange {
  const stops = new Map(ledger.stops).set(record.stop.protectionId, record);
  return { ledger: { ...ledger, stops }, orders: [], fills: [], stops: [record] };
}

/** A stop ends once; a second end is odd and changes nothing. */
function endStop(
  ledger: TradingLedger,
  protectionId: string,
  state: "fired" | "disarmed",
  exitOrderId?: ClientOrderId,
): LedgerChange {
  const record = ledger.stops.get(protectionId);
  if (record?.state !== "armed") return unchanged(ledger, `stop ${protectionId} ended as ${state}, but is not armed`);
  return withStop(ledger, { ...record, state, ...(exitOrderId === undefined ? {} : { exitOrderId }) });
}

function unchanged(ledger: TradingLedger, anomaly?: string): LedgerChange {
  return { ledger, orders: [], fills: [], stops: [], ...(anomaly === undefined ? {} : { anomaly }) };
}
