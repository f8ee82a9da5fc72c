import type { Fill } from "./fill.ts";
import type { OrderId, Timestamp } from "./identifiers.ts";
import type { Execution } from "./lots.ts";
import { byExecution, secondOf } from "./lots.ts";

/** What tells more of when a fill came than its time does. */
export interface ExecutionTrace {
  /** Traded on arrival: its order had not been resting. */
  readonly isTaker: boolean;
  /** When we decided on its order, by our clock; undefined for an order that is not ours, or not known. */
  readonly intendedAt: Timestamp | undefined;
}

/** When we decided on an order. */
export type IntendedAt = (orderId: OrderId) => Timestamp | undefined;

export function traceOf(fill: Pick<Fill, "orderId" | "liquidity">, intendedAt: IntendedAt): ExecutionTrace {
  return { isTaker: fill.liquidity === "taker", intendedAt: intendedAt(fill.orderId) };
}

/**
 * Fills in the order in which they count, by the best evidence there is.
 *
 * The exchange tells whole seconds in its lists and milliseconds on its stream, and its ids follow no order. Within a
 * second in which both sides traded, milliseconds decide where all have them. Else the intents do: a taker's fill came
 * when its order did, and no fill came before its own order was decided on. What is left open goes to where it makes no
 * base of unknown cost: a buy as early as it can have been, a sale as late.
 */
export function inExecutionOrder<T extends Execution>(fills: readonly T[], trace: (fill: T) => ExecutionTrace): T[] {
  const seconds = Map.groupBy(fills.toSorted(byExecution), secondOf);
  return [...seconds.values()].flatMap((ofSecond) => withinSecond(ofSecond, trace));
}

/** @param fills of one second, by `byExecution` */
function withinSecond<T extends Execution>(fills: readonly T[], trace: (fill: T) => ExecutionTrace): readonly T[] {
  if (!isMixed(fills)) return fills;
  const isToldExactly = fills.every(({ at }) => at % 1_000 !== 0);
  const keyed = fills.map((fill) => ({ fill, moment: isToldExactly ? fill.at : likelyMoment(fill, trace(fill)) }));
  // One key for each and equal ones as they were, so the order is total: no three fills can contradict each other.
  return keyed.toSorted((left, right) => compare(left.moment, right.moment)).map(({ fill }) => fill);
}

function isMixed(fills: readonly Pick<Execution, "side">[]): boolean {
  return fills.some(({ side }) => side !== fills[0]?.side);
}

/** Whatever is known to have come before something else has the smaller one. */
function likelyMoment({ side }: Execution, { isTaker, intendedAt }: ExecutionTrace): number {
  if (intendedAt !== undefined && (isTaker || side === "buy")) return intendedAt;
  return side === "buy" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function compare(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
