import type { Fill } from "../../core/domain/fill.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Order } from "../../core/domain/order.ts";
import { executionOf } from "../../core/domain/order-execution.ts";

/** An order as scripts read it. Money is decimal text, times are ISO 8601 UTC, what is not known is null. */
export interface OrderJson {
  readonly clientOrderId: string;
  readonly orderId: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: string | null;
  readonly quoteQuantity: string | null;
  readonly price: string | null;
  readonly state: string;
  readonly filledQuantity: string;
  readonly filledNotional: string | null;
  readonly averagePrice: string | null;
  readonly origin: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

export function orderJson(order: Order): OrderJson {
  const execution = executionOf(order);
  return {
    clientOrderId: order.clientOrderId,
    orderId: order.orderId ?? null,
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    quantity: order.size.kind === "base" ? formatMoney(order.size.quantity) : null,
    quoteQuantity: order.size.kind === "quote" ? formatMoney(order.size.notional) : null,
    price: order.limitPrice === undefined ? null : formatMoney(order.limitPrice),
    state: order.state,
    filledQuantity: formatMoney(execution.quantity),
    filledNotional: execution.notional === undefined ? null : formatMoney(execution.notional),
    averagePrice: execution.averagePrice === undefined ? null : formatMoney(execution.averagePrice),
    origin: order.origin,
    createdAt: new Date(order.createdAt).toISOString(),
    updatedAt: new Date(order.updatedAt).toISOString(),
    reason: order.reason === undefined ? null : { code: order.reason.code, message: order.reason.message },
  };
}

/** The same as one flat row. */
export function orderRow(order: Order): object {
  const { reason, ...json } = orderJson(order);
  return { ...json, reasonCode: reason?.code ?? null, reasonMessage: reason?.message ?? null };
}

export function fillJson(fill: Fill) {
  return {
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    symbol: fill.symbol,
    side: fill.side,
    price: formatMoney(fill.price),
    quantity: formatMoney(fill.quantity),
    notional: formatMoney(fill.notional),
    fee: formatMoney(fill.fee.quantity),
    feeAsset: fill.fee.asset,
    liquidity: fill.liquidity,
    time: new Date(fill.at).toISOString(),
  };
}
