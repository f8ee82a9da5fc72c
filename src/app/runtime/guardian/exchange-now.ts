import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import { exchangeTime, onExchangeClock, shifted, stampOf } from "../../../core/domain/exchange-time.ts";
import type { Clock } from "../../../core/ports/clock.ts";

/** How the exchange's clock stands against ours, as far as it is measured. */
export interface ClockReading {
  /** The exchange's clock minus ours, ms. */
  readonly offsetMs: number;
  /** The truth lies this far around it at most, ms. */
  readonly uncertaintyMs: number;
}

/** What the exchange stamps reaches us at most this much later, ms. */
const TOLD_WITHIN_MS = 2_000;
/** What a stamp of the exchange says of its clock holds for this long, ms: then a clock that was set back counts again. */
const KEPT_MS = 60_000;

/** When it is for the exchange. */
export interface ExchangeNow {
  /** As well as it is known. */
  now(): ExchangeTime;
  /** It is no later than this: what bears a later stamp has not happened yet. */
  latest(): ExchangeTime;
  /** The exchange stamped something with this: its clock stands there at least, whatever was measured. */
  heard(stamp: ExchangeTime): void;
}

export function createExchangeNow(clock: Clock, reading: () => ClockReading): ExchangeNow {
  let newest: { readonly leadMs: number; readonly at: number } | undefined;
  const now = () => onExchangeClock(clock.now(), reading().offsetMs);
  return {
    now,
    latest() {
      const { offsetMs, uncertaintyMs } = reading();
      const measured = onExchangeClock(clock.now(), offsetMs + uncertaintyMs);
      if (newest === undefined) return measured;
      const stamped = exchangeTime(clock.monotonic() + newest.leadMs);
      // A stamp from the future proves that the measurement does not hold any more.
      return stamped > measured ? shifted(stamped, TOLD_WITHIN_MS) : measured;
    },
    heard(stamp) {
      const at = clock.monotonic();
      const leadMs = stampOf(stamp) - at;
      if (newest === undefined || leadMs >= newest.leadMs || at - newest.at > KEPT_MS) newest = { leadMs, at };
    },
  };
}
