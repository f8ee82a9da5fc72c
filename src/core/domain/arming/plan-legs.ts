import type { AskedPrice } from "../asked-order.ts";
import { priceBy } from "../asked-order.ts";
import { breakEvenLevel } from "../guarding/break-even-level.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import type { Price, Ratio } from "../money.ts";
import { formatMoney, roundToStep } from "../money.ts";
import type { LegRule, ProtectionLeg } from "../protection.ts";
import type { Denial } from "../risk-request.ts";
import type { WantedProtection } from "./wanted-protection.ts";

export interface LegFacts {
  readonly instrument: Instrument;
  /** Where levels are counted from, and what they are held against. */
  readonly from: Price;
  /** For people: "the present price", "the entry". */
  readonly fromWords: string;
  /** What the covered base cost a unit; undefined when nobody knows yet. */
  readonly cost: Price | undefined;
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
  const side = (what: string, level: Price, wantsBelow: boolean) => {
    if (wantsBelow ? level < from && level > 0n : level > from) return;
    denials.push(wrongSide(what, level, wantsBelow, facts));
  };

  const { stopLoss, takeProfits } = wanted.exits;
  if (stopLoss !== undefined) {
    // On the tick it lies on the side that sells sooner.
    const triggerPrice = levelOf(stopLoss, facts, "up");
    side("stop", triggerPrice, true);
    add("sl", { kind: "stop-loss", triggerPrice });
  }
  for (const [index, { level, share }] of takeProfits.entries()) {
    const triggerPrice = levelOf(level, facts, "down");
    side("target", triggerPrice, false);
    add(`tp${index + 1}`, { kind: "take-profit", triggerPrice, share });
  }
  if (wanted.trail !== undefined) {
    const { distance, activation } = wanted.trail;
    if (distance.kind === "price" && distance.price >= from)
      side("trailing stop", (from - distance.price) as Price, true);
    const activationPrice = activation === undefined ? undefined : levelOf(activation, facts, "up");
    if (activationPrice !== undefined) side("activation price", activationPrice, false);
    const rule = { kind: "trailing-stop", distance } as const;
    // Of an entry it follows only what comes after its first fill.
    const highest = activationPrice === undefined && !facts.costFollows ? { highest: from } : {};
    add("trail", activationPrice === undefined ? rule : { ...rule, activationPrice }, highest);
  }
  if (wanted.breakEven !== undefined) {
    const triggerPrice = levelOf(wanted.breakEven, facts, "up");
    side("break-even price", triggerPrice, false);
    denials.push(...breakEvenDenials(triggerPrice, facts));
    add("be", { kind: "break-even", triggerPrice, offset: NO_OFFSET });
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

function levelOf(asked: AskedPrice, { from, instrument }: LegFacts, rounding: "up" | "down"): Price {
  const exact = asked.kind === "fixed" ? asked.price : priceBy(from, asked.by, rounding === "up" ? "sell" : "buy");
  return roundToStep(exact, instrument.tickSize, rounding);
}

function wrongSide(what: string, level: Price, wantsBelow: boolean, facts: LegFacts): Denial {
  const { quote } = facts.instrument;
  return denial(
    "LEVEL_ON_WRONG_SIDE",
    `The ${what} of ${formatMoney(level)} ${quote} is not ${wantsBelow ? "below" : "above"} ${facts.fromWords}, ${formatMoney(facts.from)}: it would act at once.`,
    wantsBelow ? "Set it lower, or sell now with `tapedeck position close`." : "Set it higher.",
  );
}

function breakEvenDenials(triggerPrice: Price, { cost, costFollows, instrument }: LegFacts): readonly Denial[] {
  if (costFollows) return [];
  if (cost === undefined) {
    const message = "What the base cost is not known here, so nobody can tell where it breaks even.";
    return [denial("COST_UNKNOWN", message, "Set a --stop at the price you want instead.")];
  }
  const level = breakEvenLevel(cost, instrument, NO_OFFSET);
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
