import type { Market } from "../engine/market.ts";
import { ProtoWriter } from "../wire/proto-writer.ts";
import { encodeMiniTicker } from "../wire/public-messages.ts";
import type { Feed } from "./feed.ts";
import { MiniTickers } from "./mini-ticker.ts";
import type { Zone } from "./zone.ts";

const EVERY_MS = 3_000;

/** The day of one market, or of all in one frame, every three seconds whether anything happened or not. */
export function createMiniTickersFeed(
  zone: Zone,
  kind: "publicMiniTicker" | "publicMiniTickers",
  marketsNow: () => Iterable<Market>,
): Feed {
  const tickers = new MiniTickers(zone);
  return {
    everyMs: EVERY_MS,
    produce: (now) => {
      const items = Array.from(marketsNow(), (market) => encodeMiniTicker(tickers.tickerOf(market, now)));
      if (kind === "publicMiniTickers") return [{ kind, body: new ProtoWriter().messages(1, items) }];
      return items.map((body) => ({ kind, body }));
    },
  };
}
