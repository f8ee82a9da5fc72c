import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { maximum, minimum, notionalOf } from "../../core/domain/money.ts";
import { DAY_MS } from "../times.ts";
import type { Interval } from "./intervals.ts";
import { INTERVALS, closeTimeOf, openTimeOf } from "./intervals.ts";
import type { TapeTrade } from "./order.ts";

export interface SimCandle {
  readonly openTime: number;
  readonly open: Price;
  high: Price;
  low: Price;
  close: Price;
  volume: Quantity;
  quoteVolume: Notional;
}

/** What was traded before the market opened. */
export interface CandleHistory {
  /** Candles oldest first, of the finest grain that is known for each stretch of time. */
  rows(interval: Interval): readonly SimCandle[];
  /** What the minutes that open in [from, to) add up to; undefined when none does. Cheap: it is asked of every market. */
  minutes(from: number, to: number): DayStatistics | undefined;
}

/** High, low, first price and volumes of the last 24 hours. */
export interface DayStatistics {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly volume: Quantity;
  readonly quoteVolume: Notional;
}

/** The first price of a stretch of time, and the last one before it. */
export interface Opening {
  readonly open: Price;
  readonly lastClose: Price;
}

interface Track {
  readonly interval: Interval;
  readonly rows: SimCandle[];
  closeTime: number;
}

const KEPT_ROWS = 5_000;
const MINUTES = INTERVALS[0] as Interval;
const MINUTE_MS = 60_000;

/** All candles of one market: the history it opened with and what was traded since. */
export class CandleSeries {
  readonly #history: CandleHistory | undefined;
  readonly #past = new Map<string, readonly SimCandle[]>();
  readonly #tracks: readonly Track[] = INTERVALS.map((interval) => ({ interval, rows: [], closeTime: 0 }));
  #closedDay: { readonly minute: number; readonly statistics: DayStatistics | undefined } | undefined;

  constructor(history: CandleHistory | undefined) {
    this.#history = history;
  }

  apply(trade: TapeTrade): void {
    const notional = notionalOf(trade.price, trade.quantity, "half-even");
    for (const track of this.#tracks) {
      const last = track.rows[track.rows.length - 1];
      if (last === undefined || trade.time >= track.closeTime) {
        const openTime = openTimeOf(track.interval, trade.time);
        track.closeTime = closeTimeOf(track.interval, openTime);
        const { price, quantity } = trade;
        track.rows.push({
          openTime,
          open: price,
          high: price,
          low: price,
          close: price,
          volume: quantity,
          quoteVolume: notional,
        });
        if (track.rows.length > KEPT_ROWS) track.rows.splice(0, KEPT_ROWS / 5);
      } else {
        extend(last, trade.price, trade.price, trade.price, trade.quantity, notional);
      }
    }
  }

  /** Every row of an interval, oldest first; the last one may still be growing. */
  rows(interval: Interval): readonly SimCandle[] {
    const live = this.#track(interval).rows;
    const past = this.#pastOf(interval);
    const first = live[0];
    const last = past[past.length - 1];
    if (first === undefined) return past;
    if (last?.openTime === first.openTime) return [...past.slice(0, -1), join(last, first), ...live.slice(1)];
    return past.length === 0 ? live : [...past, ...live];
  }

  /** The row that is growing now, or undefined before the first trade. */
  current(interval: Interval): SimCandle | undefined {
    const live = this.#track(interval).rows;
    const row = live[live.length - 1];
    if (row === undefined || live.length > 1 || interval === MINUTES) return row;
    const past = this.#pastOf(interval);
    const last = past[past.length - 1];
    return last?.openTime === row.openTime ? join(last, row) : row;
  }

  /** Statistics of the 24 hours that end with the minute of `at`; undefined when nothing is known of them. */
  day(at: number): DayStatistics | undefined {
    const minute = openTimeOf(MINUTES, at);
    if (this.#closedDay?.minute !== minute) this.#closedDay = { minute, statistics: this.#closedMinutes(minute) };
    const current = this.current(MINUTES);
    return joinDays(this.#closedDay.statistics, current?.openTime === minute ? current : undefined);
  }

  /** Where the time since the minute `from` began; undefined when nothing was traded since. */
  openingOf(from: number): Opening | undefined {
    const live = this.#track(MINUTES).rows;
    const past = this.#history?.minutes(from, from + MINUTE_MS);
    const open = past?.open ?? live.find((row) => row.openTime >= from)?.open;
    if (open === undefined) return undefined;
    // The invented past has no gaps: a minute opens where the one before it closed.
    const before = live.findLast((row) => row.openTime < from);
    return { open, lastClose: before?.close ?? open };
  }

  #closedMinutes(minute: number): DayStatistics | undefined {
    const from = minute - DAY_MS;
    const live = this.#track(MINUTES).rows.filter((row) => row.openTime < minute && row.openTime >= from);
    return joinDays(this.#history?.minutes(from, minute), summarize(live));
  }

  #track(interval: Interval): Track {
    const track = this.#tracks.find((one) => one.interval === interval);
    if (track === undefined) throw new Error(`no candles of ${interval.rest}`);
    return track;
  }

  #pastOf(interval: Interval): readonly SimCandle[] {
    const known = this.#past.get(interval.rest);
    if (known !== undefined) return known;
    const made = this.#history?.rows(interval) ?? [];
    this.#past.set(interval.rest, made);
    return made;
  }
}

/** Folds rows of a finer grain into rows of `interval`. */
export function aggregateCandles(rows: readonly SimCandle[], interval: Interval): readonly SimCandle[] {
  const folded: SimCandle[] = [];
  for (const row of rows) {
    const openTime = openTimeOf(interval, row.openTime);
    const last = folded[folded.length - 1];
    if (last?.openTime === openTime) extend(last, row.high, row.low, row.close, row.volume, row.quoteVolume);
    else folded.push({ ...row, openTime });
  }
  return folded;
}

function summarize(rows: readonly SimCandle[]): DayStatistics | undefined {
  const [first, ...others] = rows;
  if (first === undefined) return undefined;
  const total = { ...first };
  for (const row of others) extend(total, row.high, row.low, row.close, row.volume, row.quoteVolume);
  return total;
}

function joinDays(earlier: DayStatistics | undefined, later: DayStatistics | undefined): DayStatistics | undefined {
  if (earlier === undefined || later === undefined) return earlier ?? later;
  return {
    open: earlier.open,
    high: maximum(earlier.high, later.high),
    low: minimum(earlier.low, later.low),
    volume: (earlier.volume + later.volume) as Quantity,
    quoteVolume: (earlier.quoteVolume + later.quoteVolume) as Notional,
  };
}

function join(earlier: SimCandle, later: SimCandle): SimCandle {
  const joined = { ...earlier };
  extend(joined, later.high, later.low, later.close, later.volume, later.quoteVolume);
  return joined;
}

function extend(
  candle: SimCandle,
  high: Price,
  low: Price,
  close: Price,
  volume: Quantity,
  quoteVolume: Notional,
): void {
  candle.high = maximum(candle.high, high);
  candle.low = minimum(candle.low, low);
  candle.close = close;
  candle.volume = (candle.volume + volume) as Quantity;
  candle.quoteVolume = (candle.quoteVolume + quoteVolume) as Notional;
}
