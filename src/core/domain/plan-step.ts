import type { Money } from "./money.ts";

/** What a step of a plan is about, in the order in which they are told. */
export type PlanStepName = "price" | "size" | "notional" | "fee" | "balance" | "slippage" | "dust";

/** Which rule made the step: what the market asks for, what the trader said, or what the book and the account hold. */
export type PlanRule =
  | "relative-price"
  | "tick-size"
  | "share-of-free"
  | "fee-reserve"
  | "quote-into-base"
  | "quote-decimals"
  | "step-size"
  | "min-quantity"
  | "min-notional"
  | "max-notional"
  | "maker-rate"
  | "taker-rate"
  | "mx-deduct"
  | "free-balance"
  | "book"
  | "book-end"
  | "unsellable-rest";

export interface PlanFigure {
  readonly amount: Money;
  /** The asset the amount is in; prices are in quote. */
  readonly unit: string;
}

/** One step from what was asked to what it comes to, as data: every face renders the same. */
export interface PlanStep {
  readonly step: PlanStepName;
  readonly rule: PlanRule;
  /** Absent where it is not known, or where there is nothing before. */
  readonly before?: PlanFigure;
  /** Absent where it cannot be known; `why` says for what reason. */
  readonly after?: PlanFigure;
  /** In words, with the figures that decided. */
  readonly why: string;
  /** False where the order would fall short: below a limit, above the balance, beyond the book. */
  readonly holds: boolean;
}
