import { AppError } from "../../core/domain/errors.ts";
import type { Asset, MarketSymbol } from "../../core/domain/identifiers.ts";
import type { MarketAssets } from "../../core/domain/position.ts";
import type { SettingStore } from "../../core/ports/stores.ts";

/**
 * The two assets of each market we have fills in, kept for the day on which the exchange no longer lists it or cannot be
 * asked. A symbol is never split by guessing.
 */
export interface KnownAssets {
  of(symbol: MarketSymbol): MarketAssets | undefined;
  note(market: MarketAssets): void;
}

export function createKnownAssets(settings: SettingStore): KnownAssets {
  const known = new Map<MarketSymbol, MarketAssets | undefined>();
  const keyOf = (symbol: MarketSymbol) => `market-assets:${symbol}`;

  function of(symbol: MarketSymbol): MarketAssets | undefined {
    if (known.has(symbol)) return known.get(symbol);
    const [base, quote, more] = settings.get(keyOf(symbol))?.split("\t") ?? [];
    const isSound = base !== undefined && quote !== undefined && more === undefined;
    const market = isSound ? { symbol, base: base as Asset, quote: quote as Asset } : undefined;
    known.set(symbol, market);
    return market;
  }

  return {
    of,
    note({ symbol, base, quote }) {
      const held = of(symbol);
      if (held?.base === base && held.quote === quote) return;
      known.set(symbol, { symbol, base, quote });
      try {
        settings.set(keyOf(symbol), `${base}\t${quote}`);
      } catch (cause) {
        // What a look at the books wants to remember is no reason to refuse the look.
        if (!(cause instanceof AppError)) throw cause;
      }
    },
  };
}
