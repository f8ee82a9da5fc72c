import type { TripRule } from "../trip-facts.ts";

/** A time server may be about to mend it. */
const LONGEST_DRIFT_MS = 60_000;

/** Beyond what the exchange takes nothing is signed: no order, no cancel, no exit leaves. */
export const clockDrift: TripRule = ({ now, resumedAt, clock }, limits) => {
  if (!limits.clockDrift || clock?.beyondSince === undefined) return undefined;
  // A resume that lies ahead was stamped before this very clock was set back.
  const since = resumedAt > now ? clock.beyondSince : Math.max(clock.beyondSince, resumedAt);
  if (now - since < LONGEST_DRIFT_MS) return undefined;
  const value = `${Math.round(clock.offsetMs)} ms`;
  return {
    name: "clock-drift",
    reason: `this machine's clock is ${value} off the exchange's, and nothing can be signed`,
    evidence: [{ what: "clock offset", value, limit: `${clock.largestOffsetMs} ms`, since: clock.beyondSince }],
  };
};
