import type { MarketSymbol } from "../domain/identifiers.ts";
import type { AccountRights, KeyFacts } from "../domain/key-check.ts";

/** Questions about our key. Each throws AppError when the exchange gives no usable answer. */
export interface KeyInspection {
  fetchKeyFacts(signal: AbortSignal): Promise<KeyFacts>;
  fetchAccountRights(signal: AbortSignal): Promise<AccountRights>;
  /** The markets our key may trade; undefined when the exchange names none. */
  fetchKeyMarkets(signal: AbortSignal): Promise<readonly MarketSymbol[] | undefined>;
  /** The markets that are open to the API at all; undefined when the exchange names none. */
  fetchOpenMarkets(signal: AbortSignal): Promise<readonly MarketSymbol[] | undefined>;
}
