import type { AskedPrice } from "./asked-order.ts";
import { priceBy } from "./asked-order.ts";
import type { AskedExits } from "./exit-words.ts";
import type { ClientOrderId, Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Price } from "./money.ts";
import { formatMoney, roundToStep } from "./money.ts";
import type { OrderDraft } from "./order.ts";
import type { LegRule, Protection, ProtectionLeg } from "./protection.ts";
import { DEFAULT_CONFIRMATION } from "./protection.ts";
import { expectedPrice } from "./risk-request.ts";

/** What sells again what an order buys, with its levels in numbers. */
export type BracketRules = readonly { readonly legId: string; readonly rule: LegRule }[];

export type BracketResult =
  { readonly kind: "bracket"; readonly rules: BracketRules } | { readonly kind: "impossible"; readonly why: string };

/**
 * Counts the levels from the entry: the limit, or for a market order the price seen. On the tick they lie on the side
 * that sells sooner: a stop is rounded up, a take-profit down.
 */
export function planBracket(exits: AskedExits, draft: OrderDraft, instrument: Instrument): BracketResult {
  const entry = expectedPrice(draft);
  if (entry === undefined) return impossible("there is no entry price to count tp and sl from");
  const rules: { legId: string; rule: LegRule }[] = [];
  const { quote, tickSize } = instrument;
  if (exits.stopLoss !== undefined) {
    const triggerPrice = roundToStep(levelOf(exits.stopLoss, entry, "sell"), tickSize, "up");
    if (triggerPrice >= entry)
      return impossible(
        `a stop at ${formatMoney(triggerPrice)} ${quote} is not below the entry of ${formatMoney(entry)}`,
      );
    rules.push({ legId: "sl", rule: { kind: "stop-loss", triggerPrice } });
  }
  for (const [index, { level, share }] of exits.takeProfits.entries()) {
    const triggerPrice = roundToStep(levelOf(level, entry, "buy"), tickSize, "down");
    if (triggerPrice <= entry)
      return impossible(
        `a take-profit at ${formatMoney(triggerPrice)} ${quote} is not above the entry of ${formatMoney(entry)}`,
      );
    rules.push({ legId: `tp${index + 1}`, rule: { kind: "take-profit", triggerPrice, share } });
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

function levelOf(level: AskedPrice, entry: Price, side: "buy" | "sell"): Price {
  return level.kind === "fixed" ? level.price : priceBy(entry, level.by, side);
}

function impossible(why: string): BracketResult {
  return { kind: "impossible", why };
}
