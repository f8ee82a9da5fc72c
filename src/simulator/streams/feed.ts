import type { Price, Quantity } from "../../core/domain/money.ts";
import type { SimCandle } from "../engine/candles.ts";
import type { Exchange } from "../engine/exchange.ts";
import { closeTimeOf, openTimeOf } from "../engine/intervals.ts";
import type { Interval } from "../engine/intervals.ts";
import type { Market } from "../engine/market.ts";
import type { Side, TapeTrade } from "../engine/order.ts";
import { miniTickerOf } from "../market-view.ts";
import { ProtoWriter } from "../wire/proto-writer.ts";
import type { PushedLevel, PushedTop } from "../wire/public-messages.ts";
import {
  encodeBookTop,
  encodeBookTopBatch,
  encodeDeals,
  encodeDepthChanges,
  encodeKline,
  encodeLimitDepth,
  encodeMiniTicker,
} from "../wire/public-messages.ts";
import type { BodyKind } from "../wire/push-frame.ts";
import type { Channel } from "./channel.ts";

export interface FeedOutput {
  readonly kind: BodyKind;
  readonly body: ProtoWriter;
  readonly createTime?: number;
}

/** What one channel has to say, collected between two flushes. */
export interface Feed {
  readonly everyMs: number;
  /** @returns what to push, in order; nothing when there is nothing new */
  readonly produce: (now: number) => readonly FeedOutput[];
  readonly onTrade?: (trade: TapeTrade) => void;
  readonly onLevel?: (side: Side, price: Price, total: Quantity) => void;
  /** A listener joined: say the present state again, where the channel carries a state. */
  readonly repeat?: () => void;
}

const STATE_EVERY_MS = 100;
const KLINE_EVERY_MS = 1_000;
const TICKER_EVERY_MS = 3_000;

/** The feed of a public channel. The market of the channel must exist. */
export function createFeed(channel: Exclude<Channel, { readonly kind: "private" }>, exchange: Exchange): Feed {
  switch (channel.kind) {
    case "deals":
      return dealsFeed(channel.eventType, channel.everyMs);
    case "depth":
      return depthFeed(exchange.market(channel.symbol), channel.eventType, channel.everyMs);
    case "bookTop":
      return topFeed(exchange.market(channel.symbol), channel.everyMs, "publicAggreBookTicker", encodeBookTop);
    case "bookTopBatch":
      return topFeed(exchange.market(channel.symbol), STATE_EVERY_MS, "publicBookTickerBatch", encodeBookTopBatch);
    case "limitDepth":
      return limitDepthFeed(exchange.market(channel.symbol), channel.eventType, channel.levels);
    case "kline":
      return klineFeed(exchange.market(channel.symbol), channel.interval);
    case "miniTicker":
      return miniTickerFeed(exchange.market(channel.symbol));
    case "miniTickers":
      return miniTickersFeed([...exchange.markets.values()]);
  }
}

function dealsFeed(eventType: string, everyMs: number): Feed {
  let trades: TapeTrade[] = [];
  return {
    everyMs,
    onTrade: (trade) => trades.push(trade),
    produce: () => {
      if (trades.length === 0) return [];
      const body = encodeDeals(eventType, trades);
      trades = [];
      return [{ kind: "publicAggreDeals", body }];
    },
  };
}

function depthFeed(market: Market, eventType: string, everyMs: number): Feed {
  const changed: Record<Side, Map<Price, Quantity>> = { BUY: new Map(), SELL: new Map() };
  let pushedVersion = market.book.version;
  return {
    everyMs,
    onLevel: (side, price, total) => changed[side].set(price, total),
    produce: () => {
      const { version } = market.book;
      if (version === pushedVersion) return [];
      const body = encodeDepthChanges(eventType, take(changed.SELL), take(changed.BUY), pushedVersion + 1, version);
      pushedVersion = version;
      return [{ kind: "publicAggreDepths", body }];
    },
  };
}

function topFeed(market: Market, everyMs: number, kind: BodyKind, encode: (top: PushedTop) => ProtoWriter): Feed {
  let said = "";
  return {
    everyMs,
    repeat: () => {
      said = "";
    },
    produce: () => {
      const bid = levelOf(market.book.best("BUY"));
      const ask = levelOf(market.book.best("SELL"));
      const now = [bid?.price, bid?.quantity, ask?.price, ask?.quantity].join();
      if (now === said) return [];
      said = now;
      return [{ kind, body: encode({ bid, ask, version: market.book.version }) }];
    },
  };
}

function limitDepthFeed(market: Market, eventType: string, levels: number): Feed {
  let pushedVersion = 0;
  return {
    everyMs: STATE_EVERY_MS,
    repeat: () => {
      pushedVersion = 0;
    },
    produce: () => {
      const { version } = market.book;
      if (version === pushedVersion) return [];
      pushedVersion = version;
      const [asks, bids] = (["SELL", "BUY"] as const).map((side) =>
        market.book.top(side, levels).map(({ price, total }) => ({ price, quantity: total })),
      );
      return [{ kind: "publicLimitDepths", body: encodeLimitDepth(eventType, asks ?? [], bids ?? [], version) }];
    },
  };
}

function klineFeed(market: Market, interval: Interval): Feed {
  const { candles } = market;
  let isChanged = true;
  let closed: SimCandle[] = [];
  let openTime = candles.current(interval)?.openTime;
  return {
    everyMs: KLINE_EVERY_MS,
    onTrade: (trade) => {
      isChanged = true;
      const opened = openTimeOf(interval, trade.time);
      // A fast recording passes whole candles between two flushes; each is still said as it ended.
      const ended = openTime === undefined || opened === openTime ? undefined : candles.rows(interval).at(-2);
      if (ended !== undefined) closed.push(ended);
      openTime = opened;
    },
    repeat: () => {
      isChanged = true;
    },
    produce: (now) => {
      const current = candles.current(interval);
      if (!isChanged || current === undefined) return [];
      isChanged = false;
      const rows = [...closed, current];
      closed = [];
      return rows.map((candle) => ({
        kind: "publicSpotKline",
        body: encodeKline(interval.stream, candle, closeTimeOf(interval, candle.openTime)),
        createTime: now,
      }));
    },
  };
}

function miniTickerFeed(market: Market): Feed {
  return {
    everyMs: TICKER_EVERY_MS,
    produce: (now) => [{ kind: "publicMiniTicker", body: encodeMiniTicker(miniTickerOf(market, now)) }],
  };
}

function miniTickersFeed(markets: readonly Market[]): Feed {
  return {
    everyMs: TICKER_EVERY_MS,
    produce: (now) => {
      const items = markets.map((market) => encodeMiniTicker(miniTickerOf(market, now)));
      return [{ kind: "publicMiniTickers", body: new ProtoWriter().messages(1, items) }];
    },
  };
}

function take(changed: Map<Price, Quantity>): readonly PushedLevel[] {
  const levels = [...changed].map(([price, quantity]) => ({ price, quantity }));
  changed.clear();
  return levels;
}

function levelOf(level: { readonly price: Price; readonly total: Quantity } | undefined): PushedLevel | undefined {
  return level === undefined ? undefined : { price: level.price, quantity: level.total };
}
