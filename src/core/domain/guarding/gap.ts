import type { ExchangeTime } from "../exchange-time.ts";
import { onExchangeClock } from "../exchange-time.ts";
import type { Price } from "../money.ts";
import { maximum, minimum } from "../money.ts";
import type { Protection, ProtectionLeg } from "../protection.ts";
import { isStopLeg } from "../protection.ts";
import { isBeyond, levelOf } from "./trigger-level.ts";

/** What the exchange tells of a time: a print, or the extremes of a candle. Oldest first where there are several. */
export interface PriceSpan {
  readonly low: Price;
  readonly high: Price;
  readonly at: ExchangeTime;
}

export interface Gap {
  /** Since when nobody had watched. */
  readonly since: ExchangeTime;
  readonly until: ExchangeTime;
  /** The exchange's clock minus ours: the time of a stop is a time of ours. */
  readonly offsetMs: number;
  readonly spans: readonly PriceSpan[];
}

export interface Crossing {
  readonly legId: string;
  /** Absent for a time that passed. */
  readonly worstPrice?: Price;
}

/**
 * The stops of a protection that would have sold while nobody watched. Which of them a person still wants sold is not
 * ours to say. Gains that were passed are not told: they go on being watched for.
 */
export function crossedInGap({ legs }: Pick<Protection, "legs">, gap: Gap): readonly Crossing[] {
  const { since } = gap;
  const spans = gap.spans.filter(({ at }) => at > since);
  return legs
    .filter((leg) => leg.state === "live" && isStopLeg(leg))
    .flatMap((leg): readonly Crossing[] => {
      if (leg.rule.kind === "time-stop") {
        const at = onExchangeClock(leg.rule.at, gap.offsetMs);
        return at > since && at <= gap.until ? [{ legId: leg.legId }] : [];
      }
      const worstPrice = worstBeyond(leg, spans);
      return worstPrice === undefined ? [] : [{ legId: leg.legId, worstPrice }];
    });
}

/** The lowest price at or below the level; undefined where none was. */
function worstBeyond(leg: ProtectionLeg, spans: readonly PriceSpan[]): Price | undefined {
  let worst: Price | undefined;
  let highest = leg.highest;
  for (const { low, high } of spans) {
    highest = raised(leg, highest, high);
    const level = levelOf({ rule: leg.rule, ...(highest === undefined ? {} : { highest }) });
    if (level !== undefined && isBeyond(level, low)) worst = worst === undefined ? low : minimum(worst, low);
  }
  return worst;
}

/** Within a candle the high is taken to have come first: better one question too many than a sale nobody asked for. */
function raised({ rule }: ProtectionLeg, highest: Price | undefined, seen: Price): Price | undefined {
  if (rule.kind !== "trailing-stop") return undefined;
  if (highest !== undefined) return maximum(highest, seen);
  return rule.activationPrice === undefined || seen >= rule.activationPrice ? seen : undefined;
}
