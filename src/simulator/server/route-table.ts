import type { Endpoint } from "./endpoint.ts";
import { accountInfo } from "./endpoints/account.ts";
import {
  apiKeyInfo,
  kycStatus,
  tradeFee,
  uid,
  withdraw,
  withdrawApply,
  cancelWithdraw,
} from "./endpoints/account-facts.ts";
import { batchOrders } from "./endpoints/batch-orders.ts";
import { exchangeInfo } from "./endpoints/exchange-info.ts";
import { contractDetail } from "./endpoints/futures.ts";
import { getMxDeduct, setMxDeduct } from "./endpoints/fee-settings.ts";
import { activities, announcements, newCoinCalendar, spotMarketSymbols, symbolsV2 } from "./endpoints/listings.ts";
import { ping, time } from "./endpoints/general.ts";
import { aggTrades, depth, historicalTrades, klines, trades } from "./endpoints/market-data.ts";
import {
  allOrders,
  cancelAllOrders,
  cancelOpenOrders,
  cancelOrder,
  myTrades,
  openOrders,
  queryOrder,
} from "./endpoints/orders.ts";
import { placeOrder, testOrder } from "./endpoints/place-order.ts";
import { addGroupUids, createGroup, deleteGroup, listGroups, removeGroupUids } from "./endpoints/strategy-groups.ts";
import { defaultSymbols, offlineSymbols, selfSymbols } from "./endpoints/symbol-lists.ts";
import { avgPrice, ticker24hr, tickerBook, tickerPrice } from "./endpoints/tickers.ts";
import {
  internalTransfer,
  internalTransferHistory,
  transfer,
  transferById,
  transferHistory,
} from "./endpoints/transfers.ts";
import { coinConfig, createDepositAddress, depositAddresses, withdrawAddresses } from "./endpoints/wallet-coins.ts";
import { depositHistory, withdrawHistory } from "./endpoints/wallet-history.ts";
import { convertDust, dustHistory, dustList } from "./endpoints/dust.ts";
import { createListenKey, extendListenKey, listListenKeys, removeListenKey } from "./endpoints/user-data-stream.ts";

/** Every endpoint of the REST API. */
export const ENDPOINTS: readonly Endpoint[] = [
  ping,
  time,
  exchangeInfo,
  defaultSymbols,
  selfSymbols,
  offlineSymbols,
  announcements,
  newCoinCalendar,
  symbolsV2,
  spotMarketSymbols,
  activities,
  depth,
  trades,
  historicalTrades,
  aggTrades,
  klines,
  ticker24hr,
  tickerPrice,
  tickerBook,
  avgPrice,
  accountInfo,
  kycStatus,
  uid,
  apiKeyInfo,
  tradeFee,
  getMxDeduct,
  setMxDeduct,
  createGroup,
  listGroups,
  deleteGroup,
  addGroupUids,
  removeGroupUids,
  coinConfig,
  depositAddresses,
  createDepositAddress,
  depositHistory,
  withdraw,
  withdrawApply,
  cancelWithdraw,
  withdrawHistory,
  withdrawAddresses,
  transfer,
  transferHistory,
  transferById,
  internalTransfer,
  internalTransferHistory,
  dustList,
  convertDust,
  dustHistory,
  placeOrder,
  testOrder,
  batchOrders,
  queryOrder,
  cancelOrder,
  openOrders,
  cancelOpenOrders,
  cancelAllOrders,
  allOrders,
  myTrades,
  createListenKey,
  listListenKeys,
  extendListenKey,
  removeListenKey,
  contractDetail,
];
