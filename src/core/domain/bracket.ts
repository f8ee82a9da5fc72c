import { exitLevels, liesOnItsSide } from "./exit-levels.ts";
import type { ExitLevel } from "./exit-levels.ts";
import type { AskedExits } from "./exit-words.ts";
import type { ClientOrderId, Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { formatMoney } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";
import { DEFAULT_CONFIRMATION } from "./protection.ts";
import { expectedPrice } from "./risk-request.ts";

/** What sells again what an order buys, with its levels in numbers. */
export type BracketRules = readonly ExitLevel[];

export type BracketResult =
  { readonly kind: "bracket"; readonly rules: BracketRules } | { readonly kind: "impossible"; readonly why: string };

/** Counts the levels from the entry: the limit, or for a market order the price seen. */
export function planBracket(exits: AskedExits, draft: OrderDraft, instrument: Instrument): BracketResult {
  const entry = expectedPrice(draft);
  if (entry === undefined) return impossible("there is no entry price to count tp and sl from");
  const rules = exitLevels(exits, entry, instrument);
  for (const { rule } of rules) {
    const side = rule.kind === "stop-loss" ? "below" : "above";
    if (liesOnItsSide(side, rule.triggerPrice, entry)) continue;
    const level = `${formatMoney(rule.triggerPrice)} ${instrument.quote}`;
    const what = rule.kind === "stop-loss" ? "stop" : "take-profit";
    return impossible(`a ${what} at ${level} is not ${side} the entry of ${formatMoney(entry)}`);
  }
  return { kind: "bracket", rules };
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

function impossible(why: string): BracketResult {
  return { kind: "impossible", why };
}
