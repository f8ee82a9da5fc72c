import type { Fill } from "../../../core/domain/fill.ts";
import type { GuardView } from "../../../core/domain/guarding/guard-view.ts";
import type { ClientOrderId } from "../../../core/domain/identifiers.ts";
import { ZERO_QUANTITY } from "../../../core/domain/money.ts";
import type { Order } from "../../../core/domain/order.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import { namedOrders } from "../../../core/domain/protection.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";

/** Everything else is read from what we hold to be true about the account. */
export type ViewSubject = Pick<GuardView, "protection" | "instrument" | "memory" | "quote">;

/** What decisions about protections look at, as it stands at each call. */
export type GuardViews = (subject: ViewSubject) => GuardView;

/** Purchases from after one of its legs fired: their fills tell what of the base is not for it to sell. */
function boughtSince(
  { legs, symbol }: Protection,
  orders: ReadonlyMap<ClientOrderId, Order>,
): readonly ClientOrderId[] {
  const times = legs.flatMap(({ firedAt }) => firedAt ?? []);
  if (times.length === 0) return [];
  const since = Math.min(...times);
  return [...orders.values()]
    .filter((order) => order.symbol === symbol && order.side === "buy" && order.createdAt >= since)
    .map(({ clientOrderId }) => clientOrderId);
}

export function createGuardViews(context: Pick<TradingContext, "ledger" | "recall" | "clock">): GuardViews {
  /** A pass over all fills costs more than a decision, and its result holds until another fill comes. */
  let grouped = { from: context.ledger().fills, byOrder: new Map<ClientOrderId, readonly Fill[]>() };

  function fillsOf(ids: readonly ClientOrderId[]): readonly Fill[] {
    const { fills } = context.ledger();
    if (grouped.from !== fills) grouped = { from: fills, byOrder: new Map() };
    const { byOrder } = grouped;
    if (ids.some((id) => !byOrder.has(id))) {
      for (const id of ids) byOrder.set(id, []);
      const keys = context.ledger().keyByOrderId;
      for (const fill of fills.values()) {
        const id = keys.get(fill.orderId) ?? fill.clientOrderId;
        if (id !== undefined && ids.includes(id)) byOrder.set(id, [...(byOrder.get(id) ?? []), fill]);
      }
    }
    return ids.flatMap((id) => byOrder.get(id) ?? []);
  }

  return (subject) => {
    const ids = namedOrders(subject.protection);
    // Ended orders may be in the store alone; then they are brought back first.
    for (const id of ids) if (!context.ledger().orders.has(id)) context.recall(id);
    const { orders, balances, tradingState, lock } = context.ledger();
    const asset = subject.instrument.base;
    // Once the balances have been read, an asset they do not name holds nothing; what was traded since is added.
    const nothing = lock === undefined ? { asset, free: ZERO_QUANTITY, locked: ZERO_QUANTITY, at: 0 } : undefined;
    const base = balances.get(asset) ?? nothing;
    const fills = fillsOf([...new Set([...ids, ...boughtSince(subject.protection, orders)])]);
    return { ...subject, orders, fills, base, tradingState, now: context.clock.now() };
  };
}
