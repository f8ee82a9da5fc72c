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
  /** When the newest order in the book was created, in ms; 0 when there is none. */
  readonly newestOrderAt: number;
}

/** The levels that changed from one version to another, both included. */
export interface PushedChanges {
  readonly asks: readonly PushedLevel[];
  readonly bids: readonly PushedLevel[];
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly newestOrderAt: number;
}

export interface PushedDepth {
  readonly asks: readonly PushedLevel[];
  readonly bids: readonly PushedLevel[];
  readonly version: number;
  readonly newestOrderAt: number;
}

/** What the ticker says of one trading day, however that day is cut out. */
interface PushedRates {
  /** Relative to the first price of the day. */
  readonly rate: string;
  /** Relative to the last price of the day before. */
  readonly lastCloseRate: string;
}

export interface PushedMiniTicker {
  readonly symbol: string;
  readonly price: string;
  /** Of the day in UTC+8. */
  readonly home: PushedRates;
  /** Of the day in the zone of the channel. */
  readonly zoned: PushedRates;
  readonly high: string;
  readonly low: string;
  /** The high and low with the last price before these 24 hours among them. */
  readonly lastCloseHigh: string;
  readonly lastCloseLow: string;
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

export function encodeDepthChanges(eventType: string, changes: PushedChanges): ProtoWriter {
  return encodeSides(changes)
    .text(3, eventType)
    .text(4, String(changes.fromVersion))
    .text(5, String(changes.toVersion))
    .whole(6, changes.newestOrderAt);
}

export function encodeLimitDepth(eventType: string, depth: PushedDepth): ProtoWriter {
  return encodeSides(depth).text(3, eventType).text(4, String(depth.version)).whole(5, depth.newestOrderAt);
}

/** The retired form of a depth stream: every single change in turn. */
export function encodeDepthBatch(eventType: string, changes: readonly PushedDepth[]): ProtoWriter {
  const items = changes.map((change) => encodeSides(change).text(3, eventType).text(4, String(change.version)));
  return new ProtoWriter().messages(1, items).text(2, eventType);
}

export function encodeBookTop(top: PushedTop): ProtoWriter {
  return encodeTopPrices(top).text(5, String(top.version)).whole(6, top.newestOrderAt);
}

/** @param tops one after the other, at least one; the version is that of the last */
export function encodeBookTopBatch(tops: readonly PushedTop[]): ProtoWriter {
  const last = tops[tops.length - 1];
  return new ProtoWriter()
    .messages(1, tops.map(encodeTopPrices))
    .text(2, String(last?.version ?? ""))
    .whole(3, last?.newestOrderAt ?? 0);
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
    .text(3, ticker.home.rate)
    .text(4, ticker.zoned.rate)
    .text(5, ticker.high)
    .text(6, ticker.low)
    .text(7, ticker.quoteVolume)
    .text(8, ticker.baseVolume)
    .text(9, ticker.home.lastCloseRate)
    .text(10, ticker.zoned.lastCloseRate)
    .text(11, ticker.lastCloseHigh)
    .text(12, ticker.lastCloseLow);
}

function encodeSides({ asks, bids }: Pick<PushedDepth, "asks" | "bids">): ProtoWriter {
  return new ProtoWriter().messages(1, asks.map(encodeLevel)).messages(2, bids.map(encodeLevel));
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
