import type { ClosePlan, ClosePlanResult, WantedClose } from "../domain/closing/plan-close.ts";
import { afterSale, planClose } from "../domain/closing/plan-close.ts";
import type { StandingProtection } from "../domain/closing/protections-after-sale.ts";
import { AppError } from "../domain/errors.ts";
import type { IntendedAt } from "../domain/execution-order.ts";
import type { FeeTerms } from "../domain/fee-terms.ts";
import type { Fill } from "../domain/fill.ts";
import type { Timestamp } from "../domain/identifiers.ts";
import { ZERO_QUANTITY } from "../domain/money.ts";
import type { Order, OrderDraft } from "../domain/order.ts";
import { isWorking } from "../domain/order.ts";
import { executedQuantity } from "../domain/order-execution.ts";
import type { KnownBook } from "../domain/plan-execution.ts";
import { positionFromFills } from "../domain/position.ts";
import type { Protection } from "../domain/protection.ts";
import { armedAmong, namedOrders } from "../domain/protection.ts";
import type { Denial } from "../domain/risk-request.ts";
import { awaitOrder } from "./await-order.ts";
import { cancelOrder } from "./cancel-order.ts";
import { disarmProtection } from "./disarm-protection.ts";
import type { PlaceOrderResult } from "./place-order.ts";
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
  readonly place: (draft: OrderDraft, signal: AbortSignal) => Promise<PlaceOrderResult>;
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
  const protections = armedAmong(context.ledger().protections.values(), symbol).sort(
    (left, right) => left.createdAt - right.createdAt,
  );
  for (const id of protections.flatMap(namedOrders)) context.recall(id);
  const ledger = context.ledger();
  const nothing = { asset: instrument.base, free: ZERO_QUANTITY, locked: ZERO_QUANTITY, at: context.clock.now() };
  return planClose(wanted, {
    instrument,
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
 * they left, sells once, and takes the protections of what was sold away when all of it provably is. Any other end
 * leaves them armed.
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
  const placed = await tools.place(plan.order.draft, signal);
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

/** The sale stands whatever happens to them: what a guardian changes at the same moment stays armed and is told. */
function disarmSold(context: TradingContext, plan: ClosePlan, order: Order) {
  const { clientOrderId } = order;
  const { over, standing } = afterSale(plan.facts, [], executedQuantity(order));
  const disarmed: Protection[] = [];
  const left: StandingProtection[] = [...standing];
  for (const protection of over) {
    try {
      const why = `the position was closed by order ${clientOrderId}`;
      const result = disarmProtection(context, protection.protectionId, why);
      if (result.kind === "disarmed") disarmed.push(result.protection);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      left.push({ protection, why: cause.message });
    }
  }
  return { disarmed, standing: left };
}
