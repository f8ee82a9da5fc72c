import type { App } from "../../app/app.ts";

/** Time between two words about the same trouble. */
export const REPORT_EVERY_MS = 10_000;

type OnConnection = Parameters<App["marketFeed"]["onConnection"]>[0];

/** Says what a stream lost, without a line for each time it did. */
export interface StreamWarnings {
  readonly connection: OnConnection;
  /** Tells what has come together since the last time; for now and then, and for the end. */
  report(): void;
}

export interface StreamWarningsParts {
  readonly warn: (text: string) => void;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** How much could not be read so far. */
  readonly unreadable: () => number;
}

/** A stream that was lost leaves a hole, and whoever reads it has to know. */
export function createStreamWarnings({ warn, now, unreadable }: StreamWarningsParts): StreamWarnings {
  const unreadBefore = unreadable();
  let unreadTold = unreadBefore;
  let connectedBefore = false;
  let isLost = false;
  let isLossTold = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  /** Losses nobody was told of one by one. */
  let untold = 0;

  return {
    connection(state) {
      if (state.kind === "waiting") {
        const isNew = !isLost;
        isLost = true;
        if (now() - toldAt < REPORT_EVERY_MS) {
          if (isNew && connectedBefore) untold += 1;
          return;
        }
        toldAt = now();
        isLossTold = true;
        const seconds = (state.retryInMs / 1_000).toFixed(1);
        warn(`No connection to the exchange: ${state.why}. The next try is in ${seconds} s.`);
      } else if (state.kind === "connected") {
        if (isLost && isLossTold && connectedBefore) warn("Connected again. Events in between are missing.");
        connectedBefore = true;
        isLost = false;
        isLossTold = false;
      }
    },
    report() {
      if (untold > 0) {
        const times = untold === 1 ? "once more" : `${untold} more times`;
        warn(`The connection was lost ${times}. Events in between are missing.`);
        untold = 0;
      }
      const unread = unreadable();
      if (unread === unreadTold) return;
      unreadTold = unread;
      const count = unread - unreadBefore;
      const messages = count === 1 ? "One message" : `${count} messages`;
      warn(`${messages} of the exchange could not be read so far. What they told is missing.`);
    },
  };
}
