import type { Notional, Price, Quantity, Ratio } from "../core/domain/money.ts";
import { formatMoney, ratioOf } from "../core/domain/money.ts";
import type { Market } from "./engine/market.ts";
import type { PushedMiniTicker } from "./wire/public-messages.ts";

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

export function dayOf(market: Market, now: number): MarketDay {
  const last = market.lastPrice;
  // A recorded tape keeps its own time, which may be years ago.
  const at = market.tapeIsRecorded ? (market.lastTrade?.time ?? now) : now;
  const statistics = market.candles.day(at);
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

export function miniTickerOf(market: Market, now: number): PushedMiniTicker {
  const day = dayOf(market, now);
  return {
    symbol: market.symbol,
    price: formatMoney(day.last),
    rate: trimZeros(formatMoney(day.changeRatio, 4)),
    high: formatMoney(day.high),
    low: formatMoney(day.low),
    quoteVolume: formatMoney(day.quoteVolume),
    baseVolume: formatMoney(day.volume),
  };
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
