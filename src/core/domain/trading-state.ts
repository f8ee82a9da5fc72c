/**
 * Whether new orders may leave, as a person or a trip has set it: kept in the store, the same for every process of the
 * account, and the same after a restart. `reducing` allows only what shrinks a holding; `halted` allows cancels alone.
 */
export type HeldState =
  | { readonly kind: "active" }
  | { readonly kind: "reducing"; readonly reason: string }
  | { readonly kind: "halted"; readonly reason: string };

/** `locked` is this process's own, before its first reconcile: it does not yet know what is already out there. */
export type TradingState = HeldState | { readonly kind: "locked"; readonly reason: string };

/** A figure that made a trip, as it stood then. */
export interface TripEvidence {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
}

export const ACTIVE: HeldState = { kind: "active" };

/** A halt is told before a lock: it stays when the lock opens. */
export function effectiveState(held: HeldState, lock: string | undefined): TradingState {
  if (held.kind === "halted" || lock === undefined) return held;
  return { kind: "locked", reason: lock };
}
