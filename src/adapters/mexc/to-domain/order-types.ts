import type { OrderType } from "../../../core/domain/order.ts";

/** The exchange's names of the types. A map, because a word such as "constructor" must find nothing. */
export const ORDER_TYPES: ReadonlyMap<string, OrderType> = new Map([
  ["LIMIT", "limit"],
  ["MARKET", "market"],
  ["LIMIT_MAKER", "post-only"],
  ["IMMEDIATE_OR_CANCEL", "immediate-or-cancel"],
  ["FILL_OR_KILL", "fill-or-kill"],
]);
