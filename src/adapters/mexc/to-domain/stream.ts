import type { Balance } from "../../../core/domain/balance.ts";
import type { Candle, CandleInterval } from "../../../core/domain/candle.ts";
import type { Fill } from "../../../core/domain/fill.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { asset, clientOrderId, marketSymbol, orderId, tradeId } from "../../../core/domain/identifiers.ts";
import type { OrderReport, OrderType, ReportedStatus, Side } from "../../../core/domain/order.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { BookTop, Ticker } from "../../../core/domain/ticker.ts";
import type {
  AccountBody,
  BookTickerBody,
  DealItem,
  KlineBody,
  MiniTickerItem,
  OrderBody,
  PrivateDealBody,
} from "../ws/decode-push.ts";
import { topLevel } from "./market.ts";
import {
  readFee,
  readKey,
  readNotional,
  readPrice,
  readQuantity,
  readRatio,
  readTime,
  unreadable,
} from "./unreadable.ts";

/** proto3 leaves out what is zero, so an absent number in a message means nought. */
const orZero = (text: string) => (text === "" ? "0" : text);

/** 1 buys, 2 sells; anything else is not guessed at. */
function readSide(tradeType: number): Side {
  if (tradeType !== 1 && tradeType !== 2) throw unreadable(`a side is ${tradeType}`);
  return tradeType === 1 ? "buy" : "sell";
}

export function tradeFromPush(symbol: MarketSymbol, deal: DealItem): PublicTrade {
  return {
    symbol,
    price: readPrice(deal.price),
    quantity: readQuantity(deal.quantity),
    side: readSide(deal.tradeType),
    at: readTime(deal.time),
    ...(deal.tradeId === "" ? {} : { tradeId: tradeId(safeText(deal.tradeId, 80)) }),
  };
}

/** The stream counts windows in seconds where REST counts milliseconds. */
export function candleFromPush(symbol: MarketSymbol, interval: CandleInterval, kline: KlineBody): Candle {
  return {
    symbol,
    interval,
    openTime: readTime(kline.windowStart * 1000),
    open: readPrice(kline.openingPrice),
    high: readPrice(kline.highestPrice),
    low: readPrice(kline.lowestPrice),
    close: readPrice(kline.closingPrice),
    baseVolume: readQuantity(orZero(kline.volume)),
    quoteVolume: readNotional(orZero(kline.amount)),
  };
}

export function topFromPush(symbol: MarketSymbol, ticker: BookTickerBody, at: number): BookTop {
  const bid = topLevel(ticker.bidPrice, ticker.bidQuantity);
  const ask = topLevel(ticker.askPrice, ticker.askQuantity);
  return { symbol, ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }), at };
}

/**
 * The rate of the channel's own zone, which is 24 hours back; `rate` itself always counts from midnight in UTC+8.
 * `volume` is the turnover in quote and `quantity` the volume in base: the other way round than in REST.
 */
export function tickerFromPush(item: MiniTickerItem, at: number): Ticker {
  // Thousands of them come at once, and spreading one optional field after the other made each several times over.
  const ticker: { -readonly [Key in keyof Ticker]: Ticker[Key] } = {
    symbol: marketSymbol(safeText(item.symbol, 40)),
    at,
  };
  if (item.price !== "") ticker.last = readPrice(item.price);
  if (item.zonedRate !== "") ticker.change = readRatio(item.zonedRate);
  if (item.high !== "") ticker.high = readPrice(item.high);
  if (item.low !== "") ticker.low = readPrice(item.low);
  if (item.quantity !== "") ticker.baseVolume = readQuantity(item.quantity);
  if (item.volume !== "") ticker.quoteVolume = readNotional(item.volume);
  return ticker;
}

const STATUSES: Readonly<Record<number, ReportedStatus>> = {
  1: "open",
  2: "filled",
  3: "partially-filled",
  4: "cancelled",
  // Ended after a part of it had filled.
  5: "cancelled",
};
const TYPES: Readonly<Record<number, OrderType>> = {
  1: "limit",
  2: "post-only",
  3: "immediate-or-cancel",
  4: "fill-or-kill",
  5: "market",
};

export function reportFromPush(symbol: string, order: OrderBody, sendTime: number): OrderReport {
  const status = STATUSES[order.status];
  if (status === undefined) throw unreadable(`an order has the status ${order.status}`);
  // Stop and OCO orders placed on the web have types of their own; to us they are limit orders that rest.
  const type = TYPES[order.orderType] ?? "limit";
  const quantity = readQuantity(orZero(order.quantity));
  return {
    orderId: orderId(readKey(order.id, "an order's id")),
    ...(order.clientId === "" ? {} : { clientOrderId: clientOrderId(safeText(order.clientId, 64)) }),
    symbol: marketSymbol(readKey(symbol, "an order's symbol", 40)),
    side: readSide(order.tradeType),
    type,
    ...(quantity === 0n ? {} : { quantity }),
    ...(type === "market" || order.price === "" ? {} : { limitPrice: readPrice(order.price) }),
    status,
    executedQuantity: readQuantity(orZero(order.cumulativeQuantity)),
    executedNotional: readNotional(orZero(order.cumulativeAmount)),
    createdAt: readTime(order.createTime, sendTime),
    ...(sendTime === 0 ? {} : { updatedAt: sendTime }),
  };
}

export function fillFromPush(symbol: string, deal: PrivateDealBody): Fill {
  return {
    tradeId: tradeId(readKey(deal.tradeId, "a fill's id")),
    orderId: orderId(readKey(deal.orderId, "a fill's order id")),
    ...(deal.clientOrderId === "" ? {} : { clientOrderId: clientOrderId(safeText(deal.clientOrderId, 64)) }),
    symbol: marketSymbol(readKey(symbol, "a fill's symbol", 40)),
    side: readSide(deal.tradeType),
    price: readPrice(deal.price),
    quantity: readQuantity(deal.quantity),
    notional: readNotional(deal.amount),
    fee: { asset: asset(safeText(deal.feeCurrency, 30)), quantity: readFee(orZero(deal.feeAmount)) },
    liquidity: deal.isMaker ? "maker" : "taker",
    at: readTime(deal.time),
  };
}

/** Available and frozen are absolute amounts. */
export function balanceFromPush(account: AccountBody, sendTime: number): Balance {
  return {
    asset: asset(readKey(account.vcoinName, "a balance's asset", 30)),
    free: readQuantity(orZero(account.balanceAmount)),
    locked: readQuantity(orZero(account.frozenAmount)),
    at: readTime(account.time, sendTime),
  };
}
