import type { AskedPrice } from "./asked-order.ts";
import { priceBy } from "./asked-order.ts";
import type { AskedExits } from "./exit-words.ts";
import type { Instrument } from "./instrument.ts";
import type { Price } from "./money.ts";
import { roundToStep } from "./money.ts";
import type { LegRule } from "./protection.ts";

/** A stop-loss or a take-profit with its level in numbers. */
export interface ExitLevel {
  readonly legId: string;
  readonly rule: Extract<LegRule, { kind: "stop-loss" | "take-profit" }>;
}

/**
 * Counts the levels from a price. On the tick they lie on the side that sells sooner: a stop is rounded up, a take-profit
 * down.
 */
export function exitLevels(exits: AskedExits, from: Price, { tickSize }: Instrument): readonly ExitLevel[] {
  const { stopLoss, takeProfits } = exits;
  const levels: ExitLevel[] = [];
  if (stopLoss !== undefined) {
    const triggerPrice = levelOnTick(stopLoss, from, tickSize, "up");
    levels.push({ legId: "sl", rule: { kind: "stop-loss", triggerPrice } });
  }
  for (const [index, { level, share }] of takeProfits.entries()) {
    const triggerPrice = levelOnTick(level, from, tickSize, "down");
    levels.push({ legId: `tp${index + 1}`, rule: { kind: "take-profit", triggerPrice, share } });
  }
  return levels;
}

export function levelOnTick(asked: AskedPrice, from: Price, tickSize: Price, rounding: "up" | "down"): Price {
  const exact = asked.kind === "fixed" ? asked.price : priceBy(from, asked.by, rounding === "up" ? "sell" : "buy");
  return roundToStep(exact, tickSize, rounding);
}

/** A stop lies below the price it is counted from, anything that waits for a gain above: else it would act at once. */
export function liesOnItsSide(side: "below" | "above", level: Price, from: Price): boolean {
  return side === "below" ? level < from && level > 0n : level > from;
}
