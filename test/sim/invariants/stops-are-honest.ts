import { levelOf, isBeyond } from "../../../src/core/domain/guarding/trigger-level.ts";
import type { Price } from "../../../src/core/domain/money.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import type { LegState, Protection, ProtectionLeg } from "../../../src/core/domain/protection.ts";
import type { TapeTrade } from "../../../src/simulator/engine/order.ts";
import type { ProtectionRecord } from "../world/protection-record.ts";
import { SYMBOL } from "../world/trader.ts";
import type { World } from "../world/world.ts";

/** A break of one and the same guardian that is longer than this is a gap; the product calls 15 s one. */
const LONG_BREAK_MS = 20_000;
/** What lies nearer to the ends of a gap may have been seen, and clocks may be off by some seconds. */
const AFTER_ITS_BEGIN_MS = 10_000;
const BEFORE_ITS_END_MS = 1_000;
const ARMED_A_MOMENT_AGO_MS = 16_000;
const KEPT_CROSSINGS = 500;
/** A print may be told this late: a leg can be back on its safe side by older ones, and fire by those that came after. */
const TOLD_WITHIN_MS = 16_000;
const OPEN_STATES: ReadonlySet<LegState> = new Set(["live", "recovering", "exiting"]);

interface LegTruth {
  /** Prints beyond the level since the leg became live: all that could have made it fire. */
  beyond: number;
  /** When the latest of them were. */
  crossings: number[];
}

interface WatchGap {
  readonly since: number;
  readonly until: number;
}

export interface StopWatch {
  /** Times in which nobody who held the lease heard anything of the market. */
  readonly gaps: readonly WatchGap[];
  /** Looks at what was printed since. */
  look(): void;
}

/**
 * From every print there was, and from which of them reached a guardian: no stop sells on fewer prints than it asks for,
 * and none that was crossed while nobody watched sells before a person has been asked.
 * @param isFine whether the market moves often enough for silence to mean that nobody hears it
 */
export function watchStops(world: World, record: ProtectionRecord, isFine: () => boolean): StopWatch {
  const market = world.exchange.venue.exchange.market(SYMBOL);
  const legs = new Map<string, LegTruth>();
  const gaps: WatchGap[] = [];
  let lastTrade: TapeTrade | undefined = market.lastTrade;
  let heard = { at: world.queue.now, by: "nobody", isFine: true };

  world.onHearing((holder, at) => {
    if (world.disk.guardHolder() !== holder || at <= heard.at) return;
    const isBreak = at - heard.at > LONG_BREAK_MS && heard.isFine && isFine();
    if (holder !== heard.by || isBreak) gaps.push({ since: heard.at, until: at });
    heard = { at, by: holder, isFine: isFine() };
  });

  function truthOf(protectionId: string, legId: string): LegTruth {
    const key = `${protectionId} ${legId}`;
    const known = legs.get(key) ?? { beyond: 0, crossings: [] };
    legs.set(key, known);
    return known;
  }

  function print(price: Price): void {
    for (const protection of record.protections.values()) {
      if (protection.state !== "armed" || protection.trigger !== "last") continue;
      for (const leg of protection.legs) {
        const level = OPEN_STATES.has(leg.state) ? levelOf(leg) : undefined;
        if (level === undefined || !isBeyond(level, price)) continue;
        const truth = truthOf(protection.protectionId, leg.legId);
        truth.beyond += 1;
        if (truth.crossings.push(world.queue.now) > KEPT_CROSSINGS) truth.crossings.shift();
      }
    }
  }

  function look(): void {
    const newest = market.lastTrade;
    if (newest === lastTrade) return;
    const fresh: TapeTrade[] = [];
    for (const trade of market.recentTrades(200)) {
      if (trade === lastTrade) break;
      fresh.push(trade);
    }
    lastTrade = newest;
    for (const trade of fresh.reverse()) print(trade.price);
  }

  record.onStep(({ writer, event, protection, leg }) => {
    if (leg === undefined || protection.trigger !== "last") return;
    const truth = truthOf(protection.protectionId, leg.legId);
    switch (event.type) {
      case "exit-attempted":
      case "leg-fired":
        // What prints make fire, when it has just been live.
        if (leg.state === "live" && leg.rule.kind !== "time-stop") judge(writer.process, protection, leg, truth);
        break;
      case "question-asked":
        legs.delete(`${protection.protectionId} ${leg.legId}`);
        break;
      case "leg-recovered":
        truth.crossings = truth.crossings.filter((at) => world.queue.now - at <= TOLD_WITHIN_MS);
        truth.beyond = truth.crossings.length;
        break;
      case "close-attempted":
      case "exit-blocked":
      case "highest-moved":
      case "leg-ended":
      case "question-answered":
      case "stop-moved":
      case "protection-disarmed":
      case "protection-ended":
    }
  });

  function judge(process: string, protection: Protection, leg: ProtectionLeg, truth: LegTruth): void {
    look();
    const level = levelOf(leg)?.price;
    const name = `${process} lets ${leg.legId} of ${protection.protectionId} fire at ${level === undefined ? "?" : formatMoney(level)}`;
    const { prints } = protection.confirmation;
    if (truth.beyond < prints) {
      world.violate(
        "one-print-never-sells",
        `${name} after ${String(truth.beyond)} prints beyond, asking for ${String(prints)}`,
      );
    }
    if (leg.rule.kind === "take-profit") return;
    const armedAt = record.armedAt.get(protection.protectionId) ?? 0;
    for (const { since, until } of gaps) {
      // In front of a guardian that only had to subscribe to the market.
      if (armedAt > since && until - armedAt <= ARMED_A_MOMENT_AGO_MS) continue;
      const crossed = truth.crossings.find((at) => at > since + AFTER_ITS_BEGIN_MS && at < until - BEFORE_ITS_END_MS);
      if (crossed === undefined) continue;
      const when = `${String(crossed - since)} ms into a gap of ${String(until - since)} ms`;
      world.violate("no-silent-sale", `${name} without a question, although it was crossed ${when}`);
    }
  }

  return { gaps, look };
}
