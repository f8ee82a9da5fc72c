/** How often a stream speaks, and when its silence begins to mean something. All in monotonic ms. */
export interface Cadence {
  heard(now: number): void;
  /** The stream begins (anew): silence counts from here. */
  begin(now: number): void;
  isSuspicious(now: number): boolean;
  silentForMs(now: number): number;
  /** The silence was looked into: the next look comes after as long again, ten minutes at most. */
  excuse(now: number): void;
}

const LEAST_PATIENCE_MS = 15_000;
/** Silence this many times the longest recent pause is no pause any more. */
const PAUSES = 4;
/** The longest pause fades with every push, so that a market which woke up is watched closely again. */
const FADING = 0.98;
const MOST_PATIENCE_MS = 10 * 60_000;

/**
 * @param guaranteedMs for a stream that speaks at a fixed pace whatever the market does; else the pace is learned from
 * what the stream shows, because a quiet market says nothing and is no fault.
 */
export function createCadence(guaranteedMs?: number): Cadence {
  let lastHeard = 0;
  let longestPauseMs = 0;
  /** Not before this is another look worth its price. */
  let nextLookAt = 0;

  const patienceMs = () =>
    guaranteedMs === undefined
      ? Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, PAUSES * longestPauseMs))
      : PAUSES * guaranteedMs;
  return {
    heard(now) {
      longestPauseMs = Math.max(now - lastHeard, longestPauseMs * FADING);
      lastHeard = now;
      nextLookAt = 0;
    },
    begin(now) {
      lastHeard = now;
      nextLookAt = 0;
    },
    isSuspicious: (now) => now - lastHeard > patienceMs() && now >= nextLookAt,
    silentForMs: (now) => now - lastHeard,
    excuse(now) {
      nextLookAt = now + Math.min(MOST_PATIENCE_MS, Math.max(patienceMs(), now - lastHeard));
    },
  };
}
