import type { Endpoint } from "./endpoint.ts";
import { account } from "./endpoints/account.ts";
import { exchangeInfo } from "./endpoints/exchange-info.ts";
import { ping, time } from "./endpoints/general.ts";
import { depth, klines, trades } from "./endpoints/market-data.ts";
import { allOrders, cancelOpenOrders, cancelOrder, myTrades, openOrders, queryOrder } from "./endpoints/orders.ts";
import { placeOrder, testOrder } from "./endpoints/place-order.ts";
import { defaultSymbols, selfSymbols } from "./endpoints/symbol-lists.ts";
import { avgPrice, ticker24hr, tickerBook, tickerPrice } from "./endpoints/tickers.ts";
import { createListenKey, extendListenKey, listListenKeys, removeListenKey } from "./endpoints/user-data-stream.ts";

/** Every endpoint of the REST API. */
export const ENDPOINTS: readonly Endpoint[] = [
  ping,
  time,
  exchangeInfo,
  defaultSymbols,
  selfSymbols,
  depth,
  trades,
  klines,
  ticker24hr,
  tickerPrice,
  tickerBook,
  avgPrice,
  account,
  placeOrder,
  testOrder,
  queryOrder,
  cancelOrder,
  openOrders,
  cancelOpenOrders,
  allOrders,
  myTrades,
  createListenKey,
  listListenKeys,
  extendListenKey,
  removeListenKey,
];
