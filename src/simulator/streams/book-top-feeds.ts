import type { Market } from "../engine/market.ts";
import type { Side } from "../engine/order.ts";
import type { PushedLevel, PushedTop } from "../wire/public-messages.ts";
import { encodeBookTop, encodeBookTopBatch } from "../wire/public-messages.ts";
import type { Feed } from "./feed.ts";

const BATCH_EVERY_MS = 100;

/** The best bid and ask, when one of them changed. */
export function createBookTopFeed(market: Market, everyMs: number): Feed {
  let pushed: PushedTop | undefined;
  return {
    everyMs,
    repeat: () => {
      pushed = undefined;
    },
    produce: () => {
      if (pushed?.version === market.book.version) return [];
      const top = topOf(market);
      if (pushed !== undefined && isSame(pushed, top)) return [];
      pushed = top;
      return [{ kind: "publicAggreBookTicker", body: encodeBookTop(top) }];
    },
  };
}

/** Every best bid and ask there was since the last push, in turn. */
export function createBookTopBatchFeed(market: Market): Feed {
  let last = topOf(market);
  let tops: PushedTop[] = [last];
  return {
    everyMs: BATCH_EVERY_MS,
    onLevel: () => {
      const top = topOf(market);
      if (isSame(top, last)) return;
      last = top;
      tops.push(top);
    },
    repeat: () => {
      if (tops.length === 0) tops.push(last);
    },
    produce: () => {
      if (tops.length === 0) return [];
      const body = encodeBookTopBatch(tops);
      tops = [];
      return [{ kind: "publicBookTickerBatch", body }];
    },
  };
}

function topOf({ book }: Market): PushedTop {
  const best = (side: Side): PushedLevel | undefined => {
    const level = book.best(side);
    return level === undefined ? undefined : { price: level.price, quantity: level.total };
  };
  return { bid: best("BUY"), ask: best("SELL"), version: book.version, newestOrderAt: book.newestOrderAt };
}

function isSame(one: PushedTop, other: PushedTop): boolean {
  return isSameLevel(one.bid, other.bid) && isSameLevel(one.ask, other.ask);
}

function isSameLevel(one: PushedLevel | undefined, other: PushedLevel | undefined): boolean {
  return one?.price === other?.price && one?.quantity === other?.quantity;
}
