import type { MarketSymbol } from "./identifiers.ts";

/** In what our record and the exchange's say different things. */
export type DifferenceKind =
  /** A balance is not what we last heard. */
  | "balance-differs"
  /** The exchange lists an order that was placed elsewhere: on the web, by another tool. */
  | "foreign-seen"
  /** It lists an order under an id as we mint them, which this record does not hold: another of our machines placed it. */
  | "order-missing-here"
  /** It holds a further order under the client id of one of ours: a request was delivered twice. */
  | "second-order"
  /** We hold an order as resting, and the exchange does not list it as open. */
  | "order-missing-there"
  /** The exchange acknowledged an order once and now shows it nowhere. */
  | "order-vanished"
  /** Whether the exchange took the order is not proven. */
  | "outcome-unknown"
  /** Both know the order, and say different things of it. */
  | "state-differs"
  /** The exchange has executed more of an order than the fills we hold. */
  | "fill-missing-here"
  /** We hold a fill that the exchange does not list. */
  | "fill-unknown-there"
  /** Money came or went without a trade, and the exchange lists it. */
  | "transfer-seen"
  /** A balance changed by more than fills, fees and transfers explain. */
  | "balance-unexplained";

/**
 * What is done about it. `adopt`: theirs becomes ours. `ignore`: theirs is an older view. `investigate`: the exchange is
 * asked about this one thing. `cancel`: nobody wanted it; a person cancels it, since no command of ours asked for it.
 */
export type DifferenceAction = "adopt" | "ignore" | "cancel" | "investigate";

export interface Difference {
  readonly kind: DifferenceKind;
  readonly action: DifferenceAction;
  /** What it is about: the key of an order, an asset, the id of a fill. */
  readonly subject: string;
  readonly symbol?: MarketSymbol;
  /** In words; undefined where one side says nothing. */
  readonly ours?: string;
  readonly theirs?: string;
}

/**
 * How it ended. `settled`: the two agree. `ignored`: nothing was done, on purpose. `waiting`: more time or another word of
 * the exchange will settle it. `needs-person`: nothing we may do by ourselves will.
 */
export type DifferenceOutcome = "settled" | "ignored" | "waiting" | "needs-person";

export interface SettledDifference extends Difference {
  readonly outcome: DifferenceOutcome;
  /** In words, for a person. */
  readonly result: string;
}

/** The same difference, told again, has the same key. */
export function differenceKey(difference: Pick<Difference, "kind" | "subject">): string {
  return `${difference.kind} ${difference.subject}`;
}

export function isOpenOutcome(outcome: DifferenceOutcome): boolean {
  return outcome === "waiting" || outcome === "needs-person";
}

/** Keeps those that are open, by their key. */
export function applySettled(
  open: ReadonlyMap<string, SettledDifference>,
  settled: SettledDifference,
): ReadonlyMap<string, SettledDifference> {
  const next = new Map(open);
  if (isOpenOutcome(settled.outcome)) next.set(differenceKey(settled), settled);
  else next.delete(differenceKey(settled));
  return next;
}
