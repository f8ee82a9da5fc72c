import type { ClosePlan, ClosePlanResult, WantedClose } from "../core/domain/closing/plan-close.ts";
import type { CloseResult } from "../core/use-cases/close-position.ts";

/** Sells a position. Each throws AppError KEYS_MISSING without an account. */
export interface Closing {
  /** What would be sold at this moment, what stays and why, and what becomes of the protections; does nothing. */
  plan(wanted: WantedClose, signal: AbortSignal): Promise<ClosePlanResult>;
  /**
   * Does what a plan showed, and never sells more than it did. A plan that sells beyond the position has been confirmed.
   * @throws AppError as long as nothing was sold.
   */
  close(plan: ClosePlan, signal: AbortSignal): Promise<CloseResult>;
}

export type { CloseResult };
