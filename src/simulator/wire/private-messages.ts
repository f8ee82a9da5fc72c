import type { Notional, Quantity } from "../../core/domain/money.ts";
import { ZERO_NOTIONAL, averagePrice, formatMoney, maximum, notionalOf } from "../../core/domain/money.ts";
import type { AccountEvent } from "../engine/account-event.ts";
import type { AccountFill, OrderStatus, OrderType } from "../engine/order.ts";
import { coinIdOf } from "../market/coin-facts.ts";
import { ProtoWriter } from "./proto-writer.ts";

const STATUS_NUMBERS: Readonly<Record<OrderStatus, number>> = {
  NEW: 1,
  FILLED: 2,
  PARTIALLY_FILLED: 3,
  CANCELED: 4,
  PARTIALLY_CANCELED: 5,
};

const TYPE_NUMBERS: Readonly<Record<OrderType, number>> = {
  LIMIT: 1,
  LIMIT_MAKER: 2,
  IMMEDIATE_OR_CANCEL: 3,
  FILL_OR_KILL: 4,
  MARKET: 5,
};

type OrderEvent = Extract<AccountEvent, { readonly kind: "order" }>;
type BalanceEvent = Extract<AccountEvent, { readonly kind: "balance" }>;

export function encodeOrder({ order, lastFill }: OrderEvent): ProtoWriter {
  const isMarket = order.type === "MARKET";
  const asked = notionalOf(order.price, order.quantity, "down");
  const amount = isMarket ? ZERO_NOTIONAL : asked;
  const left = maximum((order.quantity - order.executedQuantity) as Quantity, 0n as Quantity);
  const average =
    order.executedQuantity === 0n
      ? "0"
      : formatMoney(averagePrice(order.executedNotional, order.executedQuantity, "half-even"));
  return new ProtoWriter()
    .text(1, order.orderId)
    .text(2, order.clientOrderId ?? "")
    .text(3, formatMoney(order.price))
    .text(4, formatMoney(order.quantity))
    .text(5, formatMoney(amount))
    .text(6, average)
    .whole(7, TYPE_NUMBERS[order.type])
    .whole(8, order.side === "BUY" ? 1 : 2)
    .flag(9, lastFill?.isMaker ?? false)
    .text(10, formatMoney(maximum((asked - order.executedNotional) as Notional, ZERO_NOTIONAL)))
    .text(11, formatMoney(left))
    .text(12, lastFill === undefined ? "" : formatMoney(lastFill.quantity))
    .text(13, formatMoney(order.executedQuantity))
    .text(14, formatMoney(order.executedNotional))
    .whole(15, STATUS_NUMBERS[order.status])
    .whole(16, order.time);
}

export function encodeFill(fill: AccountFill): ProtoWriter {
  return encodeDeal({
    price: formatMoney(fill.price),
    quantity: formatMoney(fill.quantity),
    amount: formatMoney(fill.notional),
    isBuy: fill.side === "BUY",
    isMaker: fill.isMaker,
    isSelfTrade: fill.isSelfTrade,
    tradeId: fill.tradeId,
    clientOrderId: fill.clientOrderId ?? "",
    orderId: fill.orderId,
    feeAmount: formatMoney(fill.fee),
    feeCurrency: fill.feeAsset,
    time: fill.time,
  });
}

/** A private deal in the venue's own words: its numbers may have more decimals than money here. */
export interface PushedDeal {
  readonly price: string;
  readonly quantity: string;
  readonly amount: string;
  readonly isBuy: boolean;
  readonly isMaker: boolean;
  readonly isSelfTrade: boolean;
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly feeAmount: string;
  readonly feeCurrency: string;
  readonly time: number;
}

export function encodeDeal(deal: PushedDeal): ProtoWriter {
  return new ProtoWriter()
    .text(1, deal.price)
    .text(2, deal.quantity)
    .text(3, deal.amount)
    .whole(4, deal.isBuy ? 1 : 2)
    .flag(5, deal.isMaker)
    .flag(6, deal.isSelfTrade)
    .text(7, deal.tradeId)
    .text(8, deal.clientOrderId)
    .text(9, deal.orderId)
    .text(10, deal.feeAmount)
    .text(11, deal.feeCurrency)
    .whole(12, deal.time);
}

export function encodeBalance({ change, reason, time }: BalanceEvent): ProtoWriter {
  return new ProtoWriter()
    .text(1, change.asset)
    .text(2, coinIdOf(change.asset))
    .text(3, formatMoney(change.free))
    .text(4, formatMoney(change.freeChange))
    .text(5, formatMoney(change.locked))
    .text(6, formatMoney(change.lockedChange))
    .text(7, reason)
    .whole(8, time);
}
