import type { GuardedElsewhere, LeaseRecord } from "./guard-lease.ts";
import { isHeardOf } from "./guard-lease.ts";
import { exitTroubles, isPressing } from "./guarding/exit-troubles.ts";
import type { ClientOrderId, Timestamp } from "./identifiers.ts";
import type { Order } from "./order.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";
import { isLegOpen } from "./protection.ts";
import type { HeldState } from "./trading-state.ts";

/** Something that goes on only with a person's word or deed. */
export interface GuardConcern {
  readonly kind:
    | "question"
    | "blocked"
    | "exit-unproven"
    | "exit-refused"
    | "nobody-guards"
    | "other-machine-silent"
    | "not-watched"
    | "halted";
  /** In words, without the next step. */
  readonly what: string;
  readonly protection?: Protection;
  readonly leg?: ProtectionLeg;
  /** The exit it is about. */
  readonly exitOrderId?: ClientOrderId;
}

/** How an account is guarded, as any process can see it. */
export interface GuardStatus {
  /** As it stands on disk, alive or not; undefined when nobody has ever guarded. */
  readonly lease: LeaseRecord | undefined;
  /** Whether its holder can act: heartbeat fresh, process there. */
  readonly isAlive: boolean;
  /** Why no process of this machine may guard; undefined where one may. */
  readonly elsewhere?: GuardedElsewhere | undefined;
  /** Ours, ms. */
  readonly now: Timestamp;
  /** Those that are armed, oldest first. */
  readonly protections: readonly Protection[];
  readonly tradingState: HeldState;
  /** Empty when everything that is armed is guarded. */
  readonly concerns: readonly GuardConcern[];
}

/** @param orders those that may still trade, and the exits among the latest ended ones */
export function guardStatus(
  facts: Omit<GuardStatus, "concerns">,
  orders: ReadonlyMap<ClientOrderId, Order>,
): GuardStatus {
  return { ...facts, concerns: concernsOf(facts, orders) };
}

function concernsOf(
  { lease, isAlive, protections, tradingState, elsewhere, now }: Omit<GuardStatus, "concerns">,
  orders: ReadonlyMap<ClientOrderId, Order>,
): readonly GuardConcern[] {
  const concerns = protections.flatMap((protection) => [
    ...exitTroubles(protection, orders)
      .filter((trouble) => isPressing(trouble, orders, now))
      .map(({ what, ...trouble }): GuardConcern => {
        return { ...trouble, protection, what: `${protection.symbol}: ${what}` };
      }),
    ...protection.legs.filter(isLegOpen).flatMap((leg) => legConcerns(protection, leg)),
  ]);
  if (protections.length === 0) return concerns;
  if (tradingState.kind === "halted") {
    concerns.unshift({ kind: "halted", what: `Trading is halted (${tradingState.reason}), so nothing is sold.` });
  }
  if (elsewhere !== undefined) {
    if (isHeardOf(elsewhere, now)) return concerns;
    const what = elsewhere.isLetGo
      ? "This machine waits for the remote to give it the guarding: until then nothing sells from here."
      : `The machine ${elsewhere.host} guards and has not been heard of for ${ageWords(now - elsewhere.seenAt)}: nothing sells from here.`;
    return [{ kind: elsewhere.isLetGo ? "nobody-guards" : "other-machine-silent", what }, ...concerns];
  }
  if (lease === undefined || !isAlive) {
    const count = protections.length === 1 ? "1 protection is" : `${protections.length} protections are`;
    return [{ kind: "nobody-guards", what: `Nobody guards: ${count} armed and will not sell.` }, ...concerns];
  }
  const symbols = [...new Set(protections.map(({ symbol }) => symbol))];
  const unwatched = symbols.filter((symbol) => lease.markets[symbol]?.state !== "watching");
  return [
    ...concerns,
    ...unwatched.map((symbol): GuardConcern => ({ kind: "not-watched", what: `${symbol} is not watched at present.` })),
  ];
}

function legConcerns(protection: Protection, leg: ProtectionLeg): readonly GuardConcern[] {
  const about = { protection, leg };
  if (leg.state === "asking") {
    return [
      { kind: "question", what: `${leg.legId} of ${protection.symbol} was crossed while nobody watched.`, ...about },
    ];
  }
  if (leg.blocked === undefined) return [];
  return [
    { kind: "blocked", what: `${leg.legId} of ${protection.symbol} cannot sell: ${leg.blocked.message}`, ...about },
  ];
}

function ageWords(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}
