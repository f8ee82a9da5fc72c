import { formatMoney, notionalOf } from "../../core/domain/money.ts";
import type { AccountFill, ExchangeOrder } from "../engine/order.ts";
import type { Switches } from "../switches.ts";
import { toWholeSecond } from "../times.ts";

/** An order as the queries show it, with the fields that are always null and the double m. */
export function orderView(order: ExchangeOrder): Readonly<Record<string, unknown>> {
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    price: formatMoney(order.price),
    origQty: formatMoney(order.quantity),
    executedQty: formatMoney(order.executedQuantity),
    cummulativeQuoteQty: formatMoney(order.executedNotional),
    status: order.status,
    timeInForce: null,
    type: order.type,
    side: order.side,
    stopPrice: null,
    icebergQty: null,
    time: toWholeSecond(order.time),
    updateTime: order.updateTime === null ? null : toWholeSecond(order.updateTime),
    isWorking: true,
    stpMode: order.stpMode.toUpperCase(),
    cancelReason: order.cancelReason,
    origQuoteOrderQty: formatMoney(order.quoteOrderQty ?? notionalOf(order.price, order.quantity, "down")),
  };
}

/** The answer to a placement: no status, no fills, no client order id. */
export function placementView(
  order: ExchangeOrder,
  ackQuantity: string,
  switches: Switches,
): Readonly<Record<string, unknown>> {
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    price: formatMoney(order.price),
    origQty: ackQuantity,
    type: order.type === "MARKET" ? switches.get("market-ack-type") : order.type,
    side: order.side,
    stpMode: order.stpMode.toUpperCase(),
    transactTime: order.time,
  };
}

/** The answer to a cancel: the order as it was before, so an open order is still NEW here; or in one of the other readings. */
export function cancelView(before: ExchangeOrder, switches: Switches): Readonly<Record<string, unknown>> {
  const reading = switches.get("cancel-answer");
  const { symbol, orderId, type, side } = before;
  if (reading === "minimal") {
    return { symbol, orderId, price: formatMoney(before.price), origQty: formatMoney(before.quantity), type, side };
  }
  return {
    symbol,
    origClientOrderId: before.clientOrderId,
    orderId,
    clientOrderId: before.clientOrderId,
    price: formatMoney(before.price),
    origQty: formatMoney(before.quantity),
    executedQty: formatMoney(before.executedQuantity),
    cummulativeQuoteQty: formatMoney(before.executedNotional),
    status: reading === "canceled" ? "CANCELED" : before.status,
    timeInForce: null,
    type,
    side,
  };
}

export function fillView(fill: AccountFill): Readonly<Record<string, unknown>> {
  return {
    symbol: fill.symbol,
    id: fill.tradeId,
    orderId: fill.orderId,
    orderListId: -1,
    price: formatMoney(fill.price),
    qty: formatMoney(fill.quantity),
    quoteQty: formatMoney(fill.notional),
    commission: formatMoney(fill.fee),
    commissionAsset: fill.feeAsset,
    time: toWholeSecond(fill.time),
    isBuyer: fill.side === "BUY",
    isMaker: fill.isMaker,
    isBestMatch: true,
    isSelfTrade: fill.isSelfTrade,
    clientOrderId: fill.clientOrderId,
  };
}
