import type { CancelProgress } from "../domain/cancel-progress.ts";
import { AppError } from "../domain/errors.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { ClientOrderId, MarketSymbol } from "../domain/identifiers.ts";
import type { Order, OrderReason, OrderReport } from "../domain/order.ts";
import { isResting, isUnproven, isWorking } from "../domain/order.ts";
import { refreshOrder } from "./refresh-order.ts";
import { seekProof } from "./resolve-unknown-order.ts";
import { ORDER_VANISHED } from "./settle-difference.ts";
import type { TradingContext } from "./trading-context.ts";

export interface CancelScope {
  /** One market; every market there is when absent. */
  readonly symbol?: MarketSymbol;
  /** How long to go on asking and looking, ms. */
  readonly timeoutMs: number;
  /** Whether to cancel even where the wish to cannot be written down: for an emergency. */
  readonly evenUnwritten: boolean;
}

export interface CancelReport {
  /** Stood when we began or came to light on the way, and have provably ended: by the cancel, or filled before it. */
  readonly ended: readonly Order[];
  readonly stillOpen: readonly Order[];
  /** Of unknown outcome: they may stand at the exchange, or never have reached it. */
  readonly unproven: readonly Order[];
  /** Why the exchange's list of open orders could not be read the last time; undefined when it was read. */
  readonly unread: OrderReason | undefined;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/**
 * Cancels every open order, also those placed elsewhere, market by market in one request each, and believes nothing but
 * the exchange's own list: asks and looks again until the list is empty and no order is of unknown outcome, or the time
 * is over. Never throws for what the exchange or the network does; the report says what remains.
 * @throws AppError STORAGE_FAILED when a cancel cannot be written down and `evenUnwritten` is not set.
 */
export async function cancelEverything(
  context: TradingContext,
  scope: CancelScope,
  signal: AbortSignal,
  onProgress: (progress: CancelProgress) => void = () => undefined,
): Promise<CancelReport> {
  const { clock } = context;
  const deadline = clock.monotonic() + scope.timeoutMs;
  const working = () =>
    [...context.ledger().orders.values()].filter(
      (order) => isWorking(order) && (scope.symbol === undefined || order.symbol === scope.symbol),
    );
  context.recallWorking();
  const seen = new Set<ClientOrderId>();
  let unread: OrderReason | undefined;
  // What we know of is asked for before anything is read: seconds count.
  let symbols = symbolsOf(working());
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    for (const order of working()) seen.add(order.clientOrderId);
    await Promise.all([...symbols].map((symbol) => cancelMarket(context, symbol, scope, signal)));
    const reading = await readOpenOrders(context, scope.symbol, signal);
    unread = reading.unread;
    if (unread === undefined) await proveEnds(context, working(), reading.listed, signal);
    for (const order of working()) seen.add(order.clientOrderId);
    if (unread === undefined && working().length === 0) break;
    onProgress({
      open: working().filter(isResting).length,
      unproven: working().filter(isUnproven).length,
      isListRead: unread === undefined,
    });
    if (signal.aborted || clock.monotonic() + waitMs > deadline) break;
    try {
      await clock.sleep(waitMs, signal);
    } catch {
      break;
    }
    symbols = symbolsOf(working());
  }
  const all = [...seen].flatMap((id) => context.recall(id) ?? []);
  return {
    ended: all.filter((order) => !isWorking(order)),
    stillOpen: all.filter(isResting),
    unproven: all.filter(isUnproven),
    unread,
  };
}

function symbolsOf(orders: readonly Order[]): ReadonlySet<MarketSymbol> {
  return new Set(orders.map((order) => order.symbol));
}

/** One request for all of a market; where the exchange refuses that, one for each order. */
async function cancelMarket(
  context: TradingContext,
  symbol: MarketSymbol,
  scope: CancelScope,
  signal: AbortSignal,
): Promise<void> {
  const orders = [...context.ledger().orders.values()].filter((order) => order.symbol === symbol && isResting(order));
  announce(
    context,
    orders.filter((order) => order.state !== "cancelling"),
    scope,
  );
  const outcome = await context.gateway.cancelOpen(symbol, signal);
  if (outcome.kind === "accepted" || outcome.kind === "order-not-known") {
    tellAll(context, orders, (clientOrderId) => ({ type: "cancel-accepted", clientOrderId }));
    return;
  }
  const { reason } = outcome;
  if (outcome.kind === "unknown") {
    tellAll(context, orders, (clientOrderId) => ({ type: "cancel-outcome-unknown", clientOrderId, reason }));
  } else if (outcome.kind === "not-sent") {
    tellAll(context, orders, (clientOrderId) => ({ type: "cancel-rejected", clientOrderId, reason }));
  } else {
    await Promise.all(orders.map((order) => cancelAlone(context, order, signal)));
  }
}

function announce(context: TradingContext, orders: readonly Order[], scope: CancelScope): void {
  if (orders.length === 0) return;
  try {
    context.publish(orders.map(({ clientOrderId }) => ({ type: "cancel-intended", clientOrderId })));
  } catch (cause) {
    if (!(cause instanceof AppError) || !scope.evenUnwritten) throw cause;
  }
}

