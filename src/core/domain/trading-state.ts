import type { Timestamp } from "./identifiers.ts";

/**
 * Whether new orders may leave, as a person or a trip has set it: kept in the store, the same for every process of the
 * account, and the same after a restart. `reducing` allows only what shrinks a holding; `halted` allows cancels alone.
 */
export type HeldState =
  /** With the reason a person gave for resuming, where it was ever anything else. */
  | { readonly kind: "active"; readonly reason?: string }
  | { readonly kind: "reducing"; readonly reason: string }
  | { readonly kind: "halted"; readonly reason: string };

/** `locked` is this process's own, before its first reconcile: it does not yet know what is already out there. */
export type TradingState = HeldState | { readonly kind: "locked"; readonly reason: string };

/** A figure that made a trip, as it stood then. */
export interface TripEvidence {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
  /** From when on the figure was counted. */
  readonly since?: Timestamp;
}

/** The state with who set it, when, and by which figures. */
export interface StateRecord {
  readonly state: HeldState;
  /** `person`, `panic`, `storage`, or the name of a trip; undefined while nobody has ever set it. */
  readonly by: string | undefined;
  readonly at: Timestamp | undefined;
  readonly evidence: readonly TripEvidence[];
}

export const ACTIVE: HeldState = { kind: "active" };
export const NEVER_SET: StateRecord = { state: ACTIVE, by: undefined, at: undefined, evidence: [] };

const SEVERITY: Readonly<Record<HeldState["kind"], number>> = { active: 0, reducing: 1, halted: 2 };

/** Acts of a person, and the halt that is written once the disk takes it. */
const OVERRIDES: ReadonlySet<string> = new Set(["person", "panic", "storage"]);

/**
 * Whether a change may be made to what stands. A person may set what they like. Whatever happens by itself only ever
 * tightens, so that a trip neither loosens a halt nor writes its reason over an earlier one.
 */
export function mayFollow(stands: HeldState["kind"], next: HeldState["kind"], by: string): boolean {
  return OVERRIDES.has(by) || SEVERITY[next] > SEVERITY[stands];
}

/** A halt is told before a lock: it stays when the lock opens. */
export function effectiveState(held: HeldState, lock: string | undefined): TradingState {
  if (held.kind === "halted" || lock === undefined) return held;
  return { kind: "locked", reason: lock };
}
