import { recordFrames } from "../stream/record-frames.ts";
import type { RecordedSnapshot } from "../stream/recording.ts";

/** Three seconds of what the Market screen subscribes to: every ticker once, and the selected market ten times a second. */
const PUSHES_A_BEAT = 30;
const TRADES_A_PUSH = 5;

export interface MarketStretch {
  readonly snapshot: RecordedSnapshot;
  /** In the order they are sent; the last one carries every ticker. */
  readonly frames: readonly Buffer[];
  readonly trades: number;
}

export interface StretchOptions {
  readonly seed: number;
  /** Stretches of three seconds. */
  readonly beats: number;
  readonly symbols: number;
}

export const SYMBOL = "BTCUSDT";
/** One subscription each for the tickers, the book and the trades. */
export const CHANNELS = 3;

/** The same bytes for the same options, in whatever process. */
export function recordStretch({ seed, beats, symbols }: StretchOptions): MarketStretch {
  const options = { seed, levels: 1_000, changes: 20, symbols };
  const depth = recordFrames("depth", { ...options, frames: beats * PUSHES_A_BEAT });
  const deals = recordFrames("deals", { ...options, frames: beats * PUSHES_A_BEAT });
  // Of a recording, one frame in four hundred carries all tickers.
  const tickers = recordFrames("mini-tickers", { ...options, frames: beats * 400 });
  const frames: Buffer[] = [];
  for (let beat = 0; beat < beats; beat += 1) {
    for (let push = beat * PUSHES_A_BEAT; push < (beat + 1) * PUSHES_A_BEAT; push += 1) {
      const [change, prints] = [depth.frames[push], deals.frames[push]];
      if (change !== undefined && prints !== undefined) frames.push(change, prints);
    }
    const all = tickers.frames[beat];
    if (all !== undefined) frames.push(all);
  }
  return { snapshot: depth.snapshot, frames, trades: beats * PUSHES_A_BEAT * TRADES_A_PUSH };
}
