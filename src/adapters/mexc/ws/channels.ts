import type { CandleInterval } from "../../../core/domain/candle.ts";
import type { MarketTopic } from "../../../core/ports/market-feed.ts";

const INTERVALS: Readonly<Record<CandleInterval, string>> = {
  "1m": "Min1",
  "5m": "Min5",
  "15m": "Min15",
  "30m": "Min30",
  "1h": "Min60",
  "4h": "Hour4",
  "1d": "Day1",
  "1w": "Week1",
  "1M": "Month1",
};

export const PRIVATE_CHANNELS = [
  "spot@private.orders.v3.api.pb",
  "spot@private.deals.v3.api.pb",
  "spot@private.account.v3.api.pb",
] as const;

/** The exchange's channel of a topic. Aggregated channels name the speed before the symbol, the others after it. */
export function channelOf(topic: MarketTopic): string {
  switch (topic.kind) {
    case "trades":
      return `spot@public.aggre.deals.v3.api.pb@100ms@${topic.symbol}`;
    case "book":
      return `spot@public.aggre.depth.v3.api.pb@100ms@${topic.symbol}`;
    case "book-top":
      return `spot@public.aggre.bookTicker.v3.api.pb@100ms@${topic.symbol}`;
    case "candles":
      return `spot@public.kline.v3.api.pb@${topic.symbol}@${INTERVALS[topic.interval]}`;
    case "tickers":
      // Of the day that REST tells about too: the 24 hours until now.
      return "spot@public.miniTickers.v3.api.pb@24H";
  }
}
