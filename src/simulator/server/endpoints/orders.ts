import type { ExchangeOrder } from "../../engine/order.ts";
import { Refusal, missingParameter } from "../../engine/refusal.ts";
import type { Call, SignedEndpoint } from "../endpoint.ts";
import { cancelView, fillView, orderView } from "../order-view.ts";
import { DAY_MS } from "../../times.ts";

const SYMBOLS_A_CALL = 5;
/** Ids are opaque and have changed form before; only what could never have been one is refused as none. */
const ORDER_ID = /^[\w-]{1,64}$/;

export const queryOrder: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/order",
  weight: 2,
  access: "SPOT_DEAL_READ",
  handle: (call) => {
    const order = findOrder(call);
    if (order === undefined) throw new Refusal(-2013, "Order does not exist.");
    return orderView(order);
  },
};

export const cancelOrder: SignedEndpoint = {
  method: "DELETE",
  path: "/api/v3/order",
  weight: 0,
  access: "SPOT_DEAL_WRITE",
  isOrderAction: true,
  handle: (call) => {
    const order = findOrder(call);
    if (order === undefined) throw new Refusal(-2011, "Unknown order sent.");
    return cancelView(call.venue.cancel(order), call.venue.switches);
  },
};

export const openOrders: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/openOrders",
  weight: 3,
  access: "SPOT_DEAL_READ",
  handle: (call) => {
    const wanted = call.parameters.text("symbol");
    return openOrdersOf(call, wanted === undefined ? undefined : symbolsOf(call, wanted)).map(orderView);
  },
};

export const cancelOpenOrders: SignedEndpoint = {
  method: "DELETE",
  path: "/api/v3/openOrders",
  weight: 0,
  access: "SPOT_DEAL_WRITE",
  isOrderAction: true,
  handle: (call) => {
    const symbols = symbolsOf(call, call.parameters.required("symbol"));
    return openOrdersOf(call, symbols).map((order) => cancelView(call.venue.cancel(order), call.venue.switches));
  },
};

/** Cancels everything the account has open, in every market. */
export const cancelAllOrders: SignedEndpoint = {
  method: "DELETE",
  path: "/api/v3/order/all",
  weight: 0,
  access: "SPOT_DEAL_WRITE",
  isOrderAction: true,
  handle: (call) => {
    for (const order of openOrdersOf(call, undefined)) call.venue.cancel(order);
    return { code: Number(call.venue.switches.get("cancel-all-code")), msg: "success", timestamp: call.serverTime };
  },
};

export const allOrders: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/allOrders",
  weight: 10,
  access: "SPOT_DEAL_READ",
  handle: (call) => {
    const { symbol } = call.exchange.market(call.parameters.required("symbol"));
    const end = call.parameters.whole("endTime") ?? Number.POSITIVE_INFINITY;
    const start = Math.max(
      call.parameters.whole("startTime") ?? call.serverTime - DAY_MS,
      call.serverTime - 7 * DAY_MS,
    );
    return call.exchange.orders
      .orders(call.account)
      .filter((order) => order.symbol === symbol && order.time >= start && order.time <= end)
      .slice(-call.parameters.limit(500, 1_000))
      .toReversed()
      .map(orderView);
  },
};

export const myTrades: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/myTrades",
  weight: 10,
  access: "SPOT_DEAL_READ",
  handle: (call) => {
    const { symbol } = call.exchange.market(call.parameters.required("symbol"));
    const orderId = call.parameters.text("orderId");
    const end = call.parameters.whole("endTime") ?? Number.POSITIVE_INFINITY;
    const start = Math.max(call.parameters.whole("startTime") ?? 0, call.serverTime - 30 * DAY_MS);
    const { switches } = call.venue;
    const shownUntil = call.venue.now() - switches.get("my-trades-lag-ms");
    const limit = call.parameters.limit(switches.get("my-trades-usual-rows"), switches.get("my-trades-most-rows"));
    return call.exchange.orders
      .fills(call.account)
      .filter((fill) => fill.symbol === symbol && (orderId === undefined || fill.orderId === orderId))
      .filter((fill) => fill.time >= start && fill.time <= end && fill.time <= shownUntil)
      .slice(-limit)
      .toReversed()
      .map(fillView);
  },
};

function findOrder({ parameters, exchange, account }: Call): ExchangeOrder | undefined {
  const { symbol } = exchange.market(parameters.required("symbol"));
  const orderId = parameters.text("orderId");
  const clientOrderId = parameters.text("origClientOrderId");
  if (orderId === undefined && clientOrderId === undefined) throw missingParameter("orderId");
  if (orderId !== undefined && !ORDER_ID.test(orderId)) throw new Refusal(30026, "Invalid order ids");
  return exchange.orders.find(account, symbol, orderId, clientOrderId);
}

function symbolsOf({ exchange }: Call, list: string): readonly string[] {
  const symbols = list.split(",");
  if (symbols.length > SYMBOLS_A_CALL) throw new Refusal(33333, `At most ${String(SYMBOLS_A_CALL)} symbols a call`);
  return symbols.map((symbol) => exchange.market(symbol).symbol);
}

function openOrdersOf({ exchange, account }: Call, symbols: readonly string[] | undefined): readonly ExchangeOrder[] {
  return exchange.orders.openOrders(account).filter((order) => symbols?.includes(order.symbol) ?? true);
}
