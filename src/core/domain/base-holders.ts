import type { Balance } from "./balance.ts";
import type { Quantity } from "./money.ts";
import { add, formatMoney, less, minimum, ZERO_QUANTITY } from "./money.ts";
import type { Order } from "./order.ts";
import { stillToTrade } from "./order-execution.ts";

/**
 * Why base cannot be sold, or stays when a position is closed: `sale` an order of ours holds it · `foreign-sale` one placed elsewhere ·
 * `locked` an order that nobody here knows, as of another market · `beside` it was not bought here · `too-much` for one
 * order · `too-small` for any.
 */
export type KeptBecause = "sale" | "foreign-sale" | "locked" | "beside" | "too-much" | "too-small";

/** A part of the base that is not sold. */
export interface KeptBase {
  readonly quantity: Quantity;
  readonly because: KeptBecause;
  /** The order that holds it. */
  readonly order?: Order;
  /** For people. */
  readonly words: string;
}

/** What is held of the base, and by whom. */
export interface HeldBase {
  readonly total: Quantity;
  /** What can be sold once the orders that are to be ended have ended. */
  readonly sellable: Quantity;
  /** Held by orders that stay. */
  readonly kept: readonly KeptBase[];
}

/** @param ended orders whose base counts as free. @param working every order of the market that may still trade */
export function holdersOf(
  { free, locked }: Balance,
  working: readonly Order[],
  ended: ReadonlySet<Order["clientOrderId"]>,
): HeldBase {
  const total = add(free, locked);
  const sales = working.filter(({ side }) => side === "sell");
  const sum = (orders: readonly Order[]) => orders.reduce((all, order) => add(all, stillToTrade(order)), ZERO_QUANTITY);
  const freed = sum(sales.filter(({ clientOrderId }) => ended.has(clientOrderId)));
  const staying = sales.filter(({ clientOrderId }) => !ended.has(clientOrderId));
  const heldByStaying = sum(staying);
  const elsewhere = less(locked, add(freed, heldByStaying));
  // A balance trails the orders: neither what it calls free nor what they leave may be gone beyond.
  const sellable = minimum(add(free, minimum(freed, locked)), less(total, heldByStaying));
  const kept: KeptBase[] = staying.flatMap((order): readonly KeptBase[] => {
    const quantity = stillToTrade(order);
    if (quantity === 0n) return [];
    const isForeign = order.origin === "foreign";
    const words = `held by the sale ${order.clientOrderId}${isForeign ? ", which was placed elsewhere" : ""}`;
    return [{ quantity, because: isForeign ? "foreign-sale" : "sale", order, words }];
  });
  if (elsewhere > 0n)
    kept.push({ quantity: elsewhere, because: "locked", words: "held by orders that are not known here" });
  return { total, sellable, kept };
}

/** "600 DOGE held by …; 0.3 DOGE …" */
export function keptWords(kept: readonly KeptBase[], base: string): string {
  return kept.map(({ quantity, words }) => `${formatMoney(quantity)} ${base} ${words}`).join("; ");
}
