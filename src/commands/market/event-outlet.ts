import type { LineQueue } from "../output/line-queue.ts";
import type { WatchedEvent } from "./watch-events.ts";

/** Lines that may wait before newer events take the place of those not written yet. */
const BEHIND_LINES = 5_000;
/** Lines held for a reader that has stopped reading; beyond this the stream ends, because trades are never dropped. */
export const MOST_WAITING = 500_000;
/** Books and tops come out at most this often. */
const CONFLATE_MS = 100;

/** Where watched events leave for the reader. */
export interface EventOutlet {
  push(event: WatchedEvent): void;
  /** Events that never came out, because a newer one of the same market took their place while the reader was behind. */
  readonly replaced: number;
  close(): void;
}

export interface EventOutletParts {
  readonly queue: LineQueue;
  readonly toText: (event: WatchedEvent) => string;
  /** Events that may still come out. */
  readonly count: number;
  readonly onCount: () => void;
  /** More than {@link MOST_WAITING} lines wait. */
  readonly onOverflow: () => void;
  /** Calls back once after the wait; returns its cancel. */
  readonly schedule: (run: () => void, waitMs: number) => () => void;
}

/**
 * Passes events on in order. Trades are never dropped. A state (ticker, top, book, candle) gives way to a newer one of
 * its market while the reader is behind, so what waits is bounded by the number of markets.
 */
export function createEventOutlet(parts: EventOutletParts): EventOutlet {
  const { queue, toText, schedule } = parts;
  const latest = new Map<string, WatchedEvent>();
  let left = parts.count;
  let replaced = 0;
  let cancelRelease: (() => void) | undefined;

  function write(event: WatchedEvent): void {
    if (left <= 0) return;
    left -= 1;
    queue.push(toText(event));
    if (left <= 0) parts.onCount();
    else if (queue.waiting > MOST_WAITING) {
      left = 0;
      parts.onOverflow();
    }
  }

  function hold(key: string, event: WatchedEvent, behind: boolean): void {
    if (behind && latest.has(key)) replaced += 1;
    latest.set(key, event);
    cancelRelease ??= schedule(release, CONFLATE_MS);
  }

  function release(): void {
    cancelRelease = undefined;
    if (isBehind()) {
      cancelRelease = schedule(release, CONFLATE_MS);
      return;
    }
    // Counted when it goes out, not when it is replaced.
    for (const event of latest.values()) write(event);
    latest.clear();
  }

  const isBehind = () => queue.waiting > BEHIND_LINES;

  return {
    push(event) {
      if (left <= 0) return;
      if (event.type === "trade") {
        write(event);
        return;
      }
      const behind = isBehind();
      const key = keyOf(event);
      // What is held must not be overtaken by what is newer.
      const conflated = event.type === "book" || event.type === "top";
      if (conflated || behind || latest.has(key)) hold(key, event, behind);
      else write(event);
    },
    get replaced() {
      return replaced;
    },
    close() {
      left = 0;
      cancelRelease?.();
    },
  };
}

function keyOf(event: Exclude<WatchedEvent, { type: "trade" }>): string {
  const { symbol } = event.value;
  return event.type === "candle"
    ? `candle ${symbol} ${event.value.interval} ${event.value.openTime}`
    : `${event.type} ${symbol}`;
}
