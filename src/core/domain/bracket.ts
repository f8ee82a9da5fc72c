import { exitLevelDenials } from "./arming/level-denials.ts";
import { baseOf, smallExits } from "./arming/small-exits.ts";
import { exitLevels, liesOnItsSide } from "./exit-levels.ts";
import type { ExitLevel } from "./exit-levels.ts";
import type { AskedExits } from "./exit-words.ts";
import type { ClientOrderId, Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { formatMoney, ZERO_QUANTITY } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";
import { DEFAULT_CONFIRMATION } from "./protection.ts";
import type { Denial } from "./risk-request.ts";
import { expectedPrice } from "./risk-request.ts";

/** What sells again what an order buys, with its levels in numbers. */
export type BracketRules = readonly ExitLevel[];

export type BracketResult =
  | {
      readonly kind: "bracket";
      readonly rules: BracketRules;
      /** Levels that were typed and are none: `rules` has them rounded, for those who show them before they act. */
      readonly offTick: readonly Denial[];
      /** Exits that the exchange would refuse at their own level, should the order fill. */
      readonly hindrances: readonly Denial[];
    }
  | { readonly kind: "impossible"; readonly why: string; readonly code?: string };

/** Counts the levels from the entry: the limit, or for a market order the price seen. */
export function planBracket(exits: AskedExits, draft: OrderDraft, instrument: Instrument): BracketResult {
  const entry = expectedPrice(draft);
  if (entry === undefined) return impossible("there is no entry price to count tp and sl from");
  const offTick = exitLevelDenials(exits, instrument);
  const none = offTick.find(({ code }) => code === "LEVEL_BELOW_TICK");
  // Rounded up to the tick it would be another level, and no rounding that was asked for means that.
  if (none !== undefined) return { ...impossible(lowered(none.message)), code: none.code };
  const rules = exitLevels(exits, entry, instrument);
  for (const { rule } of rules) {
    const side = rule.kind === "stop-loss" ? "below" : "above";
    if (liesOnItsSide(side, rule.triggerPrice, entry)) continue;
    const level = `${formatMoney(rule.triggerPrice)} ${instrument.quote}`;
    const what = rule.kind === "stop-loss" ? "stop" : "take-profit";
    return impossible(`a ${what} at ${level} is not ${side} the entry of ${formatMoney(entry)}`);
  }
  const quantity = baseOf(draft.size, entry) ?? ZERO_QUANTITY;
  const hindrances = smallExits({ legs: rules, quantity, exit: { kind: "market" } }, instrument);
  return { kind: "bracket", rules, offTick, hindrances };
}

/** The protection of an order that is about to leave: it covers what the order fills, as it fills. */
export function bracketProtection(
  rules: BracketRules,
  draft: OrderDraft & { readonly clientOrderId: ClientOrderId },
  made: { readonly protectionId: string; readonly at: Timestamp },
): Protection {
  const entryPrice = expectedPrice(draft);
  return {
    protectionId: made.protectionId,
    symbol: draft.symbol,
    coverage: { kind: "entry", clientOrderId: draft.clientOrderId },
    legs: rules.map(({ legId, rule }): ProtectionLeg => ({ legId, rule, state: "live", attempts: [] })),
    exit: { kind: "market" },
    trigger: "last",
    confirmation: DEFAULT_CONFIRMATION,
    ...(entryPrice === undefined ? {} : { entryPrice }),
    state: "armed",
    version: 1,
    createdAt: made.at,
  };
}

/** As the middle of a sentence. */
function lowered(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/\.$/, "");
}

function impossible(why: string): Extract<BracketResult, { kind: "impossible" }> {
  return { kind: "impossible", why };
}
