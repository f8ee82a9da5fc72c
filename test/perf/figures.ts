/** The middle of some figures; of two middles the mean. @throws RangeError when there are none */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError("no figures");
  return (upper + lower) / 2;
}

/** The figure that so great a share of the figures does not exceed. @throws RangeError when there are none */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("no figures");
  return found;
}

/** How many times less `ours` takes than `theirs`, by the medians and in the worst and best of the paired rounds. */
export interface Ratio {
  readonly median: number;
  /** By the fastest round of each, which a busy machine disturbs least. */
  readonly fastest: number;
  readonly least: number;
  readonly most: number;
}

/** @param ours and theirs are times of rounds that followed each other, pair by pair */
export function ratioOfRounds(ours: readonly number[], theirs: readonly number[]): Ratio {
  const pairs = ours.map((time, index) => (theirs[index] ?? Number.NaN) / time);
  const fastest = Math.min(...theirs) / Math.min(...ours);
  return { median: median(theirs) / median(ours), fastest, least: Math.min(...pairs), most: Math.max(...pairs) };
}

/** "12.3×". */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

/** Thousands apart: 1234567.8 is "1 234 568". */
export function grouped(figure: number): string {
  return Math.round(figure)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ");
}
