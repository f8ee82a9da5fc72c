import type { AskedPrice } from "../asked-order.ts";
import type { AskedExits } from "../exit-words.ts";
import type { Instrument } from "../instrument.ts";
import { isOnTick } from "../instrument.ts";
import type { Price } from "../money.ts";
import { formatMoney, roundToStep } from "../money.ts";
import type { Denial } from "../risk-request.ts";

/**
 * A level that was typed is taken as it is or not at all: one that is moved in silence acts where nobody expects it. What
 * is worked out from a distance may be rounded, it is shown.
 * @param what for people: "stop", "target"
 */
export function levelDenials(what: string, asked: AskedPrice | undefined, instrument: Instrument): readonly Denial[] {
  if (asked?.kind !== "fixed" || isOnTick(instrument, asked.price)) return [];
  const { price } = asked;
  const { tickSize, quote } = instrument;
  if (price < tickSize) return [belowTick(what, price, instrument)];
  const [lower, upper] = (["down", "up"] as const).map((side) => formatMoney(roundToStep(price, tickSize, side)));
  return [
    {
      code: "LEVEL_OFF_TICK",
      message: `The ${what} of ${formatMoney(price)} ${quote} is off the tick: prices move by ${formatMoney(tickSize)} ${quote}.`,
      hint: `Give ${lower ?? ""} or ${upper ?? ""}.`,
    },
  ];
}

/** Every stop and target that was typed as a price. */
export function exitLevelDenials({ stopLoss, takeProfits }: AskedExits, instrument: Instrument): readonly Denial[] {
  return [
    ...levelDenials("stop", stopLoss, instrument),
    ...takeProfits.flatMap(({ level }) => levelDenials("target", level, instrument)),
  ];
}

/** No price is that low, so it is never reached; moved up to the tick it would be another level. */
export function belowTick(what: string, level: Price, { tickSize, quote }: Instrument): Denial {
  return {
    code: "LEVEL_BELOW_TICK",
    message: `The ${what} of ${formatMoney(level)} ${quote} is below the least price there is, one tick of ${formatMoney(tickSize)} ${quote}.`,
    hint: "Set it where a price can be.",
  };
}
