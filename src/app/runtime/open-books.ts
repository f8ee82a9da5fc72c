import type { AccountStorage, AppParts } from "../app-parts.ts";
import type { Guarding } from "../guarding.ts";
import type { PortfolioBooks } from "../portfolio-books.ts";
import type { AppStore } from "../store/create-store.ts";
import { createPortfolioBooks } from "./create-portfolio-books.ts";
import type { IdleCounter } from "./idle.ts";
import type { KnownAssets } from "./market-assets.ts";
import type { Trading } from "./trading.ts";

export function openBooks(
  parts: AppParts,
  store: AppStore,
  trading: Trading,
  account: AccountStorage,
  knownAssets: KnownAssets,
  badgeOf: Guarding["badge"],
): PortfolioBooks {
  const { exchange, clock, settings } = parts;
  return createPortfolioBooks({
    trading,
    store,
    stores: account.portfolio,
    settings,
    knownAssets,
    history: exchange.transferHistory,
    ranges: account.archive.ranges,
    exchangeNow: () => Math.round(clock.now() + (exchange.health().clock?.offsetMs ?? 0)),
    usualMethod: parts.lotMethod ?? "fifo",
    badgeOf,
  });
}

/** The same books, whose work is counted and ends with the app. */
export function booksWithin(
  books: PortfolioBooks,
  idle: IdleCounter,
  during: (signal: AbortSignal) => AbortSignal,
): PortfolioBooks {
  return {
    ...books,
    refresh: (signal) => idle.track(() => books.refresh(during(signal))),
    sample: (signal) => idle.track(() => books.sample(during(signal))),
    proveBalances: (taken, wish, signal) => idle.track(() => books.proveBalances(taken, wish, during(signal))),
  };
}
