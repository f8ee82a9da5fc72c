import type { ClientOrderId, MarketSymbol } from "../../core/domain/identifiers.ts";
import { seekProof } from "../../core/use-cases/resolve-unknown-order.ts";
import { MANY_UNPROVEN, seekInMarket, unprovenOf } from "../../core/use-cases/seek-many-proofs.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";

/** Least time between two rounds of one market, ms. */
const ROUND_EVERY_MS = 2_000;

/** Looks for the proof of one order. */
export type ProofSeeker = typeof seekProof;

/**
 * Orders are chased one by one, each at its own pace. Where many of a market are, they share one round of its lists: a
 * question for each would use up the exchange's limits for minutes, and hold up everything else that long.
 */
export function createProofRound(): ProofSeeker {
  const underWay = new Map<MarketSymbol, Promise<void>>();
  const askedAt = new Map<MarketSymbol, number>();

  function round(context: TradingContext, symbol: MarketSymbol, signal: AbortSignal): Promise<void> {
    const running = underWay.get(symbol);
    if (running !== undefined) return running;
    const now = context.clock.monotonic();
    // Whoever comes so soon looks again at its own pace.
    if (now - (askedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < ROUND_EVERY_MS) return Promise.resolve();
    const started = seekInMarket(context, symbol, signal).finally(() => {
      underWay.delete(symbol);
      askedAt.set(symbol, context.clock.monotonic());
    });
    underWay.set(symbol, started);
    return started;
  }

  return (context: TradingContext, clientOrderId: ClientOrderId, signal: AbortSignal) => {
    const symbol = context.recall(clientOrderId)?.symbol;
    const isCrowded = symbol !== undefined && unprovenOf(context, symbol).length >= MANY_UNPROVEN;
    return isCrowded ? round(context, symbol, signal) : seekProof(context, clientOrderId, signal);
  };
}
