import type { HttpRequest } from "./http-request.ts";

/** Who goes first when there is not room for all: the lower the number, the sooner. */
export const LANES = { cancel: 0, exit: 1, order: 2, account: 3, watch: 4, market: 5, history: 6 } as const;
export type Lane = keyof typeof LANES;

/** What one request costs. */
export interface RequestCost {
  readonly weight: number;
  readonly isOrderAction: boolean;
  readonly lane: Lane;
}

/**
 * What each request of ours weighs, or that it counts as an order action instead. The exchange sends no usage headers,
 * so we must know: what has no row here cannot be sent.
 */
export const REQUEST_COSTS: ReadonlyMap<string, number | "order-action"> = new Map<string, number | "order-action">([
  ["GET /api/v3/ping", 1],
  ["GET /api/v3/time", 1],
  ["GET /api/v3/defaultSymbols", 1],
  ["GET /api/v3/exchangeInfo", 25],
  ["GET /api/v3/symbol/offline", 10],
  ["GET /api/v3/depth", 3],
  ["GET /api/v3/trades", 5],
  ["GET /api/v3/klines", 1],
  ["GET /api/v3/ticker/24hr", 25],
  ["GET /api/v3/ticker/price", 10],
  ["GET /api/v3/ticker/bookTicker", 10],
  ["GET /api/v3/apiKeyInfo", 1],
  ["GET /api/v3/selfSymbols", 1],
  ["GET /api/v3/tradeFee", 20],
  ["GET /api/v3/mxDeduct/enable", 1],
  ["GET /api/v3/account", 10],
  ["GET /api/v3/order", 2],
  ["GET /api/v3/openOrders", 3],
  ["GET /api/v3/allOrders", 10],
  ["GET /api/v3/myTrades", 10],
  ["GET /api/v3/capital/deposit/hisrec", 10],
  ["GET /api/v3/capital/withdraw/history", 1],
  ["GET /api/v3/capital/transfer", 1],
  ["POST /api/v3/order", "order-action"],
  ["DELETE /api/v3/order", "order-action"],
  ["DELETE /api/v3/openOrders", "order-action"],
  ["POST /api/v3/order/test", 1],
  ["POST /api/v3/userDataStream", 1],
  ["PUT /api/v3/userDataStream", 1],
  ["DELETE /api/v3/userDataStream", 1],
]);
const HISTORY_PATHS: ReadonlySet<string> = new Set(["/api/v3/klines", "/api/v3/trades"]);

/** What a call of the API costs, and how urgent it is. @throws Error for a call whose cost nobody has written down */
export function costOf(method: HttpRequest["method"], path: string, signed: boolean): RequestCost {
  const cost = REQUEST_COSTS.get(`${method} ${path}`);
  if (cost === undefined) throw new Error(`nobody has written down what ${method} ${path} costs`);
  if (cost === "order-action")
    return { weight: 0, isOrderAction: true, lane: method === "DELETE" ? "cancel" : "order" };
  const lane = signed ? "account" : HISTORY_PATHS.has(path) ? "history" : "market";
  return { weight: cost, isOrderAction: false, lane };
}
