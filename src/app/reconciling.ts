import type { ReconcileSummary } from "../core/use-cases/reconcile-account.ts";
import type { BalanceProof, ProofWish } from "./portfolio-books.ts";
import type { ArchivePulled } from "./runtime/archive-keeper.ts";

/** A reconcile with all that it rests on: the past of the markets, and the proof of the balances. */
export interface WholeReconcile extends ReconcileSummary {
  readonly archive: ArchivePulled;
  readonly balances: BalanceProof;
}

export interface Reconciling {
  /**
   * Reconciles, pulls the past of every market where something of ours may have happened, and proves that the balances
   * changed by what is known. May take minutes.
   */
  reconcileWhole(signal: AbortSignal, wish?: ProofWish): Promise<WholeReconcile>;
  /** The same once more, with the past of active markets alone: for amounts that the lists may only lag behind. */
  proveAgain(signal: AbortSignal, wish: ProofWish): Promise<WholeReconcile>;
}
