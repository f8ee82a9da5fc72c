import type { Notional, Price, Quantity, Ratio } from "../core/domain/money.ts";
import { ratioOf } from "../core/domain/money.ts";
import type { Market } from "./engine/market.ts";

/** The last 24 hours of a market, with the last price in place of what is not known. */
export interface MarketDay {
  readonly last: Price;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly volume: Quantity;
  readonly quoteVolume: Notional;
  readonly change: Price;
  /** A fraction: −0.0055 is −0.55 %. */
  readonly changeRatio: Ratio;
}

/** What "now" is on the tape of a market: a recorded one keeps its own time, which may be years ago. */
export function presentOf(market: Market, now: number): number {
  return market.tapeIsRecorded ? (market.lastTrade?.time ?? now) : now;
}

export function dayOf(market: Market, now: number): MarketDay {
  const last = market.lastPrice;
  const statistics = market.candles.day(presentOf(market, now));
  const open = statistics?.open ?? last;
  const change = (last - open) as Price;
  return {
    last,
    open,
    high: statistics?.high ?? last,
    low: statistics?.low ?? last,
    volume: statistics?.volume ?? (0n as Quantity),
    quoteVolume: statistics?.quoteVolume ?? (0n as Notional),
    change,
    changeRatio: ratioOf(change, open, "half-even"),
  };
}
