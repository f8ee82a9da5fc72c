import { totalOf } from "../balance.ts";
import type { Fill } from "../fill.ts";
import type { ClientOrderId, Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import type { Quantity } from "../money.ts";
import { add, less, maximum, minimum, ZERO_QUANTITY } from "../money.ts";
import type { Order } from "../order.ts";
import { isWorking } from "../order.ts";
import { executedQuantity, missingFills, stillToTrade } from "../order-execution.ts";
import type { Protection, ProtectionLeg } from "../protection.ts";
import { namedOrders } from "../protection.ts";
import type { GuardView } from "./guard-view.ts";

/** Of the base one protection stands for. */
export interface CoveredBase {
  /** In all, what was sold since included. Undefined while the balances it depends on are not known. */
  readonly covered: Quantity | undefined;
  /** By its exits, its linked order, and what closed the position. */
  readonly sold: Quantity;
  /** Undefined where `covered` is. Never below zero. */
  readonly left: Quantity | undefined;
}

/** The part of a view that says what is covered. */
export type CoverageView = Pick<GuardView, "protection" | "orders" | "fills" | "instrument" | "base">;

export function coveredBase(view: CoverageView): CoveredBase {
  const { coverage, linkedOrderId } = view.protection;
  const linked = linkedOrderId === undefined ? undefined : view.orders.get(linkedOrderId);
  const besides = add(executedQuantity(linked), soldByCloses(view));
  const sold = view.protection.legs.reduce((sum, leg) => add(sum, soldBy(view, leg)), besides);
  switch (coverage.kind) {
    case "quantity":
      return { covered: coverage.quantity, sold, left: less(coverage.quantity, sold) };
    case "entry": {
      const covered = boughtBy(view, coverage.clientOrderId);
      return { covered, sold, left: less(covered, sold) };
    }
    case "holding": {
      const left = atMostLeft(view, heldBase(view), sold);
      return { covered: left === undefined ? undefined : add(left, sold), sold, left };
    }
  }
}

/** Of what is held, what a stop that has begun to sell it may still sell: known from our orders, whatever balances say. */
function atMostLeft({ protection }: CoverageView, held: Quantity | undefined, sold: Quantity): Quantity | undefined {
  const [first, ...others] = protection.legs.flatMap(({ ceiling }) => ceiling ?? []);
  if (first === undefined) return held;
  const rest = less(others.reduce(minimum, first), sold);
  if (rest === 0n) return rest;
  return held === undefined ? undefined : minimum(held, rest);
}

/** By all attempts of one leg, as far as the exchange has told. */
export function soldBy({ orders }: Pick<GuardView, "orders">, leg: ProtectionLeg): Quantity {
  return leg.attempts.reduce(
    (sum, { exitOrderId }) => add(sum, executedQuantity(orders.get(exitOrderId))),
    ZERO_QUANTITY,
  );
}

/** By the sales that closed the position: of what they executed, the part that is this protection's. */
export function soldByCloses({ orders, protection }: Pick<GuardView, "orders" | "protection">): Quantity {
  return (protection.closes ?? []).reduce((sum, { closeOrderId, after, quantity }) => {
    const executed = executedQuantity(orders.get(closeOrderId));
    return add(sum, minimum(less(executed, after), quantity));
  }, ZERO_QUANTITY);
}

/** What an entry has brought: its fills, less what the exchange kept of them as its fee. */
function boughtBy({ fills, orders, instrument }: CoverageView, clientOrderId: ClientOrderId): Quantity {
  const orderId = orders.get(clientOrderId)?.orderId;
  let bought = ZERO_QUANTITY;
  for (const fill of fills) {
    if (fill.side !== "buy") continue;
    if (fill.clientOrderId !== clientOrderId && fill.orderId !== orderId) continue;
    bought = add(bought, netBase(fill, instrument));
  }
  return bought;
}

/** Something of the entry is known to be bought; what covers no entry is held from the start. */
export function hasEntered({ protection, orders }: Pick<GuardView, "protection" | "orders">): boolean {
  const { coverage } = protection;
  return coverage.kind !== "entry" || executedQuantity(orders.get(coverage.clientOrderId)) > 0n;
}

/** What a purchase brings, the fee taken off where the exchange keeps it in base. */
function netBase(fill: Fill, { base }: Pick<Instrument, "base">): Quantity {
  return fill.fee.asset === base ? less(fill.quantity, fill.fee.quantity) : fill.quantity;
}

/**
 * All of the base on the account. The exchange tells a balance now and then; what our entry and our exits have traded
 * since is added and taken off.
 */
export function heldBase({ base, fills, instrument, protection }: CoverageView): Quantity | undefined {
  if (base === undefined) return undefined;
  const ours = tradersOf(protection);
  let held = add(base.free, base.locked);
  for (const fill of fills) {
    if (fill.at <= base.at || !isBy(ours, fill)) continue;
    held = fill.side === "buy" ? add(held, netBase(fill, instrument)) : less(held, fill.quantity);
  }
  return held;
}

/**
 * What may be left at most: of all that is held, only what the exchange itself has told, as our own
 * reckoning may have taken a sale off twice.
 */
export function mostLeft(view: CoverageView): Quantity | undefined {
  const { base, protection } = view;
  const { sold, left } = coveredBase(view);
  if (protection.coverage.kind !== "holding") return left;
  return atMostLeft(view, base === undefined ? undefined : totalOf(base), sold);
}

/**
 * What our own orders have brought that were placed since a leg fired, less what they have sold again: held, and not for
 * this leg to sell. Orders placed elsewhere are dated by another clock, and not told apart. Nor is one from before the
 * arming, or from a time that is still to come: our clock was set back, and a stop must not die of that.
 */
export function boughtSince(view: GuardView, firedAt: Timestamp): Quantity {
  const named = new Set(namedOrders(view.protection));
  const since = Math.max(firedAt, view.protection.createdAt);
  let bought = ZERO_QUANTITY;
  let sold = ZERO_QUANTITY;
  for (const order of view.orders.values()) {
    const { clientOrderId, symbol, origin, createdAt } = order;
    if (symbol !== view.instrument.symbol || origin !== "own" || named.has(clientOrderId)) continue;
    if (createdAt < since || createdAt > view.now) continue;
    if (order.side === "buy") bought = add(bought, broughtBy(view, order));
    else sold = add(sold, executedQuantity(order));
  }
  return less(bought, sold);
}

/** What is executed and not held as a fill yet counts without a fee. */
function broughtBy({ fills, instrument }: CoverageView, order: Order): Quantity {
  const its = fills.filter(
    ({ clientOrderId, orderId }) => clientOrderId === order.clientOrderId || orderId === order.orderId,
  );
  const told = its.reduce((sum, { quantity }) => add(sum, quantity), ZERO_QUANTITY);
  return its.reduce((sum, fill) => add(sum, netBase(fill, instrument)), less(executedQuantity(order), told));
}

/** Orders that may still sell base of this market and are none of this protection. */
export function salesBeside({ orders, protection }: GuardView): readonly Order[] {
  const own = new Set(namedOrders(protection));
  return [...orders.values()].filter(
    (order) =>
      order.symbol === protection.symbol && order.side === "sell" && isWorking(order) && !own.has(order.clientOrderId),
  );
}

/**
 * What could be sold at this moment. The balance trails the end of an order that locked base, so what no order holds
 * counts as free; the exchange has the last word, and once it refused, only what it called free is tried.
 */
export function freeBase(view: GuardView, wasRefused: boolean): Quantity | undefined {
  const held = heldBase(view);
  if (held === undefined || view.base === undefined) return undefined;
  const stated = minimum(view.base.free, held);
  if (wasRefused) return stated;
  const byOthers = salesBeside(view).reduce((sum, order) => add(sum, stillToTrade(order)), ZERO_QUANTITY);
  return maximum(stated, less(held, byOthers));
}

/** The balance is no newer than a trade of its entry or its exits: what it tells, and calls locked, may be from before. */
export function isToldBeforeTrade({ base, fills, protection }: CoverageView): boolean {
  const ours = tradersOf(protection);
  return base !== undefined && fills.some((fill) => fill.at >= base.at && isBy(ours, fill));
}

function isBy(orders: ReadonlySet<ClientOrderId>, { clientOrderId }: Fill): boolean {
  return clientOrderId !== undefined && orders.has(clientOrderId);
}

/** What adds to the held base and takes off it, as far as it is its own: the entry, the exits, and what closed it. */
function tradersOf({ linkedOrderId: _linked, ...protection }: Protection): ReadonlySet<ClientOrderId> {
  return new Set(namedOrders(protection));
}

/** The exchange has told of more than we hold fills of. */
export function lacksFills(order: Order | undefined): boolean {
  return order !== undefined && missingFills(order) > 0n;
}
