import type { KeptBase } from "./base-holders.ts";
import type { GuardedElsewhere, LeaseRecord } from "./guard-lease.ts";
import { heartbeatAge, isHeardOf } from "./guard-lease.ts";
import { exitTroubles } from "./guarding/exit-troubles.ts";
import { levelOf } from "./guarding/trigger-level.ts";
import type { ClientOrderId, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { quantizeQuantity } from "./instrument.ts";
import type { Quantity } from "./money.ts";
import { add, formatMoney, minimum, subtract, ZERO_QUANTITY } from "./money.ts";
import type { Order } from "./order.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";
import { armedAmong, isLegOpen } from "./protection.ts";
import { belowLeast, tooSmall } from "./sale-size.ts";
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
  /** Those that may still trade, and the latest ended ones. */
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  /** How much of it no other order holds: what a stop could sell; a sale that is linked to one is cancelled first. */
  readonly sellable: Quantity;
  /** What holds the rest. */
  readonly holders: readonly KeptBase[];
  /** The market's rules, as far as they are read. */
  readonly instrument: Instrument | undefined;
  /** How much of the position a protection stands for. */
  readonly covered: (protection: Protection) => Quantity;
  /** The lease of a guardian that lives. */
  readonly lease: LeaseRecord | undefined;
  /** Why no process of this machine may guard. */
  readonly elsewhere?: GuardedElsewhere | undefined;
  readonly tradingState: HeldState;
  readonly now: Timestamp;
}

export function protectionBadge(facts: BadgeFacts): ProtectionBadge {
  const { symbol, quantity, lease, now } = facts;
  const armed = armedAmong(facts.protections, symbol);
  // While nobody knows what became of an exit, nothing else of its protection happens.
  const reasons = armed.flatMap((one) => [
    ...exitTroubles(one, facts.orders).map(({ what }) => what),
    ...hindrances(one),
  ]);
  let stopped = ZERO_QUANTITY;
  for (const protection of armed) {
    const standing = protection.legs.filter(isStandingStop);
    const stands = standing.length === 0 ? ZERO_QUANTITY : facts.covered(protection);
    const small = stands === 0n ? undefined : tooSmallAtLevel(standing, minimum(stands, facts.sellable), facts);
    if (small === undefined) stopped = add(stopped, stands);
    else if (facts.sellable > 0n) reasons.push(`what its stop could sell is too little: ${small}`);
    else stopped = add(stopped, stands);
  }
  const covered = minimum(stopped, quantity);
  const guardian = {
    pid: lease?.pid,
    heartbeatAgeMs: lease === undefined ? undefined : heartbeatAge(lease, now),
  };
  if (lease === undefined && armed.length > 0) reasons.unshift(whyNobody(facts));
  if (covered === 0n) reasons.push("no live stop stands for it");
  else if (covered < quantity) reasons.push(`the stop stands for ${formatMoney(covered)} of ${formatMoney(quantity)}`);
  if (covered > facts.sellable) {
    const part = facts.sellable === 0n ? "all" : formatMoney(subtract(covered, facts.sellable));
    reasons.push(`${part} of it cannot be sold: ${holderWords(facts)}`);
  }
  const canSell = minimum(covered, facts.sellable);
  if (lease === undefined && canSell > 0n && facts.elsewhere !== undefined && isHeardOf(facts.elsewhere, now)) {
    return { state: "degraded", ...guardian, reasons };
  }
  if (lease === undefined || canSell === 0n) return { state: "unprotected", ...guardian, reasons };

  const watched = lease.markets[symbol]?.state;
  if (watched !== "watching") reasons.push(`${symbol} is not watched at present (${watched ?? "not asked for yet"})`);
  if (facts.tradingState.kind === "halted") reasons.push(`trading is halted: ${facts.tradingState.reason}`);
  return { state: reasons.length === 0 ? "protected" : "degraded", ...guardian, reasons };
}

function whyNobody({ elsewhere, now }: BadgeFacts): string {
  if (elsewhere === undefined) return "nobody guards: start `tapedeck guard run`";
  if (elsewhere.isLetGo) return "this machine waits for the remote to give it the guarding";
  if (isHeardOf(elsewhere, now)) return `the machine ${elsewhere.host} guards it, not this one`;
  return `the machine ${elsewhere.host} guards it and is silent: if it is gone, \`tapedeck guard take-over\``;
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

/**
 * What a stop sells, it sells at about its level: the exchange takes nothing below its least order there.
 * @returns why it would take none of it; undefined where one of the stops could sell, or nobody can tell
 */
function tooSmallAtLevel(
  standing: readonly ProtectionLeg[],
  amount: Quantity,
  { instrument }: BadgeFacts,
): string | undefined {
  if (instrument === undefined) return undefined;
  const whole = quantizeQuantity(instrument, amount);
  const reasons = standing.map((leg) => {
    const level = levelOf(leg)?.price;
    if (level === undefined) return belowLeast(instrument, whole);
    return tooSmall(instrument, whole, { type: "market", expectedPrice: level });
  });
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function holderWords({ holders, symbol }: BadgeFacts): string {
  const words = holders.map((one) => one.words).join("; ");
  const own = holders.find(({ because }) => because === "sale")?.order?.clientOrderId;
  const hint = own === undefined ? "" : `; a stop armed with --oco ${own} cancels it first`;
  return words === "" ? `other orders of ${symbol} hold it` : `${words}, which a stop does not cancel${hint}`;
}

function hindrances({ legs }: Protection): readonly string[] {
  return legs.filter(isLegOpen).flatMap((leg) => {
    if (leg.state === "asking") return [`${leg.legId} was crossed while nobody watched, and waits for your answer`];
    if (leg.state === "recovering") return [`${leg.legId} is armed again once the price is back on its safe side`];
    return leg.blocked === undefined ? [] : [`${leg.legId} cannot sell: ${leg.blocked.message}`];
  });
}
