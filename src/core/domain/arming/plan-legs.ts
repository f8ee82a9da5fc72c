import type { AskedPrice } from "../asked-order.ts";
import { exitLevels, levelOnTick, liesOnItsSide } from "../exit-levels.ts";
import { breakEvenLevel } from "../guarding/break-even-level.ts";
import { levelOf } from "../guarding/trigger-level.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import type { Price, Ratio } from "../money.ts";
import { formatMoney, subtract } from "../money.ts";
import type { LegRule, ProtectionLeg } from "../protection.ts";
import type { Denial } from "../risk-request.ts";
import { belowTick, exitLevelDenials, levelDenials } from "./level-denials.ts";
import type { WantedProtection } from "./wanted-protection.ts";

export interface LegFacts {
  readonly instrument: Instrument;
  /** Where levels are counted from, and what they are held against. */
  readonly from: Price;
  /** For people: "the present price", "the entry". */
  readonly fromWords: string;
  /** What the covered base cost a unit, fees included; undefined when nobody knows yet. */
  readonly cost: Price | undefined;
  /** The most that a sale is charged. */
  readonly saleRate: Ratio;
  /** The cost follows from the fills to come. */
  readonly costFollows: boolean;
  readonly now: Timestamp;
}

export interface PlannedLegs {
  readonly legs: readonly ProtectionLeg[];
  readonly denials: readonly Denial[];
}

const NO_OFFSET = 0n as Ratio;

/** The legs with their levels in numbers, and every objection to one: a level must lie on its side of the price. */
export function planLegs(wanted: WantedProtection, facts: LegFacts): PlannedLegs {
  const legs: ProtectionLeg[] = [];
  const denials: Denial[] = [];
  const { instrument, from, now } = facts;
  const add = (legId: string, rule: LegRule, more: Partial<ProtectionLeg> = {}) => {
    legs.push({ legId, rule, state: "live", attempts: [], ...more });
  };
  const check = (what: string, level: Price, side: "below" | "above") => {
    if (!liesOnItsSide(side, level, from)) denials.push(wrongSide(what, level, side, facts));
  };
  const upTick = (asked: AskedPrice) => levelOnTick(asked, from, instrument.tickSize, "up");

  // On which side of the price it lies is told of a level only once it is one.
  const offTick = typedLevelDenials(wanted, instrument);
  if (offTick.length > 0) return { legs, denials: offTick };

  for (const { legId, rule } of exitLevels(wanted.exits, from, instrument)) {
    if (rule.kind === "stop-loss") check("stop", rule.triggerPrice, "below");
    else check("target", rule.triggerPrice, "above");
    add(legId, rule);
  }
  if (wanted.trail !== undefined) {
    const { distance, activation } = wanted.trail;
    if (distance.kind === "price" && distance.price >= from)
      check("trailing stop", subtract(from, distance.price), "below");
    const activationPrice = activation === undefined ? undefined : upTick(activation);
    if (activationPrice !== undefined) check("activation price", activationPrice, "above");
    const rule = { kind: "trailing-stop", distance } as const;
    const first = levelOf({ rule, highest: activationPrice ?? from })?.price;
    if (first !== undefined && first > 0n && first < instrument.tickSize)
      denials.push(belowTick("trailing stop", first, instrument));
    // Of an entry it follows only what comes after its first fill.
    const highest = activationPrice === undefined && !facts.costFollows ? { highest: from } : {};
    add("trail", activationPrice === undefined ? rule : { ...rule, activationPrice }, highest);
  }
  if (wanted.breakEven !== undefined) {
    const triggerPrice = upTick(wanted.breakEven);
    check("break-even price", triggerPrice, "above");
    denials.push(...breakEvenDenials(triggerPrice, facts));
    add("be", { kind: "break-even", triggerPrice, offset: NO_OFFSET, saleRate: facts.saleRate });
  }
  if (wanted.until !== undefined) {
    if (wanted.until <= now)
      denials.push(denial("TIME_PASSED", "The time of the time stop has passed.", "Name a later time."));
    add("ts", { kind: "time-stop", at: wanted.until });
  }
  if (legs.length === 0) {
    denials.push(
      denial(
        "PROTECTION_EMPTY",
        "Nothing says when to sell.",
        "Give at least one of --stop, --target, --trail, --break-even, --until.",
      ),
    );
  }
  denials.push(...sameLevels(legs, instrument));
  return { legs, denials };
}

function typedLevelDenials({ exits, trail, breakEven }: WantedProtection, instrument: Instrument): readonly Denial[] {
  return [
    ...exitLevelDenials(exits, instrument),
    ...levelDenials("activation price", trail?.activation, instrument),
    ...levelDenials("break-even price", breakEven, instrument),
  ];
}

function wrongSide(what: string, level: Price, side: "below" | "above", facts: LegFacts): Denial {
  const { quote } = facts.instrument;
  return denial(
    "LEVEL_ON_WRONG_SIDE",
    `The ${what} of ${formatMoney(level)} ${quote} is not ${side} ${facts.fromWords}, ${formatMoney(facts.from)}: it would act at once.`,
    side === "below" ? "Set it lower, or sell now with `tapedeck position close`." : "Set it higher.",
  );
}

function breakEvenDenials(
  triggerPrice: Price,
  { cost, costFollows, saleRate, instrument }: LegFacts,
): readonly Denial[] {
  if (costFollows) return [];
  if (cost === undefined) {
    const message = "What the base cost is not known here, so nobody can tell where it breaks even.";
    return [denial("COST_UNKNOWN", message, "Set a --stop at the price you want instead.")];
  }
  const level = breakEvenLevel(cost, saleRate, instrument, NO_OFFSET);
  if (triggerPrice > level) return [];
  const message = `At ${formatMoney(triggerPrice)} a stop cannot move to the break-even of ${formatMoney(level)}: it would fire at once.`;
  return [denial("BREAK_EVEN_TOO_LOW", message, `Set --break-even above ${formatMoney(level)}.`)];
}

function sameLevels(legs: readonly ProtectionLeg[], { quote }: Instrument): readonly Denial[] {
  const targets = legs.flatMap(({ rule }) => (rule.kind === "take-profit" ? [rule.triggerPrice] : []));
  const twice = targets.find((level, index) => targets.indexOf(level) !== index);
  if (twice === undefined) return [];
  const message = `Two targets stand at ${formatMoney(twice)} ${quote}.`;
  return [denial("TARGET_TWICE", message, "Make one of both, or set them apart.")];
}

function denial(code: string, message: string, hint: string): Denial {
  return { code, message, hint };
}
