import type { Price, Quantity } from "../../core/domain/money.ts";
import { notionalOf, toDrawingNumber } from "../../core/domain/money.ts";
import type { CandleHistory, SimCandle } from "../engine/candles.ts";
import { aggregateCandles } from "../engine/candles.ts";
import type { SimInstrument } from "../engine/instrument.ts";
import type { Interval } from "../engine/intervals.ts";
import type { Random } from "../random.ts";
import type { CatalogueRow } from "./catalogue.ts";

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

/** Invents the past of a market, backwards from its opening price, and only when somebody asks for it. */
export function createHistory(options: HistoryOptions): CandleHistory {
  const stretches: (readonly SimCandle[])[] = [];
  let price = options.closingPrice;
  let endTime = Math.floor(options.endTime / MINUTE) * MINUTE;
  const stretch = (at: number): readonly SimCandle[] => {
    while (stretches.length <= at) {
      const grain = GRAINS[stretches.length];
      if (grain === undefined) return [];
      const begin = Math.floor((endTime - grain.rows * grain.stepMs) / grain.alignMs) * grain.alignMs;
      const rows = walkBack(options, price, begin, endTime, grain.stepMs);
      stretches.push(rows);
      price = rows[0]?.open ?? price;
      endTime = begin;
    }
    return stretches[at] ?? [];
  };
  return (interval: Interval) => {
    const rows: SimCandle[] = [];
    for (const [at, grain] of GRAINS.entries()) {
      if (grain.stepMs <= (interval.lengthMs ?? DAY)) rows.unshift(...stretch(at));
    }
    return interval.lengthMs === MINUTE ? rows : aggregateCandles(rows, interval);
  };
}

function walkBack(options: HistoryOptions, close: Price, begin: number, end: number, stepMs: number): SimCandle[] {
  const { instrument, row, random } = options;
  const deviation = row.volatility * Math.sqrt(stepMs / DAY);
  const tick = toDrawingNumber(instrument.tickSize);
  const toPrice = (ticks: number): Price => (BigInt(ticks) * instrument.tickSize) as Price;
  const rows: SimCandle[] = [];
  let closeTicks = Math.max(1, Math.round(toDrawingNumber(close) / tick));
  const anchor = closeTicks;
  for (let openTime = end - stepMs; openTime >= begin; openTime -= stepMs) {
    // A weak pull home keeps years of invented days within sight of the price.
    const drift = Math.log(anchor / closeTicks) * 0.002;
    const openTicks = Math.max(1, Math.round(closeTicks * Math.exp(random.gaussian() * deviation + drift)));
    const high = Math.max(openTicks, closeTicks) * (1 + Math.abs(random.gaussian()) * deviation * 0.4);
    const low = Math.min(openTicks, closeTicks) * (1 - Math.abs(random.gaussian()) * deviation * 0.4);
    const minuteNotional = row.activity * 15_000 * Math.exp(random.gaussian() * 0.6);
    const steps = (minuteNotional * (stepMs / MINUTE)) / row.price / toDrawingNumber(instrument.stepSize);
    const volume = (BigInt(Math.max(1, Math.round(steps))) * instrument.stepSize) as Quantity;
    const middle = ((toPrice(openTicks) + toPrice(closeTicks)) / 2n) as Price;
    rows.push({
      openTime,
      open: toPrice(openTicks),
      high: toPrice(Math.round(high)),
      low: toPrice(Math.max(1, Math.round(low))),
      close: toPrice(closeTicks),
      volume,
      quoteVolume: notionalOf(middle, volume, "down"),
    });
    closeTicks = openTicks;
  }
  return rows.toReversed();
}
