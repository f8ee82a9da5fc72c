import type { ExchangeTime } from "../exchange-time.ts";
import { latest } from "../exchange-time.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Price } from "../money.ts";
import { maximum, minimum } from "../money.ts";
import type { Confirmation, Protection, ProtectionLeg } from "../protection.ts";
import { isLegOpen } from "../protection.ts";
import type { Observation } from "./observation.ts";
import { priceOf } from "./observation.ts";
import { isBeyond, levelOf } from "./trigger-level.ts";

/** Successive observations that all said the same. */
export interface Run {
  readonly prints: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  /** The lowest price among them. */
  readonly lowest: Price;
}

interface LegMemory {
  /** The level as it stood last, and the newest print when it came to stand there: one of before says nothing about it. */
  readonly level?: { readonly price: Price; readonly since: ExchangeTime | undefined };
  /** Unbroken up to now: beyond the level, or on its safe side; never both. */
  readonly beyond?: Run;
  readonly safe?: Run;
  /** Trailing: unbroken above the highest price that is confirmed. */
  readonly rise?: Run;
  /** Trailing: the highest price that held as long as the confirmation asks. */
  readonly highest?: Price;
  /** Exits that we refused to send, one after the other, and when the last was. */
  readonly refusals?: { readonly count: number; readonly at: Timestamp };
}

/** What a guardian remembers of the market for one protection. In memory only: who takes over begins anew. */
export interface TriggerMemory {
  /** The newest price of the protection's own source. */
  readonly seen?: { readonly price: Price; readonly at: Timestamp };
  /** The newest print, as the exchange stamped it; others may be told after it. */
  readonly newestPrintAt?: ExchangeTime;
  readonly legs: ReadonlyMap<string, LegMemory>;
}

export const NO_MEMORY: TriggerMemory = { legs: new Map() };

/**
 * Takes in one event of the market. Pure; what the protection does not watch changes nothing.
 * @param hasEntered whether something of the entry is known to be bought: a price from before it says nothing about a
 *   gain on it. Known here, and not by the time of the fill: that is the exchange's clock, and observations bear ours.
 */
export function observe(
  memory: TriggerMemory,
  protection: Protection,
  observation: Observation,
  hasEntered: boolean,
): TriggerMemory {
  const price = priceOf(protection.trigger, observation);
  if (price === undefined || price <= 0n) return memory;
  const { at, printedAt } = observation;
  const newestPrintAt =
    printedAt === undefined ? memory.newestPrintAt : latest(printedAt, memory.newestPrintAt ?? printedAt);
  const legs = new Map(memory.legs);
  for (const leg of protection.legs) {
    if (!isLegOpen(leg)) continue;
    if (!hasEntered && waitsForGain(leg)) continue;
    const known = noteLevel(legs.get(leg.legId) ?? {}, leg, memory.newestPrintAt);
    if (printedAt !== undefined && printedAt < (known.level?.since ?? printedAt)) continue;
    legs.set(leg.legId, observeLeg(known, leg, protection.confirmation, price, at));
  }
  return { seen: { price, at }, legs, ...(newestPrintAt === undefined ? {} : { newestPrintAt }) };
}

/** A level that has moved since: from which print on it counts. */
function noteLevel(memory: LegMemory, leg: ProtectionLeg, newestPrintAt: ExchangeTime | undefined): LegMemory {
  const price = levelOf(leg)?.price;
  if (price === undefined || price === memory.level?.price) return memory;
  return { ...memory, level: { price, since: newestPrintAt } };
}

function waitsForGain({ rule }: ProtectionLeg): boolean {
  return rule.kind === "take-profit" || rule.kind === "break-even";
}

function observeLeg(
  memory: LegMemory,
  leg: ProtectionLeg,
  confirmation: Confirmation,
  price: Price,
  at: Timestamp,
): LegMemory {
  const { beyond, safe, ...rest } = memory;
  const level = levelOf(leg);
  const sided =
    level === undefined
      ? rest
      : isBeyond(level, price)
        ? { ...rest, beyond: longer(beyond, price, at) }
        : { ...rest, safe: longer(safe, price, at) };
  return leg.rule.kind === "trailing-stop" ? observeRise(sided, leg, confirmation, price, at) : sided;
}

/**
 * A high counts once the price stood above the last one for as long as the confirmation asks: one bad print lifts no
 * stop. Before the first one is on disk, nothing is held or it is not activated: then only the latest counts.
 */
function observeRise(
  memory: LegMemory,
  leg: ProtectionLeg,
  confirmation: Confirmation,
  price: Price,
  at: Timestamp,
): LegMemory {
  const { rise, highest: known, ...others } = memory;
  const hasBegun = leg.highest !== undefined;
  const rest = hasBegun && known !== undefined ? { ...others, highest: known } : others;
  const floor = hasBegun ? highestOf(known, leg.highest) : activationFloor(leg);
  if (price <= floor) return rest;
  const longerRise = longer(rise, price, at);
  if (!isLongEnough(longerRise, confirmation))
    return { ...rest, ...(known === undefined ? {} : { highest: known }), rise: longerRise };
  const highest = longerRise.lowest;
  return price > highest ? { ...rest, highest, rise: longer(undefined, price, at) } : { ...rest, highest };
}

function highestOf(inMemory: Price | undefined, onDisk: Price): Price {
  return inMemory === undefined ? onDisk : maximum(inMemory, onDisk);
}

function activationFloor({ rule }: ProtectionLeg): Price {
  if (rule.kind !== "trailing-stop" || rule.activationPrice === undefined) return 0n as Price;
  return (rule.activationPrice - 1n) as Price;
}

function longer(run: Run | undefined, price: Price, at: Timestamp): Run {
  if (run === undefined) return { prints: 1, firstAt: at, lastAt: at, lowest: price };
  return { ...run, prints: run.prints + 1, lastAt: at, lowest: minimum(run.lowest, price) };
}

function isLongEnough(run: Run | undefined, { prints, holdMs }: Confirmation): run is Run {
  return run !== undefined && run.prints >= prints && run.lastAt - run.firstAt >= holdMs;
}

/** Beyond its level for as long as the confirmation asks, up to the newest observation. */
export function confirmedBeyond(memory: TriggerMemory, protection: Protection, legId: string): Run | undefined {
  const run = memory.legs.get(legId)?.beyond;
  return isLongEnough(run, protection.confirmation) ? run : undefined;
}

/** The same on the safe side of the level. */
export function isConfirmedSafe(memory: TriggerMemory, protection: Protection, legId: string): boolean {
  return isLongEnough(memory.legs.get(legId)?.safe, protection.confirmation);
}

/** An exit that was denied here, before anything was recorded: the next try waits longer each time. */
export function noteRefusal(memory: TriggerMemory, legId: string, at: Timestamp): TriggerMemory {
  const known = memory.legs.get(legId) ?? {};
  const refusals = { count: (known.refusals?.count ?? 0) + 1, at };
  return { ...memory, legs: new Map(memory.legs).set(legId, { ...known, refusals }) };
}
