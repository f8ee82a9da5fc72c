/**
 * Whether new orders may leave. `reducing` allows only what shrinks a holding; `halted` allows cancels alone.
 * `locked` is the state before the first reconcile: we do not yet know what is already out there.
 */
export type TradingState =
  | { readonly kind: "active" }
  | { readonly kind: "locked"; readonly reason: string }
  | { readonly kind: "reducing"; readonly reason: string }
  | { readonly kind: "halted"; readonly reason: string };

export const ACTIVE: TradingState = { kind: "active" };
