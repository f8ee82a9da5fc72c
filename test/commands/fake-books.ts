import type { BalanceProof, PortfolioBooks } from "../../src/app/portfolio-books.ts";
import { asset } from "../../src/core/domain/identifiers.ts";

const NOTHING_KNOWN = { kind: "unknown", reason: "nothing is known here" } as const;

export const NOTHING_PROVEN: BalanceProof = { explanation: NOTHING_KNOWN, differences: [] };

/** Books in which nothing was ever written. */
export function createFakeBooks(over: Partial<PortfolioBooks> = {}): PortfolioBooks {
  return {
    quote: asset("USDT"),
    usualMethod: "fifo",
    why: () => [],
    refresh: () => Promise.resolve(),
    sample: () => Promise.resolve(),
    proveBalances: () => Promise.resolve(NOTHING_PROVEN),
    positions: () => [],
    position: () => undefined,
    unreadable: () => new Map(),
    feeValue: () => () => undefined,
    equity: () => undefined,
    explanation: () => NOTHING_KNOWN,
    transferReadings: () => [],
    transfers: () => [],
    samples: () => [],
    drawdown: () => NOTHING_KNOWN,
    gainSince: () => NOTHING_KNOWN,
    gainToday: () => NOTHING_KNOWN,
    ...over,
  };
}
