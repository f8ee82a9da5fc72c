import type { Mode } from "../../core/domain/mode.ts";
import { notional, ratio } from "../../core/domain/money.ts";
import type { TripLimits } from "../../core/domain/trip-facts.ts";
import { NO_TRIPS } from "../../core/domain/trip-facts.ts";
import type { ProfileSettings } from "./config-file.ts";

/** Real money is not traded blind or deaf, unless the trader says so. How much may be lost only they can say. */
const LIVE: TripLimits = {
  ...NO_TRIPS,
  errorRate: ratio("0.5"),
  staleDataMs: 60_000,
  clockDrift: true,
  reconcileFailures: 10,
};

/** The trips of a profile: its own, else those of the mode. `false` switches one off. */
export function tripLimits(mode: Mode, chosen: ProfileSettings["trips"] = {}): TripLimits {
  const usual = mode === "live" ? LIVE : NO_TRIPS;
  return {
    dailyLoss: chosen.daily_loss === undefined ? undefined : notional(chosen.daily_loss.USDT),
    drawdown: chosen.drawdown === undefined ? undefined : ratio(chosen.drawdown),
    errorRate: orUsual(chosen.error_rate, ratio, usual.errorRate),
    staleDataMs: orUsual(chosen.stale_data_ms, (ms) => ms, usual.staleDataMs),
    clockDrift: chosen.clock_drift ?? usual.clockDrift,
    reconcileFailures: orUsual(chosen.reconcile_failures, (rounds) => rounds, usual.reconcileFailures),
    becomes: chosen.action === "halt" ? "halted" : "reducing",
  };
}

function orUsual<T, U>(chosen: T | false | undefined, read: (value: T) => U, usual: U | undefined): U | undefined {
  if (chosen === undefined) return usual;
  return chosen === false ? undefined : read(chosen);
}
