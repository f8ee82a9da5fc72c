import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type { MarketStream } from "./market-stream.ts";
import type { SilenceProbeParts } from "./silence-probe.ts";
import { GRACE_MS, probeSilence } from "./silence-probe.ts";
import { every } from "./timer.ts";

export interface SilenceWatch {
  /** How often a stream was found dead on a connection that seemed alive. */
  readonly silences: number;
  close(): void;
}

export interface SilenceWatchParts extends SilenceProbeParts {
  readonly streams: () => Iterable<MarketStream>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Watches each stream by its own pace; PONGs are no sign of life. A silence that is too long is looked into, and only a
 * stream that is proven dead costs its connection, so quiet markets cause no storm of connections.
 */
export function createSilenceWatch(parts: SilenceWatchParts): SilenceWatch {
  const { clock, logger } = parts;
  const lifetime = new AbortController();
  let isLooking = false;
  let silences = 0;

  /** One at a time: where a whole connection fell silent, the first that is proven dead speaks for all. */
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const stream of [...parts.streams()]) {
        if (!stream.isAccepted || !stream.cadence.isSuspicious(clock.monotonic())) continue;
        await judge(stream);
      }
    } finally {
      isLooking = false;
    }
  }

  async function judge(stream: MarketStream): Promise<void> {
    const { channel, connection, cadence } = stream;
    cadence.excuse(clock.monotonic());
    try {
      if ((await probeSilence(stream, parts, lifetime.signal)) === "quiet") return;
    } catch (cause) {
      if (!lifetime.signal.aborted) logger.warn("a silent stream could not be looked into", { cause: String(cause) });
      return;
    }
    silences += 1;
    logger.warn("a stream fell silent while its market goes on", { channel });
    // What it holds is older than the exchange's, and it must not look live until a new socket carries it. A neighbour
    // that is silent too may have died with it, and a quiet market would not show that for a long time.
    for (const one of parts.streams()) {
      if (one.connection === connection && one.cadence.silentForMs(clock.monotonic()) >= GRACE_MS) one.book?.lose();
    }
    connection.renew(`${channel} fell silent`);
  }

  const stop = every(clock, LOOK_EVERY_MS, () => void look());
  return {
    get silences() {
      return silences;
    },
    close() {
      stop();
      lifetime.abort();
    },
  };
}
