import type { Timestamp } from "./identifiers.ts";
import type { Notional, Ratio } from "./money.ts";
import type { TripEvidence } from "./trading-state.ts";

/** What makes trading tighten by itself; undefined switches a trip off. */
export interface TripLimits {
  /** Loss since midnight UTC, realised or not, in USDT. */
  readonly dailyLoss: Notional | undefined;
  /** How far the account may fall below its best: 0.2 is a fifth. */
  readonly drawdown: Ratio | undefined;
  /** Share of the orders and cancels of five minutes whose outcome was not told. */
  readonly errorRate: Ratio | undefined;
  /** Age of the newest public data while something of ours depends on it, ms. */
  readonly staleDataMs: number | undefined;
  /** Whether a clock that is too far off to sign with trips. */
  readonly clockDrift: boolean;
  /** Rounds of reconciling that failed one after the other. */
  readonly reconcileFailures: number | undefined;
  /** What a trip does. Halting stops the stops as well. */
  readonly becomes: "reducing" | "halted";
}

export const NO_TRIPS: TripLimits = {
  dailyLoss: undefined,
  drawdown: undefined,
  errorRate: undefined,
  staleDataMs: undefined,
  clockDrift: false,
  reconcileFailures: undefined,
  becomes: "reducing",
};

/** One order or cancel of ours that was sent, or was to be. */
export interface OrderAction {
  readonly at: Timestamp;
  /** Its outcome was not told: a time-out, a 5xx, or no byte could leave. */
  readonly isTrouble: boolean;
}

/** All that the trips look at, as it stands now. What is not known is undefined and trips nothing. */
export interface TripFacts {
  readonly now: Timestamp;
  /** What is older is what a person has seen and resumed from. */
  readonly resumedAt: Timestamp;
  /** In USDT, without what was deposited or withdrawn. */
  readonly gain: { readonly value: Notional; readonly since: Timestamp } | undefined;
  readonly drawdown: { readonly current: Ratio; readonly peakAt: Timestamp } | undefined;
  readonly orderActions: readonly OrderAction[];
  readonly marketData: {
    /** When the newest came, or since when we have waited for any. */
    readonly newestAt: Timestamp;
    /** An order rests or a protection is armed. */
    readonly isNeeded: boolean;
  };
  readonly clock:
    | { readonly offsetMs: number; readonly largestOffsetMs: number; readonly beyondSince: Timestamp | undefined }
    | undefined;
  readonly reconcile: { readonly failures: number; readonly since: Timestamp | undefined };
}

/** Why trading tightens: the name of the trip, what happened in words, and the figures. */
export interface Trip {
  readonly name: string;
  readonly reason: string;
  readonly evidence: readonly TripEvidence[];
}

export type TripRule = (facts: TripFacts, limits: TripLimits) => Trip | undefined;

/** When the day of a moment began, UTC. */
export function startOfDay(at: Timestamp): Timestamp {
  const dayMs = 24 * 3_600_000;
  return Math.floor(at / dayMs) * dayMs;
}
