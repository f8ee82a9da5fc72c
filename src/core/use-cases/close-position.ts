import type { ClosePlan, ClosePlanResult, WantedClose } from "../domain/closing/plan-close.ts";
import { planClose, protectionsOnceSold } from "../domain/closing/plan-close.ts";
import type { StandingProtection } from "../domain/closing/protections-after-sale.ts";
import { AppError } from "../domain/errors.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { IntendedAt } from "../domain/execution-order.ts";
import type { FeeTerms } from "../domain/fee-terms.ts";
import type { Fill } from "../domain/fill.ts";
import type { Timestamp } from "../domain/identifiers.ts";
import { add, ZERO_QUANTITY } from "../domain/money.ts";
import type { Order, OrderDraft } from "../domain/order.ts";
import { isWorking } from "../domain/order.ts";
import { executedQuantity, missingFills } from "../domain/order-execution.ts";
import type { KnownBook } from "../domain/plan-execution.ts";
import { positionFromFills } from "../domain/position.ts";
import type { Protection } from "../domain/protection.ts";
import { armedAmong, exitsOf, namedOrders } from "../domain/protection.ts";
import type { Denial } from "../domain/risk-request.ts";
import { awaitOrder } from "./await-order.ts";
import { cancelOrder } from "./cancel-order.ts";
import { disarmProtection } from "./disarm-protection.ts";
import type { PlaceOrderOptions, PlaceOrderResult } from "./place-order.ts";
import { reconcileAccount } from "./reconcile-account.ts";
import type { TradingContext } from "./trading-context.ts";

/** What the store and the market know that the ledger does not. */
export interface CloseSight {
  /** Every fill of the market that is stored. */
  readonly fills: readonly Fill[];
  readonly intendedAt: IntendedAt;
  readonly book: KnownBook;
  /** When the book was asked for, by our clock. */
  readonly seenAt: Timestamp;
  readonly terms?: FeeTerms;
}

export interface CloseTools {
  readonly look: (signal: AbortSignal) => Promise<CloseSight>;
  readonly place: (draft: OrderDraft, signal: AbortSignal, options: PlaceOrderOptions) => Promise<PlaceOrderResult>;
}

export type CloseResult =
  /** Nothing was sold. What had to be cancelled first is: `cancelled`. */
  | { readonly kind: "denied"; readonly denials: readonly Denial[]; readonly cancelled: readonly Order[] }
  /** Nothing was sold, as these orders may still trade. */
  | { readonly kind: "cancel-unproven"; readonly open: readonly Order[] }
  /** The order was placed; look at its state. */
  | {
      readonly kind: "placed";
      /** As it was when the order left. */
      readonly plan: ClosePlan;
      readonly order: Order;
      /** Taken away with the proof that all was sold. */
      readonly disarmed: readonly Protection[];
      readonly standing: readonly StandingProtection[];
    };

/** What the journal says when another process was first. */
const CHANGED: ReadonlySet<string> = new Set(["PROTECTION_CHANGED", "POSITION_CHANGED"]);
/** The fills of an order that was told to have traded follow within this time; later they are a hole, and stay one, ms. */
const FILLS_TRAIL_MS = 60_000;
const CANCEL_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 10_000;
/** After this long a request can no longer be taken, so that a look may prove that it never was. */
const OUTCOME_TIMEOUT_MS = 20_000;

/** What closing would do at this moment; does nothing. @throws AppError when the market's rules cannot be read. */
export async function planClosing(
  context: TradingContext,
  wanted: WantedClose,
  sight: CloseSight,
  signal: AbortSignal,
): Promise<ClosePlanResult> {
  const { symbol } = wanted;
  const instrument = await context.instrument(symbol, signal);
  context.recallWorking();
  context.adoptProtections();
  const ofMarket = [...context.ledger().protections.values()].filter((one) => one.symbol === symbol);
  const protections = armedAmong(ofMarket).sort((left, right) => left.createdAt - right.createdAt);
  for (const id of protections.flatMap(namedOrders)) context.recall(id);
  const ledger = context.ledger();
  const nothing = { asset: instrument.base, free: ZERO_QUANTITY, locked: ZERO_QUANTITY, at: context.clock.now() };
  const sales = [...ledger.orders.values()].filter((order) => order.symbol === symbol && order.side === "sell");
  const untold = sales.filter((order) => isWorking(order) || context.clock.now() - order.updatedAt < FILLS_TRAIL_MS);
  return planClose(wanted, {
    instrument,
    untoldSales: untold.reduce((sum, order) => add(sum, missingFills(order)), ZERO_QUANTITY),
    exits: new Set(ofMarket.flatMap(exitsOf)),
    position: positionFromFills(instrument, sight.fills, "fifo", sight.intendedAt).quantity,
    balance: ledger.lock === undefined ? (ledger.balances.get(instrument.base) ?? nothing) : undefined,
    orders: ledger.orders,
    working: [...ledger.orders.values()].filter((order) => order.symbol === symbol && isWorking(order)),
    protections,
    ...sight,
  });
}

