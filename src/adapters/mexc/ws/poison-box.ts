import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";

/** A frame or row that could not be read, as far as it is kept. */
export interface PoisonSample {
  /** Wall clock, ms. */
  readonly at: number;
  readonly cause: string;
  /** The beginning of the frame; absent for a row within a frame that could be decoded. */
  readonly hex?: string;
}

/** What could not be read: all of it counted, the newest few kept for diagnostics. */
export interface PoisonBox {
  frame(bytes: Uint8Array, cause: unknown): void;
  row(cause: unknown): void;
  readonly count: number;
  /** Oldest first. */
  readonly samples: readonly PoisonSample[];
}

const MOST_SAMPLES = 16;
const MOST_BYTES = 512;
/** A stream of poison must not fill the disk: after this many lines only every hundredth is written. */
const LINES_IN_FULL = 20;
const LATER_LINES = 100;

export function createPoisonBox(clock: Clock, logger: Logger): PoisonBox {
  let samples: readonly PoisonSample[] = [];
  let count = 0;

  function keep(sample: PoisonSample): void {
    count += 1;
    samples = [...samples.slice(1 - MOST_SAMPLES), sample];
    if (count > LINES_IN_FULL && count % LATER_LINES !== 0) return;
    logger.warn("something on a stream could not be read and was put aside", { ...sample, count });
  }

  return {
    frame(bytes, cause) {
      keep({ at: clock.now(), cause: String(cause), hex: Buffer.from(bytes.subarray(0, MOST_BYTES)).toString("hex") });
    },
    row(cause) {
      keep({ at: clock.now(), cause: String(cause) });
    },
    get count() {
      return count;
    },
    get samples() {
      return samples;
    },
  };
}
