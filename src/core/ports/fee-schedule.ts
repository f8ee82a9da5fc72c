import type { MarketSymbol } from "../domain/identifiers.ts";
import type { Ratio } from "../domain/money.ts";

/** What the exchange says this account pays on one market. */
export interface AccountFees {
  readonly makerRate: Ratio;
  readonly takerRate: Ratio;
  /** The account lets its fees be taken in MX, as long as it holds enough. */
  readonly isInMx: boolean;
}

/** @throws AppError when the exchange gives no usable answer. */
export interface FeeSchedule {
  fetchFees(symbol: MarketSymbol, signal: AbortSignal): Promise<AccountFees>;
}
