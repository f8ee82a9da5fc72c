import type { SymbolExecution } from "../../core/domain/explain-balances.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { LotMethod } from "../../core/domain/lots.ts";
import { LOT_METHODS } from "../../core/domain/lots.ts";
import type { MarketAssets, Position, PositionTally } from "../../core/domain/position.ts";
import { createPositionTally } from "../../core/domain/position.ts";
import type { SmallestOrder } from "../../core/domain/round-trip.ts";
import type { ExecutionLog } from "../../core/ports/portfolio-stores.ts";

/** The positions of an account, read from the store once and then advanced by the fills that were written since. */
export interface PositionCache {
  /** Undefined without a fill there, or when nobody knows the market's two assets. */
  of(symbol: MarketSymbol, method: LotMethod): Position | undefined;
  /** Of every market with a fill, by symbol. */
  all(method: LotMethod): readonly Position[];
  /** Markets with fills whose two assets nobody knows, with how many fills; as of the last `all`. */
  unreadable(): ReadonlyMap<MarketSymbol, number>;
}

export interface PositionCacheParts {
  readonly log: ExecutionLog;
  /** A market's two assets, with its rules where they are known. */
  readonly marketOf: (
    symbol: MarketSymbol,
  ) => { readonly assets: MarketAssets; readonly rules?: SmallestOrder } | undefined;
}

/** What is held of one method. */
interface Shelf {
  readonly method: LotMethod;
  readonly tallies: Map<MarketSymbol, PositionTally>;
  /** Every market with a fill is on it. */
  isWhole: boolean;
}

export function createPositionCache({ log, marketOf }: PositionCacheParts): PositionCache {
  const shelves = new Map<LotMethod, Shelf>(
    LOT_METHODS.map((method) => [method, { method, tallies: new Map(), isWhole: false }]),
  );
  const unreadable = new Map<MarketSymbol, number>();
  let mark = log.mark();

  function begin({ method, tallies }: Shelf, symbol: MarketSymbol): PositionTally | undefined {
    const market = marketOf(symbol);
    if (market === undefined) return undefined;
    const tally = createPositionTally(market.assets, method, market.rules);
    tallies.set(symbol, tally);
    return tally;
  }

  function load(shelf: Shelf, symbol: MarketSymbol): PositionTally | undefined {
    const tally = begin(shelf, symbol);
    if (tally === undefined) return undefined;
    log.visit({ symbol, upTo: mark }, (fill) => {
      tally.follow(fill);
    });
    return tally;
  }

  function loadAll(shelf: Shelf): void {
    shelf.tallies.clear();
    unreadable.clear();
    log.visit({ upTo: mark }, (fill) => {
      const tally =
        shelf.tallies.get(fill.symbol) ?? (unreadable.has(fill.symbol) ? undefined : begin(shelf, fill.symbol));
      if (tally === undefined) unreadable.set(fill.symbol, (unreadable.get(fill.symbol) ?? 0) + 1);
      else tally.follow(fill);
    });
    shelf.isWhole = true;
  }

  /** Takes up what was written since, by us or by another process. A fill that belongs earlier has its market read anew. */
  function catchUp(): void {
    const upTo = log.mark();
    if (upTo === mark) return;
    const fresh: SymbolExecution[] = [];
    log.visitWritten({ after: mark, upTo }, (fill) => fresh.push(fill));
    mark = upTo;
    for (const shelf of shelves.values()) {
      const stale = new Set<MarketSymbol>();
      for (const fill of fresh) {
        const tally = shelf.tallies.get(fill.symbol);
        if (tally?.add(fill) === false || (tally === undefined && shelf.isWhole)) stale.add(fill.symbol);
      }
      for (const symbol of stale) {
        if (load(shelf, symbol) === undefined) shelf.isWhole = false;
      }
    }
  }

  const shelfOf = (method: LotMethod): Shelf => {
    const shelf = shelves.get(method);
    if (shelf === undefined) throw new Error(`no lots are kept by ${method}`);
    return shelf;
  };

  return {
    of(symbol, method) {
      catchUp();
      const shelf = shelfOf(method);
      const position = (shelf.tallies.get(symbol) ?? load(shelf, symbol))?.position();
      return position === undefined || position.fills === 0 ? undefined : position;
    },
    all(method) {
      catchUp();
      const shelf = shelfOf(method);
      const isReadable = [...unreadable.keys()].some((symbol) => marketOf(symbol) !== undefined);
      if (!shelf.isWhole || isReadable) loadAll(shelf);
      return [...shelf.tallies.values()]
        .map((tally) => tally.position())
        .filter(({ fills }) => fills > 0)
        .sort((left, right) => (left.symbol < right.symbol ? -1 : 1));
    },
    unreadable: () => unreadable,
  };
}
