import type { PublicTrade } from "../../../core/domain/public-trade.ts";

/** Puts the trades of overlapping sockets together, each trade once. */
export interface TradeMerger {
  /** @returns those that no socket has told before, in their order. */
  merge(trades: readonly PublicTrade[], source: number): readonly PublicTrade[];
}

/** Keys remembered; far more than a market prints while two sockets overlap. */
const MOST_KEYS = 4_096;

/**
 * Two trades of a millisecond may look exactly alike where the exchange gives no id, so likeness alone proves nothing.
 * Each socket tells every trade once: a trade is new when its socket has told its like more often than anyone before.
 */
export function createTradeMerger(): TradeMerger {
  /** How often a trade of this likeness was handed on. */
  const handedOn = new Map<string, number>();
  /** How often each of the three newest sockets (the old, one passed over, and the next) has told it. */
  let told: readonly { readonly source: number; readonly counts: Map<string, number> }[] = [];

  function countsOf(source: number): Map<string, number> {
    const known = told.find((one) => one.source === source);
    if (known !== undefined) return known.counts;
    const fresh = { source, counts: new Map<string, number>() };
    told = [...told.slice(-2), fresh];
    return fresh.counts;
  }

  function forgetOldest(): void {
    const [oldest] = handedOn.keys();
    if (oldest === undefined) return;
    handedOn.delete(oldest);
    for (const { counts } of told) counts.delete(oldest);
  }

  return {
    merge(trades, source) {
      const counts = countsOf(source);
      return trades.filter((trade) => {
        const key = keyOf(trade);
        // With an id there is no doubt, on whichever socket it comes again.
        if (trade.tradeId !== undefined && handedOn.has(key)) return false;
        const times = (counts.get(key) ?? 0) + 1;
        counts.set(key, times);
        if (times <= (handedOn.get(key) ?? 0)) return false;
        handedOn.set(key, times);
        if (handedOn.size > MOST_KEYS) forgetOldest();
        return true;
      });
    },
  };
}

function keyOf({ tradeId, at, price, quantity, side }: PublicTrade): string {
  return tradeId ?? `${at} ${price} ${quantity} ${side}`;
}
