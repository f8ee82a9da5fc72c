import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { MONEY_DECIMALS, notionalOf, toDrawingNumber } from "../../core/domain/money.ts";
import type { CandleHistory, DayStatistics, SimCandle } from "../engine/candles.ts";
import { aggregateCandles } from "../engine/candles.ts";
import type { SimInstrument } from "../engine/instrument.ts";
import type { Interval } from "../engine/intervals.ts";
import type { Random } from "../random.ts";
import type { CatalogueRow } from "./catalogue-row.ts";

/** Money × money stands at the square of money's scale. */
const SCALE = 10n ** BigInt(MONEY_DECIMALS);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Stretches of history from the newest to the oldest, each of one grain. */
const GRAINS = [
  { stepMs: MINUTE, rows: 1_500, alignMs: 5 * MINUTE },
  { stepMs: 5 * MINUTE, rows: 3_000, alignMs: 60 * MINUTE },
  { stepMs: 60 * MINUTE, rows: 1_500, alignMs: DAY },
  { stepMs: DAY, rows: 600, alignMs: DAY },
] as const;

export interface HistoryOptions {
  readonly instrument: SimInstrument;
  readonly row: CatalogueRow;
  /** The history ends with this price, in the minute before `endTime`. */
  readonly closingPrice: Price;
  readonly endTime: number;
  readonly random: Random;
}

/**
 * Candles of one grain, oldest first, as numbers of ticks and steps: two thousand markets have a day each to tell about,
 * and few are ever asked for a candle.
 */
interface Stretch {
  readonly begin: number;
  readonly stepMs: number;
  readonly firstOpen: number;
  readonly high: Uint32Array | Float64Array;
  readonly low: Uint32Array | Float64Array;
  readonly close: Uint32Array | Float64Array;
  readonly volume: Float64Array;
}

/** Invents the past of a market, backwards from its opening price, and only when somebody asks for it. */
export function createHistory(options: HistoryOptions): CandleHistory {
  const { instrument } = options;
  const stretches: Stretch[] = [];
  let closeTicks = Math.max(
    1,
    Math.round(toDrawingNumber(options.closingPrice) / toDrawingNumber(instrument.tickSize)),
  );
  let endTime = Math.floor(options.endTime / MINUTE) * MINUTE;
  const stretch = (at: number): Stretch | undefined => {
    while (stretches.length <= at) {
      const grain = GRAINS[stretches.length];
      if (grain === undefined) return undefined;
      const begin = Math.floor((endTime - grain.rows * grain.stepMs) / grain.alignMs) * grain.alignMs;
      const walked = walkBack(options, closeTicks, begin, endTime, grain.stepMs);
      stretches.push(walked);
      closeTicks = walked.firstOpen;
      endTime = begin;
    }
    return stretches[at];
  };
  return {
    rows(interval: Interval) {
      const rows: SimCandle[] = [];
      for (const [at, grain] of GRAINS.entries()) {
        const made = grain.stepMs <= (interval.lengthMs ?? DAY) ? stretch(at) : undefined;
        if (made !== undefined) rows.unshift(...candlesOf(made, instrument));
      }
      return interval.lengthMs === MINUTE ? rows : aggregateCandles(rows, interval);
    },
    minutes(from, to) {
      const made = stretch(0);
      return made === undefined ? undefined : summarize(made, from, to, instrument);
    },
  };
}

function walkBack(options: HistoryOptions, lastClose: number, begin: number, end: number, stepMs: number): Stretch {
  const { instrument, row, random } = options;
  const deviation = row.volatility * Math.sqrt(stepMs / DAY);
  const usualSteps = (row.activity * 15_000 * (stepMs / MINUTE)) / row.price / toDrawingNumber(instrument.stepSize);
  const count = Math.max(0, Math.round((end - begin) / stepMs));
  const ticks = () => (lastClose < 2 ** 30 ? new Uint32Array(count) : new Float64Array(count));
  const [high, low, close, volume] = [ticks(), ticks(), ticks(), new Float64Array(count)];
  let closeTicks = lastClose;
  for (let at = count - 1; at >= 0; at -= 1) {
    // A weak pull home keeps years of invented days within sight of the price.
    const drift = Math.log(lastClose / closeTicks) * 0.002;
    const openTicks = Math.max(1, Math.round(closeTicks * Math.exp(random.gaussian() * deviation + drift)));
    close[at] = closeTicks;
    high[at] = Math.round(Math.max(openTicks, closeTicks) * (1 + random.next() * deviation * 0.6));
    low[at] = Math.max(1, Math.round(Math.min(openTicks, closeTicks) * (1 - random.next() * deviation * 0.6)));
    volume[at] = Math.max(1, Math.round(usualSteps * Math.exp((random.next() + random.next() - 1) * 1.4)));
    closeTicks = openTicks;
  }
  return { begin, stepMs, firstOpen: closeTicks, high, low, close, volume };
}

function candlesOf(stretch: Stretch, instrument: SimInstrument): readonly SimCandle[] {
  const { begin, stepMs, high, low, close, volume } = stretch;
  const { tickSize, stepSize } = instrument;
  const price = (ticks: number | undefined) => (BigInt(ticks ?? 1) * tickSize) as Price;
  return Array.from(close, (closeTicks, at): SimCandle => {
    const open = price(openOf(stretch, at));
    const amount = (BigInt(volume[at] ?? 0) * stepSize) as Quantity;
    return {
      openTime: begin + at * stepMs,
      open,
      high: price(high[at]),
      low: price(low[at]),
      close: price(closeTicks),
      volume: amount,
      quoteVolume: notionalOf(((open + price(closeTicks)) / 2n) as Price, amount, "down"),
    };
  });
}

function openOf({ firstOpen, close }: Stretch, at: number): number {
  return close[at - 1] ?? firstOpen;
}

/** The same as folding the candles that open in [from, to), without making them. */
function summarize(stretch: Stretch, from: number, to: number, instrument: SimInstrument): DayStatistics | undefined {
  const { begin, stepMs, high, low, close, volume } = stretch;
  const first = Math.max(0, Math.ceil((from - begin) / stepMs));
  const end = Math.min(close.length, Math.ceil((to - begin) / stepMs));
  if (first >= end) return undefined;
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let steps = 0;
  /** Twice the ticks times the steps: whole while it is small, and bigint beyond. */
  let turnover = 0;
  let largeTurnover = 0n;
  for (let at = first; at < end; at += 1) {
    const amount = volume[at] ?? 0;
    highest = Math.max(highest, high[at] ?? 0);
    lowest = Math.min(lowest, low[at] ?? 0);
    steps += amount;
    const doubledTicks = openOf(stretch, at) + (close[at] ?? 0);
    const product = doubledTicks * amount;
    if (turnover + product < Number.MAX_SAFE_INTEGER) turnover += product;
    else largeTurnover += BigInt(doubledTicks) * BigInt(amount);
  }
  const { tickSize, stepSize } = instrument;
  const doubled = (largeTurnover + BigInt(turnover)) * tickSize * stepSize;
  return {
    open: (BigInt(openOf(stretch, first)) * tickSize) as Price,
    high: (BigInt(highest) * tickSize) as Price,
    low: (BigInt(lowest) * tickSize) as Price,
    volume: (BigInt(steps) * stepSize) as Quantity,
    quoteVolume: (doubled / 2n / SCALE) as Notional,
  };
}
