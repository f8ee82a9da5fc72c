import type { AccountId, MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import type { SettingStore } from "../../core/ports/stores.ts";

/**
 * Until when everything that happened to the account in a market stands in the database. Kept by market: an account can
 * be whole in one and never have been asked about in another. Several processes may say so at once; each is right about
 * what it asked, and an earlier moment that overwrites a later one only makes the next ask for more.
 */
export interface WholeUntil {
  /** @returns undefined when it was never whole, or when the moment kept is no help. */
  of(symbol: MarketSymbol, now: Timestamp): Timestamp | undefined;
  /** Call it only once all that happened before the moment is on disk. @throws AppError STORAGE_FAILED */
  note(symbols: Iterable<MarketSymbol>, at: Timestamp): void;
}

export function createWholeUntil(settings: SettingStore, accountId: AccountId): WholeUntil {
  const keyOf = (symbol: MarketSymbol) => `whole-until:${accountId}:${symbol}`;
  return {
    of(symbol, now) {
      const kept = settings.get(keyOf(symbol));
      if (kept === undefined || !/^\d{1,15}$/.test(kept)) return undefined;
      const at = Number(kept);
      // Written by a clock that was ahead: what it means in true time is not known.
      return at > now ? undefined : at;
    },
    note(symbols, at) {
      for (const symbol of symbols) settings.set(keyOf(symbol), String(at));
    },
  };
}
