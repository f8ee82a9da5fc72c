import type { Exchange } from "../engine/exchange.ts";
import { createDepthBatchFeed, createDepthFeed, createLimitDepthFeed } from "./book-feeds.ts";
import { createBookTopBatchFeed, createBookTopFeed } from "./book-top-feeds.ts";
import type { Channel } from "./channel.ts";
import { createDealsFeed } from "./deals-feed.ts";
import type { Feed } from "./feed.ts";
import { createKlineFeed } from "./kline-feed.ts";
import { createMiniTickersFeed } from "./mini-ticker-feed.ts";

/** The feed of a public channel. The market of the channel must exist. */
export function createFeed(channel: Exclude<Channel, { readonly kind: "private" }>, exchange: Exchange): Feed {
  switch (channel.kind) {
    case "deals":
      return createDealsFeed(channel.eventType, channel.everyMs);
    case "depth":
      return createDepthFeed(exchange.market(channel.symbol), channel.eventType, channel.everyMs);
    case "depthBatch":
      return createDepthBatchFeed(exchange.market(channel.symbol), channel.eventType);
    case "limitDepth":
      return createLimitDepthFeed(exchange.market(channel.symbol), channel.eventType, channel.levels);
    case "bookTop":
      return createBookTopFeed(exchange.market(channel.symbol), channel.everyMs);
    case "bookTopBatch":
      return createBookTopBatchFeed(exchange.market(channel.symbol));
    case "kline":
      return createKlineFeed(exchange.market(channel.symbol), channel.interval);
    case "miniTicker":
      return createMiniTickersFeed(channel.zone, "publicMiniTicker", () => [exchange.market(channel.symbol)]);
    case "miniTickers":
      return createMiniTickersFeed(channel.zone, "publicMiniTickers", () => exchange.markets.values());
  }
}
