import type { TradingContext } from "../../core/use-cases/trading-context.ts";

/** The trading half of the core; there is none without an account. */
export interface Trading {
  readonly context: TradingContext;
  onAnomaly(listener: (what: string) => void): void;
  retryWrites(): void;
  publishEnd(): void;
}
