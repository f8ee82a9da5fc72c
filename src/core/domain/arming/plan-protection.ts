import type { Balance } from "../balance.ts";
import { totalOf } from "../balance.ts";
import type { KeptBase } from "../base-holders.ts";
import { holdersOf, keptWords } from "../base-holders.ts";
import type { FeeTerms } from "../fee-terms.ts";
import type { Fill } from "../fill.ts";
import { coveredBase } from "../guarding/covered-base.ts";
import { planExitNow } from "../guarding/plan-exit.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { add, averagePrice, formatMoney, less, maximum, minimum, ZERO_QUANTITY } from "../money.ts";
import type { Denial } from "../risk-request.ts";
import type { Order } from "../order.ts";
import { isWorking } from "../order.ts";
import type { OrderPlan } from "../order-plan.ts";
import type { KnownBook } from "../plan-execution.ts";
import type { Protection } from "../protection.ts";
import { greatestPaidRate } from "../paid-fees.ts";
import { executedQuantity, missingFills } from "../order-execution.ts";
import { armedAmong, namedOrders } from "../protection.ts";
import type { TradingLedger } from "../trading-ledger.ts";
import type { CoverageFacts, CoverageScope } from "./plan-coverage.ts";
import { askedQuantity, coverageScope, planCoverage } from "./plan-coverage.ts";
import { planLegs } from "./plan-legs.ts";
import { baseOf, smallExits } from "./small-exits.ts";
import type { WantedProtection } from "./wanted-protection.ts";

/** What a protection is planned from. Gathered before; the plan is pure. */
export interface ArmingFacts {
  readonly instrument: Instrument;
  readonly ledger: TradingLedger;
  readonly balancesKnown: boolean;
  /** Ledger fills are not all there are: those of the market. */
  readonly fills: readonly Fill[];
  /** What a sale would get at present; undefined when nobody bids. */
  readonly bid: Price | undefined;
  /** What an exit would go through, for those who explain it. */
  readonly book?: KnownBook;
  readonly terms?: FeeTerms;
  /** What is held has cost a unit, fees included. */
  readonly averageCost: Price | undefined;
  /** What the fills show as bought and not sold. */
  readonly position: Quantity;
  readonly protectionId: string;
  readonly now: Timestamp;
}

export type ArmingPlan =
  | {
      readonly kind: "planned";
      readonly protection: Protection;
      readonly scope: CoverageScope;
      /** What would keep it from selling as things stand; it may be armed all the same. */
      readonly hindrances: readonly Denial[];
      /** What would be sold if it fired at the present price; undefined where nothing is held yet. */
      readonly exitNow: OrderPlan | undefined;
    }
  | { readonly kind: "denied"; readonly denials: readonly Denial[] };

/** Turns what was asked for into a protection, or tells every objection. */
export function planProtection(wanted: WantedProtection, facts: ArmingFacts): ArmingPlan {
  const { instrument, ledger, now } = facts;
  const entry = wanted.entryId === undefined ? undefined : ledger.orders.get(wanted.entryId);
  const linked = wanted.linkedId === undefined ? undefined : ledger.orders.get(wanted.linkedId);
  const entryPrice = entry === undefined ? undefined : pricedAt(entry);
  const from = entryPrice ?? facts.bid;
  if (from === undefined)
    return denied({
      code: "PRICE_UNKNOWN",
      message: `Nobody bids for ${instrument.base}, so no price can be held against.`,
      hint: "Try again when the market has a bid.",
    });
  const coverageFacts: CoverageFacts = {
    instrument,
    held: heldOf(facts),
    position: facts.position,
    coveredByOthers: coveredByOthers(facts),
    entry,
    linked,
    entryTaken: armed(facts).some(({ coverage: of }) => of.kind === "entry" && of.clientOrderId === wanted.entryId),
    linkedTaken: armed(facts).some(
      ({ linkedOrderId }) => linkedOrderId !== undefined && linkedOrderId === wanted.linkedId,
    ),
    price: from,
  };
  const coverage = planCoverage(wanted, coverageFacts);
  const legs = planLegs(wanted, {
    instrument,
    from,
    fromWords: entryPrice === undefined ? "what a sale gets at present" : "the entry",
    cost: facts.averageCost,
    saleRate: maximum(greatestPaidRate(facts.fills, instrument), facts.terms?.takerRate ?? instrument.takerFee),
    costFollows: wanted.entryId !== undefined,
    now,
  });
  const denials = [...coverage.denials, ...legs.denials];
  if (denials.length > 0) return { kind: "denied", denials };
  const cost = wanted.entryId === undefined ? facts.averageCost : undefined;
  const protection: Protection = {
    protectionId: facts.protectionId,
    symbol: wanted.symbol,
    coverage: coverage.coverage,
    legs: legs.legs,
    exit: wanted.exit,
    trigger: wanted.trigger,
    confirmation: wanted.confirmation,
    ...(wanted.linkedId === undefined ? {} : { linkedOrderId: wanted.linkedId }),
    ...(cost === undefined ? {} : { entryPrice: cost }),
    state: "armed",
    version: 1,
    createdAt: now,
  };
  const scope = coverageScope(wanted, coverageFacts);
  const whole = entry === undefined ? scope.covers : entryQuantity(entry, from);
  return {
    kind: "planned",
    protection,
    scope,
    hindrances: [
      ...missingHindrances(scope, facts),
      ...lockedHindrances(wanted, facts),
      ...smallExits({ legs: legs.legs, quantity: whole ?? ZERO_QUANTITY, exit: wanted.exit }, instrument),
    ],
    exitNow: exitNow(protection, wanted, facts),
  };
}

