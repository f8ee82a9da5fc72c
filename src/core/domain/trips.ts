import type { Trip, TripFacts, TripLimits, TripRule } from "./trip-facts.ts";
import { clockDrift } from "./trips/clock-drift.ts";
import { dailyLoss } from "./trips/daily-loss.ts";
import { drawdown } from "./trips/drawdown.ts";
import { errorRate } from "./trips/error-rate.ts";
import { reconcileFailure } from "./trips/reconcile-failure.ts";
import { staleData } from "./trips/stale-data.ts";

/** Money first: where several come together, its figures are what a person wants to see. */
const TRIPS: readonly TripRule[] = [dailyLoss, drawdown, errorRate, staleData, clockDrift, reconcileFailure];

/** @returns the first that trips. Each looks only at what came after the last resume, so none trips twice for one cause. */
export function findTrip(facts: TripFacts, limits: TripLimits): Trip | undefined {
  for (const rule of TRIPS) {
    const trip = rule(facts, limits);
    if (trip !== undefined) return trip;
  }
  return undefined;
}
