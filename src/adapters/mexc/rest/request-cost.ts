import type { HttpRequest } from "./http-request.ts";

/** Who goes first when there is not room for all: the lower the number, the sooner. */
export const LANES = { cancel: 0, exit: 1, order: 2, account: 3, market: 4, history: 5 } as const;
export type Lane = keyof typeof LANES;

/** What one request costs. */
export interface RequestCost {
  readonly weight: number;
  readonly isOrderAction: boolean;
  readonly lane: Lane;
}

/** Weights by the end of the path, where they are not 1. The exchange sends no usage headers, so we must know. */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ["exchangeInfo", 25],
  ["symbol/offline", 10],
  ["depth", 3],
  ["trades", 5],
  ["historicalTrades", 5],
  ["ticker/24hr", 25],
  ["ticker/price", 10],
  ["ticker/bookTicker", 10],
  ["order", 2],
  ["openOrders", 3],
  ["allOrders", 10],
  ["account", 10],
  ["myTrades", 10],
  ["tradeFee", 20],
]);
const ORDER_PATHS: ReadonlySet<string> = new Set(["order", "openOrders", "batchOrders", "order/all"]);
const HISTORY_PATHS: ReadonlySet<string> = new Set(["klines", "trades", "aggTrades"]);

/** What a call of the API costs, and how urgent it is. */
export function costOf(method: HttpRequest["method"], path: string, signed: boolean): RequestCost {
  const name = path.replace(/^\/api\/v3\//, "");
  if (method !== "GET" && ORDER_PATHS.has(name)) {
    return { weight: 0, isOrderAction: true, lane: method === "DELETE" ? "cancel" : "order" };
  }
  const lane = signed ? "account" : HISTORY_PATHS.has(name) ? "history" : "market";
  return { weight: WEIGHTS.get(name) ?? 1, isOrderAction: false, lane };
}
