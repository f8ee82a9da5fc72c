import type { LeaseRecord } from "./guard-lease.ts";
import { heartbeatAge } from "./guard-lease.ts";
import type { MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Quantity } from "./money.ts";
import { add, formatMoney, minimum, subtract, ZERO_QUANTITY } from "./money.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";
import { isLegOpen } from "./protection.ts";
import type { HeldState } from "./trading-state.ts";

/**
 * `protected` a live stop stands for all that is held, and somebody is there to act on it · `degraded` for a part, or
 * something is in its way · `unprotected` no live stop, or nobody to act on it.
 */
export type BadgeState = "protected" | "degraded" | "unprotected";

/** What a trader may rely on for one position. */
export interface ProtectionBadge {
  readonly state: BadgeState;
  /** Of the process that guards; undefined while none does. */
  readonly pid: number | undefined;
  readonly heartbeatAgeMs: number | undefined;
  /** What is missing, in words; empty when nothing is. */
  readonly reasons: readonly string[];
}

export interface BadgeFacts {
  readonly symbol: MarketSymbol;
  /** What is held. */
  readonly quantity: Quantity;
  /** Any; those of other markets and those that have ended are left out. */
  readonly protections: Iterable<Protection>;
  /** How much of it no other order holds: what a stop could sell; a sale that is linked to one is cancelled first. */
  readonly sellable: Quantity;
  /** How much of the position a protection stands for. */
  readonly covered: (protection: Protection) => Quantity;
  /** The lease of a guardian that lives. */
  readonly lease: LeaseRecord | undefined;
  readonly tradingState: HeldState;
  readonly now: Timestamp;
}

export function protectionBadge(facts: BadgeFacts): ProtectionBadge {
  const { symbol, quantity, lease, now } = facts;
  const armed = [...facts.protections].filter((one) => one.symbol === symbol && one.state === "armed");
  const stopped = armed
    .filter((protection) => protection.legs.some(isStandingStop))
    .reduce((sum, protection) => add(sum, facts.covered(protection)), ZERO_QUANTITY);
  const covered = minimum(stopped, quantity);
  const reasons = armed.flatMap(hindrances);
  const guardian = {
    pid: lease?.pid,
    heartbeatAgeMs: lease === undefined ? undefined : heartbeatAge(lease, now),
  };
  if (lease === undefined && armed.length > 0) reasons.unshift("nobody guards: start `tapedeck guard run`");
  if (covered === 0n) reasons.push("no live stop stands for it");
  else if (covered < quantity) reasons.push(`the stop stands for ${formatMoney(covered)} of ${formatMoney(quantity)}`);
  if (covered > facts.sellable) {
    const held = formatMoney(subtract(covered, facts.sellable));
    reasons.push(`${held} of it is held by other orders, which a stop does not cancel`);
  }
  if (lease === undefined || covered === 0n) return { state: "unprotected", ...guardian, reasons };

  const watched = lease.markets[symbol]?.state;
  if (watched !== "watching") reasons.push(`${symbol} is not watched at present (${watched ?? "not asked for yet"})`);
  if (facts.tradingState.kind === "halted") reasons.push(`trading is halted: ${facts.tradingState.reason}`);
  return { state: reasons.length === 0 ? "protected" : "degraded", ...guardian, reasons };
}

/**
 * Would sell when the price falls far enough, or is selling. A time-stop ends no fall, and a trailing stop stands only
 * from its activation.
 */
function isStandingStop(leg: ProtectionLeg): boolean {
  if (leg.state !== "live" && leg.state !== "exiting") return false;
  if (leg.rule.kind === "stop-loss") return true;
  return leg.rule.kind === "trailing-stop" && (leg.rule.activationPrice === undefined || leg.highest !== undefined);
}

function hindrances({ legs }: Protection): readonly string[] {
  return legs.filter(isLegOpen).flatMap((leg) => {
    if (leg.state === "asking") return [`${leg.legId} was crossed while nobody watched, and waits for your answer`];
    if (leg.state === "recovering") return [`${leg.legId} is armed again once the price is back on its safe side`];
    return leg.blocked === undefined ? [] : [`${leg.legId} cannot sell: ${leg.blocked.message}`];
  });
}