/** The limit of an entry, else what it has paid so far. */
function pricedAt({ limitPrice, filledQuantity, filledNotional }: Order): Price | undefined {
  return limitPrice ?? (filledQuantity > 0n ? averagePrice(filledNotional, filledQuantity, "half-even") : undefined);
}

/** What it has bought once it ends; its end may have come already. */
function entryQuantity(entry: Order, from: Price): Quantity | undefined {
  return isWorking(entry) ? baseOf(entry.size, from) : executedQuantity(entry);
}

function armed({ ledger, instrument }: ArmingFacts): readonly Protection[] {
  return armedAmong(ledger.protections.values(), instrument.symbol);
}

function balanceOf({ ledger, instrument, balancesKnown, now }: ArmingFacts): Balance | undefined {
  if (!balancesKnown) return undefined;
  const nothing = { asset: instrument.base, free: ZERO_QUANTITY, locked: ZERO_QUANTITY, at: now };
  return ledger.balances.get(instrument.base) ?? nothing;
}

function heldOf(facts: ArmingFacts): Quantity | undefined {
  const balance = balanceOf(facts);
  return balance === undefined ? undefined : totalOf(balance);
}

function coveredByOthers(facts: ArmingFacts): Quantity | "all" {
  let sum = ZERO_QUANTITY;
  for (const protection of armed(facts)) {
    if (protection.coverage.kind === "holding") return "all";
    const { orders } = facts.ledger;
    const view = { protection, orders, fills: facts.fills, instrument: facts.instrument, base: balanceOf(facts) };
    sum = add(sum, coveredBase(view).left ?? ZERO_QUANTITY);
  }
  return sum;
}

/** What has traded and whose fills are still to come is not in the position yet. */
function missingHindrances({ of }: CoverageScope, { ledger, instrument }: ArmingFacts): readonly Denial[] {
  if (of !== "position") return [];
  const { symbol, base } = instrument;
  const behind = [...ledger.orders.values()].filter((order) => order.symbol === symbol && missingFills(order) > 0n);
  return behind.map((order) => ({
    code: "FILLS_MISSING",
    message: `The fills of ${formatMoney(missingFills(order))} ${base} of order ${order.clientOrderId} are not known yet, so the position is not all there is.`,
    hint: "Take it away and arm it again in a moment, or name a --quantity.",
  }));
}

/** Base that an order holds which no protection cancels: a stop over it would find nothing to sell. */
function lockedHindrances(wanted: WantedProtection, facts: ArmingFacts): readonly Denial[] {
  const { ledger, instrument } = facts;
  const balance = balanceOf(facts);
  const others = coveredByOthers(facts);
  if (balance === undefined || others === "all" || wanted.entryId !== undefined) return [];
  const working = [...ledger.orders.values()].filter((order) => order.symbol === wanted.symbol && isWorking(order));
  const cancelled = new Set(armed(facts).flatMap(namedOrders));
  if (wanted.linkedId !== undefined) cancelled.add(wanted.linkedId);
  const { total, sellable, kept } = holdersOf(balance, working, cancelled);
  const covers = coveredNow(wanted, facts, total);
  const lacks = less(covers, less(sellable, others));
  if (lacks === 0n || kept.length === 0) return [];
  const { base } = instrument;
  const part =
    lacks === covers
      ? `None of the ${formatMoney(covers)} ${base} can`
      : `${formatMoney(lacks)} of the ${formatMoney(covers)} ${base} cannot`;
  const message = `${part} be sold as things stand: ${keptWords(kept, base)}.`;
  return [{ code: "BASE_LOCKED", message, hint: unlockHint(kept) }];
}

/** The whole of it: a take-profit sells a share. */
function exitNow(protection: Protection, wanted: WantedProtection, facts: ArmingFacts): OrderPlan | undefined {
  const balance = balanceOf(facts);
  const { bid, book, terms, instrument, now: at } = facts;
  if (balance === undefined || bid === undefined || wanted.entryId !== undefined) return undefined;
  const quantity = coveredNow(wanted, facts, totalOf(balance));
  // What a linked sale holds is free by then.
  const freed = { ...balance, free: totalOf(balance), locked: ZERO_QUANTITY };
  const known = { ...(book === undefined ? {} : { book }), ...(terms === undefined ? {} : { fees: terms }) };
  return planExitNow(protection, instrument, { quantity, bid, at, balance: freed, ...known });
}

function coveredNow(wanted: WantedProtection, { ledger, position }: ArmingFacts, held: Quantity): Quantity {
  const linked = wanted.linkedId === undefined ? undefined : ledger.orders.get(wanted.linkedId);
  return minimum(askedQuantity(wanted, { linked, position, held }) ?? held, held);
}

function unlockHint(kept: readonly KeptBase[]): string {
  const sale = kept.find(({ because }) => because === "sale")?.order;
  if (sale !== undefined)
    return `A stop cancels that sale first when it is armed with \`--oco ${sale.clientOrderId}\`.`;
  const foreign = kept.find(({ because }) => because === "foreign-sale")?.order;
  if (foreign === undefined) return "See `tapedeck portfolio show` for what is held by orders.";
  const adopt = `tapedeck order adopt ${foreign.clientOrderId}`;
  return `Cancel it where it was placed, or take it into care with \`${adopt}\` and arm with \`--oco ${foreign.clientOrderId}\`.`;
}

function denied(denial: Denial): ArmingPlan {
  return { kind: "denied", denials: [denial] };
}
