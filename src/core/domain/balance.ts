import type { Asset, Timestamp } from "./identifiers.ts";
import type { Quantity } from "./money.ts";
import { add } from "./money.ts";

/** What the exchange holds for us in one asset, in absolute amounts. */
export interface Balance {
  readonly asset: Asset;
  readonly free: Quantity;
  /** Held for open orders. */
  readonly locked: Quantity;
  /** When the exchange said so. */
  readonly at: Timestamp;
}

export function totalOf(balance: Balance): Quantity {
  return add(balance.free, balance.locked);
}

export function isSameAmount(left: Balance, right: Balance): boolean {
  return left.free === right.free && left.locked === right.locked;
}
