import type { MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";

export const CANDLE_INTERVALS = ["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w", "1M"] as const;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];

/** Open, high, low, close and volume of one interval. */
export interface Candle {
  readonly symbol: MarketSymbol;
  readonly interval: CandleInterval;
  readonly openTime: Timestamp;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly baseVolume: Quantity;
  readonly quoteVolume: Notional;
}

const MINUTE = 60_000;
const FIXED_LENGTH_MS: Readonly<Partial<Record<CandleInterval, number>>> = {
  "1m": MINUTE,
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "30m": 30 * MINUTE,
  "1h": 60 * MINUTE,
  "4h": 240 * MINUTE,
  "1d": 1_440 * MINUTE,
};

/** Length in ms of the intervals that divide a day; undefined for weeks and months, which follow the calendar. */
export function intervalLengthMs(interval: CandleInterval): number | undefined {
  return FIXED_LENGTH_MS[interval];
}
