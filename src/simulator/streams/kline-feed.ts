import type { SimCandle } from "../engine/candles.ts";
import { closeTimeOf, openTimeOf } from "../engine/intervals.ts";
import type { Interval } from "../engine/intervals.ts";
import type { Market } from "../engine/market.ts";
import { encodeKline } from "../wire/public-messages.ts";
import type { Feed } from "./feed.ts";

const EVERY_MS = 1_000;

/** The growing candle of an interval, every second in which it traded. Nothing says that a candle is closed. */
export function createKlineFeed(market: Market, interval: Interval): Feed {
  const { candles } = market;
  let isChanged = true;
  let closed: SimCandle[] = [];
  let openTime = candles.current(interval)?.openTime;
  return {
    everyMs: EVERY_MS,
    onTrade: (trade) => {
      const isUnsaid = isChanged;
      isChanged = true;
      const opened = openTimeOf(interval, trade.time);
      // A fast recording passes whole candles between two flushes; each is still said as it ended, unless
      // it has been: no frame tells that a candle is over.
      const ended =
        openTime === undefined || opened === openTime || !isUnsaid ? undefined : candles.rows(interval).at(-2);
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
