import type { Asset, Timestamp } from "./identifiers.ts";
import type { Notional, Quantity, Ratio } from "./money.ts";
import { add, ratio, ratioOf, scale, subtract, ZERO_NOTIONAL } from "./money.ts";
import type { StoredTransfer } from "./transfer.ts";
import { settledAt } from "./transfer.ts";
import type { Unvalued } from "./valuation.ts";

/** What the account was worth at one moment. */
export interface EquitySample {
  readonly at: Timestamp;
  readonly quote: Asset;
  /** The worth of all that had a price. */
  readonly known: Notional;
  /** What had none, and why. */
  readonly unknown: readonly Unvalued[];
  /** What was held, where it differs from the sample before. */
  readonly totals: ReadonlyMap<Asset, Quantity> | undefined;
}

export type Figure<T> =
  { readonly kind: "known"; readonly value: T } | { readonly kind: "unknown"; readonly reason: string };

/** How far the account stands below its best, money that came and went left out of it. */
export interface Drawdown {
  /** Now, and at its worst; 0.1 is a tenth below the peak. */
  readonly current: Ratio;
  readonly worst: Ratio;
  readonly peakAt: Timestamp;
  readonly worstAt: Timestamp;
  readonly since: Timestamp;
  /** Stretches between two samples whose return nobody can name; they count as no change. */
  readonly blindStretches: number;
}

const ONE = ratio("1");
const NOTHING = ratio("0");

/**
 * Drawdown by the returns from sample to sample, so that neither a deposit hides one nor a withdrawal looks like one.
 * @param samples oldest first, of one quote. @param transfers in any order.
 */
export function measureDrawdown(
  samples: readonly EquitySample[],
  transfers: readonly StoredTransfer[],
): Figure<Drawdown> {
  const [first, ...rest] = samples;
  if (first === undefined) return { kind: "unknown", reason: "there is no sample of the equity yet" };
  const flows = orderedFlows(transfers);
  let [index, peak, worst]: [Ratio, Ratio, Ratio] = [ONE, ONE, NOTHING];
  let [peakAt, worstAt, blindStretches] = [first.at, first.at, 0];
  let before = first;
  let next = flows.findIndex((flow) => flow.at > first.at);
  for (const sample of rest) {
    let flowed: Notional | undefined = ZERO_NOTIONAL;
    for (
      let flow = next < 0 ? undefined : flows[next];
      flow !== undefined && flow.at <= sample.at;
      flow = flows[next]
    ) {
      flowed = addKnown(flowed, flow.valueIn(sample.quote));
      next += 1;
    }
    if (flowed === undefined || before.known <= 0n || !isComparable(before, sample)) blindStretches += 1;
    else index = scale(index, ratioOf(subtract(sample.known, flowed), before.known, "half-even"), "half-even");
    if (index >= peak) [peak, peakAt] = [index, sample.at];
    const below = belowPeak(index, peak);
    if (below > worst) [worst, worstAt] = [below, sample.at];
    before = sample;
  }
  const current = belowPeak(index, peak);
  return { kind: "known", value: { current, worst, peakAt, worstAt, since: first.at, blindStretches } };
}

function belowPeak(index: Ratio, peak: Ratio): Ratio {
  return peak <= 0n ? NOTHING : subtract(ONE, ratioOf(index, peak, "half-even"));
}

/** What the account gained since a moment, money that came and went left out of it. */
export interface Gain {
  readonly value: Notional;
  /** Of the sample it is counted from. */
  readonly since: Timestamp;
}

/**
 * @param from the moment; counted from the last sample before it, or the first after it where there is none before.
 * @param samples oldest first, of one quote; the last one is now.
 */
export function measureGain(
  samples: readonly EquitySample[],
  transfers: readonly StoredTransfer[],
  from: Timestamp,
): Figure<Gain> {
  const last = samples.at(-1);
  const start = samples.findLast((sample) => sample.at <= from) ?? samples[0];
  if (last === undefined || start === undefined || start === last) {
    return { kind: "unknown", reason: "there is no earlier sample of the equity to count from" };
  }
  if (!isComparable(start, last)) {
    const odd = differing(start, last).join(", ");
    return { kind: "unknown", reason: `what is held without a price was not the same at both ends: ${odd}` };
  }
  let flowed: Notional | undefined = ZERO_NOTIONAL;
  for (const flow of orderedFlows(transfers)) {
    if (flow.at <= start.at || flow.at > last.at) continue;
    const value = flow.valueIn(last.quote);
    if (value === undefined) return { kind: "unknown", reason: `a ${flow.what} came or went without a price` };
    flowed = addKnown(flowed, value);
  }
  if (flowed === undefined) return { kind: "unknown", reason: "money came or went without a price" };
  return { kind: "known", value: { value: subtract(subtract(last.known, start.known), flowed), since: start.at } };
}

interface Flow {
  readonly at: Timestamp;
  readonly what: string;
  valueIn(quote: Asset): Notional | undefined;
}

function orderedFlows(transfers: readonly StoredTransfer[]): readonly Flow[] {
  return transfers
    .filter((transfer) => transfer.state === "done")
    .map((transfer) => ({
      at: settledAt(transfer),
      what: `${transfer.kind} of ${transfer.asset}`,
      valueIn: (quote: Asset) => {
        if (transfer.asset === quote) return transfer.quantity as bigint as Notional;
        return transfer.worth?.quote === quote ? transfer.worth.value : undefined;
      },
    }))
    .sort((left, right) => left.at - right.at);
}

function addKnown(sum: Notional | undefined, value: Notional | undefined): Notional | undefined {
  return sum === undefined || value === undefined ? undefined : add(sum, value);
}

/** Two sums of what has a price say something about each other only when exactly the same is left out of both. */
function isComparable(left: EquitySample, right: EquitySample): boolean {
  return left.quote === right.quote && differing(left, right).length === 0;
}

function differing(left: EquitySample, right: EquitySample): readonly Asset[] {
  const [a, b] = [quantitiesOf(left), quantitiesOf(right)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((asset) => a.get(asset) !== b.get(asset)).sort();
}

function quantitiesOf({ unknown }: EquitySample): ReadonlyMap<Asset, Quantity> {
  return new Map(unknown.map(({ asset, quantity }) => [asset, quantity]));
}
