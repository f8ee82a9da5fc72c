import type { CoverageScope } from "../domain/arming/plan-coverage.ts";
import type { ArmingPlan } from "../domain/arming/plan-protection.ts";
import { planProtection } from "../domain/arming/plan-protection.ts";
import type { WantedProtection } from "../domain/arming/wanted-protection.ts";
import type { IntendedAt } from "../domain/execution-order.ts";
import type { FeeTerms } from "../domain/fee-terms.ts";
import type { Fill } from "../domain/fill.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { Price } from "../domain/money.ts";
import { add, ratio, scale } from "../domain/money.ts";
import type { KnownBook } from "../domain/plan-execution.ts";
import type { Position } from "../domain/position.ts";
import { positionFromFills } from "../domain/position.ts";
import type { Denial } from "../domain/risk-request.ts";
import type { Protection } from "../domain/protection.ts";
import type { TradingContext } from "./trading-context.ts";

export type ArmProtectionResult =
  | {
      readonly kind: "armed";
      readonly protection: Protection;
      readonly scope: CoverageScope;
      readonly hindrances: readonly Denial[];
    }
  | { readonly kind: "denied"; readonly denials: readonly Denial[] };

/** What the store and the market know that the ledger does not. */
export interface ArmingSight {
  /** Every fill of the market that is stored. */
  readonly fills: readonly Fill[];
  readonly intendedAt: IntendedAt;
  /** What a sale would get at this moment; undefined when nobody bids. */
  readonly bid: Price | undefined;
  readonly book?: KnownBook;
  /** The account's own; the market's when absent. */
  readonly terms?: FeeTerms;
}

/** What a protection would be, without arming it. @throws AppError when the market's rules cannot be read. */
export async function planArming(
  context: TradingContext,
  wanted: WantedProtection,
  sight: ArmingSight,
  signal: AbortSignal,
): Promise<ArmingPlan> {
  const instrument = await context.instrument(wanted.symbol, signal);
  for (const id of [wanted.entryId, wanted.linkedId]) if (id !== undefined) context.recall(id);
  context.recallWorking();
  const ledger = context.ledger();
  const position = positionFromFills(instrument, sight.fills, "average-cost", sight.intendedAt);
  return planProtection(wanted, {
    instrument,
    ledger,
    balancesKnown: ledger.lock === undefined,
    fills: sight.fills,
    bid: sight.bid,
    ...(sight.terms === undefined ? {} : { terms: sight.terms }),
    ...(sight.book === undefined ? {} : { book: sight.book }),
    averageCost: costOf(instrument, position),
    position: position.quantity,
    protectionId: context.ids.recordId(),
    now: context.clock.now(),
  });
}

/** Fees in an asset of neither side are not in the books' cost: they count at the market's rate, rather than not at all. */
function costOf(
  instrument: Instrument,
  { averageCost, feesElsewhere }: Pick<Position, "averageCost" | "feesElsewhere">,
): Price | undefined {
  if (averageCost === undefined || feesElsewhere.size === 0) return averageCost;
  return scale(averageCost, add(ratio("1"), instrument.takerFee), "up");
}

/**
 * Arms a protection: from then on whoever guards the account acts on it. Sends nothing.
 * @throws AppError STORAGE_FAILED when it could not be written; then nothing is armed.
 */
export async function armProtection(
  context: TradingContext,
  wanted: WantedProtection,
  sight: ArmingSight,
  signal: AbortSignal,
): Promise<ArmProtectionResult> {
  const plan = await planArming(context, wanted, sight, signal);
  if (plan.kind === "denied") return plan;
  const { protection, scope, hindrances } = plan;
  context.publish([{ type: "protection-armed", protection }]);
  return { kind: "armed", protection, scope, hindrances };
}
