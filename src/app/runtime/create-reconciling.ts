import { reconcileAccount } from "../../core/use-cases/reconcile-account.ts";
import type { PortfolioBooks, ProofWish } from "../portfolio-books.ts";
import type { Reconciling, WholeReconcile } from "../reconciling.ts";
import type { Trading } from "./trading.ts";

export interface ReconcilingParts {
  readonly needTrading: () => Trading;
  readonly books: () => Pick<PortfolioBooks, "proveBalances">;
  /** Which markets a balance can be sold in is told by their rules. */
  readonly readRules: (signal: AbortSignal) => Promise<void>;
  readonly track: <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/** Nothing has been seen twice yet. */
const FIRST_LOOK: ProofWish = { hasSettled: () => false, isAccepted: false };

export function createReconciling(parts: ReconcilingParts): Reconciling {
  async function reconcile(mostQuiet: number, wish: ProofWish, signal: AbortSignal): Promise<WholeReconcile> {
    const { context, archive } = parts.needTrading();
    const summary = await reconcileAccount(context, signal);
    await parts.readRules(signal);
    const pulled = await archive.pull(mostQuiet, signal);
    return {
      ...summary,
      archive: pulled,
      balances: await parts.books().proveBalances(summary.takenBalances, wish, signal),
    };
  }
  return {
    reconcileWhole: (signal, wish = FIRST_LOOK) =>
      parts.track((during) => reconcile(Number.POSITIVE_INFINITY, wish, during), signal),
    proveAgain: (signal, wish) => parts.track((during) => reconcile(0, wish, during), signal),
  };
}