/**
 * Sells what a plan showed and no more: ends the orders that are in the way, waits for the proof, plans anew from what
 * they left, sells once, and takes the protections of what was sold away when all of it provably is. After any other end
 * they stay armed, for what is left.
 *
 * The intent, and what it takes of which protections, are one commit. It is refused when a stop or another close was
 * first, so that the same base is never sold twice.
 * @throws AppError when the exchange cannot be read before the sale, STORAGE_FAILED when the sale could not be written;
 * then nothing was sold.
 */
export async function closePosition(
  context: TradingContext,
  planned: ClosePlan,
  tools: CloseTools,
  signal: AbortSignal,
): Promise<CloseResult> {
  const open = await endOrders(context, planned.cancels, signal);
  if (open.length > 0) return { kind: "cancel-unproven", open };
  if (planned.cancels.length > 0) await reconcileAccount(context, signal);
  const wanted = { ...planned.wanted, cancelsOrders: false, atMost: planned.quantity };
  const again = await planClosing(context, wanted, await tools.look(signal), signal);
  if (again.kind === "denied") return { ...again, cancelled: planned.cancels };
  const { plan } = again;
  const placed = await placeClosing(context, plan, tools, signal);
  if (placed.kind === "denied") return { ...placed, cancelled: planned.cancels };

  const { clientOrderId } = placed.order;
  let order = await awaitOrder(context, clientOrderId, "outcome", OUTCOME_TIMEOUT_MS, signal);
  if (plan.order.draft.type === "market")
    order = await awaitOrder(context, clientOrderId, "end", END_TIMEOUT_MS, signal);
  if (order.state !== "filled") {
    const standing = plan.facts.protections.map((protection) => ({ protection, why: "not all of it is sold" }));
    return { kind: "placed", plan, order, disarmed: [], standing };
  }
  return { kind: "placed", plan, order, ...disarmSold(context, plan, order) };
}

/** @returns denied, too, when the market has changed between the plan and the commit. */
async function placeClosing(
  context: TradingContext,
  { order, claims, facts, instrument: { symbol } }: ClosePlan,
  tools: CloseTools,
  signal: AbortSignal,
): Promise<PlaceOrderResult> {
  const closeOrderId = context.ids.clientOrderId();
  const sales = [...facts.orders.values()].filter((one) => one.symbol === symbol && one.side === "sell");
  const reckoned = {
    symbol,
    sales: [closeOrderId, ...sales.map(({ clientOrderId }) => clientOrderId)],
    soldFills: facts.fills.filter(({ side }) => side === "sell").length,
    beside: facts.protections.map(({ protectionId }) => protectionId),
    takes: claims.map(({ protection: { protectionId, version } }) => ({ protectionId, version })),
  };
  const together = claims.map(({ protection: { protectionId }, takes }): DomainEvent => {
    return { type: "close-attempted", protectionId, sale: { closeOrderId, ...takes } };
  });
  try {
    const draft = { ...order.draft, clientOrderId: closeOrderId };
    return await tools.place(draft, signal, { together, fence: { reckoned } });
  } catch (cause) {
    if (!(cause instanceof AppError) || !CHANGED.has(cause.code)) throw cause;
    const { code, message, hint = "Look with `tapedeck position ls`, then close again." } = cause;
    return { kind: "denied", denials: [{ code, message, hint }] };
  }
}

/** @returns those that may still trade. */
async function endOrders(
  context: TradingContext,
  orders: readonly Order[],
  signal: AbortSignal,
): Promise<readonly Order[]> {
  for (const { clientOrderId } of orders) await cancelOrder(context, clientOrderId, signal);
  const ends: Order[] = [];
  for (const { clientOrderId } of orders)
    ends.push(await awaitOrder(context, clientOrderId, "end", CANCEL_TIMEOUT_MS, signal));
  return ends.filter(isWorking);
}

/** The sale stands whatever happens to them. A guardian may take them away at the same moment, which is as good. */
function disarmSold(context: TradingContext, plan: ClosePlan, order: Order) {
  const { clientOrderId } = order;
  const { over, standing } = protectionsOnceSold(plan.facts, [], executedQuantity(order));
  const disarmed: Protection[] = [];
  const left: StandingProtection[] = [...standing];
  for (const protection of over) {
    try {
      const ended = endedBy(context, protection, `the position was closed by order ${clientOrderId}`);
      if (ended !== undefined) disarmed.push(ended);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      left.push({ protection, why: cause.message });
    }
  }
  return { disarmed, standing: left };
}

/**
 * As it is once it has ended. A guardian may have been first, or have moved its stop a moment ago: then it is read anew.
 * @returns undefined for one that nobody knows any more
 */
function endedBy(context: TradingContext, { protectionId }: Protection, why: string): Protection | undefined {
  for (;;) {
    const { version } = context.ledger().protections.get(protectionId) ?? {};
    try {
      const result = disarmProtection(context, protectionId, why);
      return result.kind === "not-found" ? undefined : result.protection;
    } catch (cause) {
      context.adoptProtections();
      const isNewer = context.ledger().protections.get(protectionId)?.version !== version;
      if (!(cause instanceof AppError) || cause.code !== "PROTECTION_CHANGED" || !isNewer) throw cause;
    }
  }
}