async function cancelAlone(context: TradingContext, order: Order, signal: AbortSignal): Promise<void> {
  const { clientOrderId, orderId, symbol } = order;
  if (orderId === undefined) return;
  const outcome = await context.gateway.cancel({ symbol, orderId }, signal);
  tellAll(context, [order], () => {
    switch (outcome.kind) {
      case "accepted":
        return { type: "cancel-accepted", clientOrderId };
      case "order-not-known":
      case "unknown":
        return { type: "cancel-outcome-unknown", clientOrderId, reason: outcome.reason };
      case "rejected":
      case "not-sent":
        return { type: "cancel-rejected", clientOrderId, reason: outcome.reason };
    }
  });
}

/** What has ended meanwhile needs no word of its cancel. */
function tellAll(context: TradingContext, orders: readonly Order[], eventOf: (id: ClientOrderId) => DomainEvent): void {
  const events = orders
    .filter(({ clientOrderId }) => {
      const order = context.recall(clientOrderId);
      return order !== undefined && isResting(order);
    })
    .map(({ clientOrderId }) => eventOf(clientOrderId));
  if (events.length > 0) context.publish(events);
}

interface OpenOrdersReading {
  readonly listed: ReadonlySet<ClientOrderId>;
  readonly unread: OrderReason | undefined;
}

/** Reads the exchange's list. One with a row that makes no sense proves nothing, and yet says what else there is. */
async function readOpenOrders(
  context: TradingContext,
  symbol: MarketSymbol | undefined,
  signal: AbortSignal,
): Promise<OpenOrdersReading> {
  const read = (as: "news" | "evidence") => context.accountData.fetchOpenOrders(symbol, signal, as);
  try {
    return { listed: hold(context, await read("evidence")), unread: undefined };
  } catch (cause) {
    if (!signal.aborted && !(cause instanceof AppError)) throw cause;
    const unread = cause instanceof AppError ? { code: cause.code, message: cause.message } : INTERRUPTED;
    const listed = unread.code === UNREADABLE ? await read("news").catch(() => []) : [];
    return { listed: hold(context, listed), unread };
  }
}

const INTERRUPTED: OrderReason = { code: "INTERRUPTED", message: "It was interrupted." };
const UNREADABLE = "EXCHANGE_ANSWER_UNREADABLE";

function hold(context: TradingContext, reports: readonly OrderReport[]): ReadonlySet<ClientOrderId> {
  const events = reports.map((report): DomainEvent => {
    return { type: "order-reported", clientOrderId: context.keyOf(report), report, source: "query" };
  });
  if (events.length > 0) context.publish(events);
  return new Set(reports.map((report) => context.keyOf(report)));
}

/** From so many orders of one market on, its list is asked instead of each order: their queries would wait in line. */
const LIST_FROM = 3;
/** The exchange rounds the times of orders. */
const LIST_MARGIN_MS = 60_000;

/** Whatever we hold as working and the exchange does not list is looked up: it has ended, or its outcome is unknown. */
async function proveEnds(
  context: TradingContext,
  orders: readonly Order[],
  listed: ReadonlySet<ClientOrderId>,
  signal: AbortSignal,
): Promise<void> {
  const missing = orders.filter((order) => !listed.has(order.clientOrderId));
  for (const symbol of symbolsOf(missing)) {
    const here = missing.filter((order) => order.symbol === symbol);
    if (here.length >= LIST_FROM) await reportAll(context, symbol, here, signal);
    for (const { clientOrderId } of here) await proveEnd(context, clientOrderId, signal);
  }
}

async function reportAll(
  context: TradingContext,
  symbol: MarketSymbol,
  orders: readonly Order[],
  signal: AbortSignal,
): Promise<void> {
  const since = Math.min(...orders.map((order) => order.createdAt)) - LIST_MARGIN_MS;
  try {
    const reports = await context.accountData.fetchOrders({ symbol, since }, signal);
    const wanted = new Set(orders.map((order) => order.clientOrderId));
    const events = reports
      .map((report) => ({ clientOrderId: context.keyOf(report), report }))
      .filter(({ clientOrderId }) => wanted.has(clientOrderId))
      .map(({ clientOrderId, report }): DomainEvent => {
        return { type: "order-reported", clientOrderId, report, source: "query" };
      });
    if (events.length > 0) context.publish(events);
  } catch (cause) {
    if (!signal.aborted && !(cause instanceof AppError)) throw cause;
  }
}

async function proveEnd(context: TradingContext, clientOrderId: ClientOrderId, signal: AbortSignal): Promise<void> {
  const order = context.recall(clientOrderId);
  if (order === undefined || !isWorking(order)) return;
  try {
    if (isUnproven(order)) await seekProof(context, clientOrderId, signal);
    else if ((await refreshOrder(context, clientOrderId, signal)) === "not-found") {
      context.publish([{ type: "order-vanished", clientOrderId, reason: ORDER_VANISHED }]);
    }
  } catch (cause) {
    // No answer proves nothing; the next round asks again.
    if (!signal.aborted && !(cause instanceof AppError)) throw cause;
  }
}
