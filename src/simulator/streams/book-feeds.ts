import type { Price, Quantity } from "../../core/domain/money.ts";
import type { Market } from "../engine/market.ts";
import type { Side } from "../engine/order.ts";
import type { PushedDepth, PushedLevel } from "../wire/public-messages.ts";
import { encodeDepthBatch, encodeDepthChanges, encodeLimitDepth } from "../wire/public-messages.ts";
import type { Feed } from "./feed.ts";

const EVERY_MS = 100;

/** Changed levels with their new totals; each push goes on where the one before it ended. */
export function createDepthFeed(market: Market, eventType: string, everyMs: number): Feed {
  const changed: Record<Side, Map<Price, Quantity>> = { BUY: new Map(), SELL: new Map() };
  let pushedVersion = market.book.version;
  return {
    everyMs,
    onLevel: (side, price, total) => changed[side].set(price, total),
    produce: () => {
      const { version, newestOrderAt } = market.book;
      if (version === pushedVersion) return [];
      const body = encodeDepthChanges(eventType, {
        asks: take(changed.SELL),
        bids: take(changed.BUY),
        fromVersion: pushedVersion + 1,
        toVersion: version,
        newestOrderAt,
      });
      pushedVersion = version;
      return [{ kind: "publicAggreDepths", body }];
    },
  };
}

/** The retired depth channel: each change of a level by itself, many in a frame. */
export function createDepthBatchFeed(market: Market, eventType: string): Feed {
  let changes: PushedDepth[] = [];
  return {
    everyMs: EVERY_MS,
    onLevel: (side, price, quantity) => {
      const levels = [{ price, quantity }];
      const { version, newestOrderAt } = market.book;
      const [asks, bids] = side === "SELL" ? [levels, []] : [[], levels];
      changes.push({ asks, bids, version, newestOrderAt });
    },
    produce: () => {
      if (changes.length === 0) return [];
      const body = encodeDepthBatch(eventType, changes);
      changes = [];
      return [{ kind: "publicIncreaseDepthsBatch", body }];
    },
  };
}

/** The best levels of both sides, whole, when one of them changed. */
export function createLimitDepthFeed(market: Market, eventType: string, levels: number): Feed {
  let seenVersion: number | undefined;
  let pushed: Pick<PushedDepth, "asks" | "bids"> | undefined;
  const topOf = (side: Side): readonly PushedLevel[] =>
    market.book.top(side, levels).map(({ price, total }) => ({ price, quantity: total }));
  return {
    everyMs: EVERY_MS,
    repeat: () => {
      seenVersion = undefined;
      pushed = undefined;
    },
    produce: () => {
      const { version, newestOrderAt } = market.book;
      if (version === seenVersion) return [];
      seenVersion = version;
      const [asks, bids] = [topOf("SELL"), topOf("BUY")];
      if (pushed !== undefined && isSame(asks, pushed.asks) && isSame(bids, pushed.bids)) return [];
      pushed = { asks, bids };
      return [{ kind: "publicLimitDepths", body: encodeLimitDepth(eventType, { asks, bids, version, newestOrderAt }) }];
    },
  };
}

function take(changed: Map<Price, Quantity>): readonly PushedLevel[] {
  const levels = Array.from(changed, ([price, quantity]) => ({ price, quantity }));
  changed.clear();
  return levels;
}

function isSame(some: readonly PushedLevel[], others: readonly PushedLevel[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ price, quantity }, at) => price === others[at]?.price && quantity === others[at].quantity)
  );
}
