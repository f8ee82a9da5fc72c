import type { Money } from "../../core/domain/money.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { SimCandle } from "../engine/candles.ts";
import type { TapeTrade } from "../engine/order.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** A level as it is pushed: numbers trimmed, quantity 0 for a level that is gone. */
export interface PushedLevel {
  readonly price: Money;
  readonly quantity: Money;
}

export interface PushedTop {
  readonly bid: PushedLevel | undefined;
  readonly ask: PushedLevel | undefined;
  readonly version: number;
}

export interface PushedMiniTicker {
  readonly symbol: string;
  readonly price: string;
  readonly rate: string;
  readonly high: string;
  readonly low: string;
  /** Turnover in quote: the stream swaps the words of the REST ticker. */
  readonly quoteVolume: string;
  readonly baseVolume: string;
}

export function encodeDeals(eventType: string, trades: readonly TapeTrade[]): ProtoWriter {
  const items = trades.map((trade) =>
    new ProtoWriter()
      .text(1, formatMoney(trade.price))
      .text(2, formatMoney(trade.quantity))
      .whole(3, trade.takerSide === "BUY" ? 1 : 2)
      .whole(4, trade.time)
      .text(5, trade.tradeId),
  );
  return new ProtoWriter().messages(1, items).text(2, eventType);
}

export function encodeDepthChanges(
  eventType: string,
  asks: readonly PushedLevel[],
  bids: readonly PushedLevel[],
  fromVersion: number,
  toVersion: number,
): ProtoWriter {
  return new ProtoWriter()
    .messages(1, asks.map(encodeLevel))
    .messages(2, bids.map(encodeLevel))
    .text(3, eventType)
    .text(4, String(fromVersion))
    .text(5, String(toVersion));
}

export function encodeLimitDepth(
  eventType: string,
  asks: readonly PushedLevel[],
  bids: readonly PushedLevel[],
  version: number,
): ProtoWriter {
  return new ProtoWriter()
    .messages(1, asks.map(encodeLevel))
    .messages(2, bids.map(encodeLevel))
    .text(3, eventType)
    .text(4, String(version));
}

export function encodeBookTop(top: PushedTop): ProtoWriter {
  return encodeTopPrices(top).text(5, String(top.version));
}

export function encodeBookTopBatch(top: PushedTop): ProtoWriter {
  return new ProtoWriter().message(1, encodeTopPrices(top)).text(2, String(top.version));
}

export function encodeKline(interval: string, candle: SimCandle, closeTime: number): ProtoWriter {
  return new ProtoWriter()
    .text(1, interval)
    .whole(2, candle.openTime / 1_000)
    .text(3, formatMoney(candle.open))
    .text(4, formatMoney(candle.close))
    .text(5, formatMoney(candle.high))
    .text(6, formatMoney(candle.low))
    .text(7, formatMoney(candle.volume))
    .text(8, formatMoney(candle.quoteVolume))
    .whole(9, closeTime / 1_000);
}

export function encodeMiniTicker(ticker: PushedMiniTicker): ProtoWriter {
  return new ProtoWriter()
    .text(1, ticker.symbol)
    .text(2, ticker.price)
    .text(3, ticker.rate)
    .text(4, ticker.rate)
    .text(5, ticker.high)
    .text(6, ticker.low)
    .text(7, ticker.quoteVolume)
    .text(8, ticker.baseVolume)
    .text(9, ticker.rate)
    .text(10, ticker.rate)
    .text(11, ticker.high)
    .text(12, ticker.low);
}

function encodeTopPrices(top: PushedTop): ProtoWriter {
  return new ProtoWriter()
    .text(1, textOf(top.bid?.price))
    .text(2, textOf(top.bid?.quantity))
    .text(3, textOf(top.ask?.price))
    .text(4, textOf(top.ask?.quantity));
}

function encodeLevel(level: PushedLevel): ProtoWriter {
  return new ProtoWriter().text(1, formatMoney(level.price)).text(2, formatMoney(level.quantity));
}

function textOf(value: Money | undefined): string {
  return value === undefined ? "" : formatMoney(value);
}
