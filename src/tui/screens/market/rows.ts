import type { AppState } from "../../../app/store/create-store.ts";
import { selectWorkingOrders } from "../../../app/store/selectors.ts";
import type { ClientOrderId, MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Order } from "../../../core/domain/order.ts";

const ENDED_SHOWN = 30;

/** Working orders first, then the newest ended ones; each group newest first. */
export function orderRows(state: AppState): readonly Order[] {
  const working = selectWorkingOrders(state);
  const shown = new Set(working.map((order) => order.clientOrderId));
  const ended = [...state.trading.orders.values()]
    .filter((order) => !shown.has(order.clientOrderId))
    .sort((left, right) => right.createdAt - left.createdAt)
    .slice(0, ENDED_SHOWN);
  return [...working, ...ended];
}

/** The row the cursor stands on: by name while that row exists, else the first. */
export function cursorIndex<T extends MarketSymbol | ClientOrderId>(rows: readonly T[], cursor: T | undefined): number {
  const found = cursor === undefined ? -1 : rows.indexOf(cursor);
  return found === -1 ? 0 : found;
}

/** First row to draw so that the cursor stays in sight. */
export function scrollOffset(count: number, height: number, cursor: number): number {
  if (count <= height || height <= 0) return 0;
  return Math.max(0, Math.min(count - height, cursor - Math.floor(height / 2)));
}
