import type { TapeTrade } from "../engine/order.ts";
import { encodeDeals } from "../wire/public-messages.ts";
import type { Feed } from "./feed.ts";

/** Every trade since the last push, in order. */
export function createDealsFeed(eventType: string, everyMs: number): Feed {
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
