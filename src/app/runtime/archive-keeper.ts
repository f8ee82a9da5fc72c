import type { ArchiveHole } from "../../core/domain/archive.ts";
import { planArchive } from "../../core/domain/archive-plan.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import { isWorking } from "../../core/domain/order.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { ArchiveStore, FillStore } from "../../core/ports/stores.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import { pullArchive } from "../../core/use-cases/pull-archive.ts";
import type { AppStore } from "../store/create-store.ts";

export interface ArchivePulled {
  readonly markets: readonly MarketSymbol[];
  /** Found by this pull; `ArchiveStore.ranges` tells of all. */
  readonly holes: readonly ArchiveHole[];
  readonly differences: readonly SettledDifference[];
  /** Markets the exchange refuses to list, each with its word. */
  readonly refused: ReadonlyMap<MarketSymbol, string>;
}

/** Keeps the past of the account whole: pulls what may be missing, market by market, and notes what is whole then. */
export interface ArchiveKeeper {
  /**
   * @param mostQuiet markets at most in which nothing of ours has happened of late
   * @throws AppError when the exchange gives no usable answer; markets pulled before stay pulled.
   */
  pull(mostQuiet: number, signal: AbortSignal): Promise<ArchivePulled>;
}

export interface ArchiveKeeperParts {
  readonly context: TradingContext;
  /** Tries again to write what could not be written. @returns how many batches are in memory only even so. */
  readonly writeAll: () => number;
  readonly archive: ArchiveStore;
  readonly fills: Pick<FillStore, "list">;
  readonly store: AppStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The market is gone, or closed to us; its lists with it. */
const MARKET_REFUSALS: ReadonlySet<string> = new Set(["SYMBOL_UNKNOWN", "SYMBOL_NOT_ALLOWED", "SYMBOL_SUSPENDED"]);
const ACTIVE_MS = 7 * 24 * 3_600_000;

export function createArchiveKeeper(parts: ArchiveKeeperParts): ArchiveKeeper {
  const { context, archive, store, clock, logger } = parts;
  /** Every market that ever saw an order of ours; read once, since what comes later is active at first. */
  let past: ReadonlySet<MarketSymbol> | undefined;

  function activeMarkets(now: Timestamp): readonly MarketSymbol[] {
    const working = [...context.ledger().orders.values()].filter(isWorking).map(({ symbol }) => symbol);
    return [...working, ...context.symbolsSince(now - ACTIVE_MS)];
  }

  /** Where something of ours can have happened that nobody told us of: a past, or a balance that can be sold there. */
  function quietMarkets(): readonly MarketSymbol[] {
    past ??= context.symbolsSince(0);
    const held = new Set(
      [...context.ledger().balances.values()]
        .filter(({ free, locked }) => free + locked > 0n)
        .map(({ asset }) => asset),
    );
    const sellable = [...store.getState().instruments.bySymbol.values()].filter(({ base }) => held.has(base));
    return [...archive.ranges(), ...sellable].map(({ symbol }) => symbol).concat([...past]);
  }

  async function pullOne(symbol: MarketSymbol, signal: AbortSignal) {
    const stored = (since: Timestamp) => parts.fills.list({ symbol, since });
    const pulled = await pullArchive(context, symbol, archive.ranges(), stored, signal);
    // What is only in memory dies with us, and nobody would ask for it again.
    if (parts.writeAll() > 0) return pulled;
    try {
      for (const range of pulled.ranges) archive.note(range);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      logger.warn("what is whole in the archive could not be noted", { code: cause.code, symbol });
    }
    return pulled;
  }

  return {
    async pull(mostQuiet, signal) {
      const now = clock.now();
      const ranges = archive.ranges();
      const markets = planArchive({ ranges, active: activeMarkets(now), quiet: quietMarkets(), now, mostQuiet });
      const holes: ArchiveHole[] = [];
      const differences: SettledDifference[] = [];
      const refused = new Map<MarketSymbol, string>();
      for (const symbol of markets) {
        try {
          const pulled = await pullOne(symbol, signal);
          holes.push(...pulled.holes);
          differences.push(...pulled.differences);
        } catch (cause) {
          // A market that is gone must not keep the others from being whole.
          if (!(cause instanceof AppError) || !MARKET_REFUSALS.has(cause.code)) throw cause;
          refused.set(symbol, cause.message);
        }
      }
      return { markets, holes, differences, refused };
    },
  };
}
