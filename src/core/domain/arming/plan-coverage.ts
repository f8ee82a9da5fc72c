import type { Instrument } from "../instrument.ts";
import { quantizeQuantity } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { add, formatMoney, less, minimum, subtract, ZERO_QUANTITY } from "../money.ts";
import { executedQuantity, stillToTrade } from "../order-execution.ts";
import type { Order } from "../order.ts";
import { isResting, isWorking } from "../order.ts";
import type { Coverage } from "../protection.ts";
import type { Denial } from "../risk-request.ts";
import { tooSmall } from "../sale-size.ts";
import type { WantedProtection } from "./wanted-protection.ts";

export interface CoverageFacts {
  readonly instrument: Instrument;
  /** Of the base, free and locked; undefined while the balances are not known. */
  readonly held: Quantity | undefined;
  /** What our fills in this market show as bought and not sold. */
  readonly position: Quantity;
  /** What other protections of this market stand for; `all` when one of them covers whatever is held. */
  readonly coveredByOthers: Quantity | "all";
  readonly entry: Order | undefined;
  readonly linked: Order | undefined;
  /** Another protection stands for the entry, or holds the linked order, already. */
  readonly entryTaken: boolean;
  readonly linkedTaken: boolean;
  readonly price: Price;
}

/** What a protection stands for at the moment it is armed, beside all that there is. */
export interface CoverageScope {
  /** What says how much: the position, everything, a number given, a resting sale, or an entry. */
  readonly of: "position" | "all" | "quantity" | "sale" | "entry";
  /** Undefined for an entry: what it fills. */
  readonly covers: Quantity | undefined;
  readonly position: Quantity;
  /** Free and locked; undefined while the balances are not known. */
  readonly held: Quantity | undefined;
  /** Held, and covered by neither this protection nor another. */
  readonly outside: Quantity | undefined;
}

/** What the wish comes to at this moment, for those who arm it: the coverage alone does not say where its number is from. */
export function coverageScope(wanted: WantedProtection, facts: CoverageFacts): CoverageScope {
  const { held, position, coveredByOthers } = facts;
  const of = scopeOf(wanted);
  const covers = of === "entry" || held === undefined ? undefined : minimum(askedQuantity(wanted, facts) ?? held, held);
  const others = coveredByOthers === "all" ? held : coveredByOthers;
  const outside =
    held === undefined || others === undefined ? undefined : less(less(held, covers ?? ZERO_QUANTITY), others);
  return { of, covers, position, held, outside };
}

function scopeOf({ entryId, linkedId, quantity, isAll }: WantedProtection): CoverageScope["of"] {
  if (entryId !== undefined) return "entry";
  if (quantity !== undefined) return "quantity";
  if (linkedId !== undefined) return "sale";
  return isAll === true ? "all" : "position";
}

/** Undefined for all that is held. */
export function askedQuantity(
  wanted: WantedProtection,
  { linked, position, held }: Pick<CoverageFacts, "linked" | "position" | "held">,
): Quantity | undefined {
  switch (scopeOf(wanted)) {
    case "position":
      return held === undefined ? position : minimum(position, held);
    case "sale":
      return linked === undefined ? undefined : stillToTrade(linked);
    default:
      return wanted.quantity;
  }
}

export interface PlannedCoverage {
  readonly coverage: Coverage;
  readonly denials: readonly Denial[];
}

const NOTHING: Coverage = { kind: "quantity", quantity: ZERO_QUANTITY };

/** What a protection stands for, and every objection: never more than is held and not covered already. */
export function planCoverage(wanted: WantedProtection, facts: CoverageFacts): PlannedCoverage {
  const { entryId, linkedId } = wanted;
  if (entryId !== undefined) {
    const denials = entryDenials(entryId, wanted, facts);
    return { coverage: { kind: "entry", clientOrderId: entryId }, denials };
  }
  const linkedProblem = linkedId === undefined ? [] : linkedDenials(linkedId, wanted, facts);
  if (linkedProblem.length > 0) return { coverage: NOTHING, denials: linkedProblem };
  const { held, coveredByOthers, instrument } = facts;
  const { base } = instrument;
  if (held === undefined) {
    return {
      coverage: NOTHING,
      denials: [
        denial(
          "BALANCE_UNKNOWN",
          `How much ${base} is held is not known.`,
          "Try again once the account has been read.",
        ),
      ],
    };
  }
  const linkedSize = facts.linked === undefined ? undefined : stillToTrade(facts.linked);
  const asked = askedQuantity(wanted, facts);
  const of = scopeOf(wanted);
  const isWhole = of === "all" || of === "position";
  if (coveredByOthers === "all" || (isWhole && coveredByOthers > 0n)) {
    const message = `Another protection of ${wanted.symbol} stands for ${coveredByOthers === "all" ? "all that is held" : `${formatMoney(coveredByOthers)} ${base}`}.`;
    const beside = coveredByOthers === "all" ? "" : ", or give a --quantity beside it";
    const hint = `Take it away first: \`tapedeck position unprotect ${wanted.symbol}\`${beside}.`;
    return { coverage: NOTHING, denials: [denial("COVERED_ALREADY", message, hint)] };
  }
  if (of === "position" && asked === 0n && held > 0n) return { coverage: NOTHING, denials: [noPosition(held, facts)] };
  const quantity = quantizeQuantity(instrument, asked ?? held);
  // What a linked sale sold before counts as sold, so it counts as covered too: else that much less would be sold later.
  const inAll = add(of === "position" ? (asked ?? quantity) : quantity, executedQuantity(facts.linked));
  const coverage: Coverage = asked === undefined ? { kind: "holding" } : { kind: "quantity", quantity: inAll };
  const free = held > coveredByOthers ? subtract(held, coveredByOthers) : ZERO_QUANTITY;
  const denials: Denial[] = [];
  if (quantity > free) {
    const others = coveredByOthers > 0n ? `, ${formatMoney(coveredByOthers)} of it covered by another protection` : "";
    const message = `${formatMoney(quantity)} ${base} is more than there is to protect: ${formatMoney(held)} is held${others}.`;
    denials.push(denial("QUANTITY_NOT_HELD", message, `Give at most ${formatMoney(free)}, or leave --quantity away.`));
  }
  if (linkedSize !== undefined && linkedSize > quantity) {
    const message = `Order ${linkedId} sells ${formatMoney(linkedSize)} ${base}, more than the ${formatMoney(quantity)} to be covered.`;
    denials.push(denial("LINKED_TOO_LARGE", message, "Cover as much as it sells, or leave --quantity away."));
  }
  const small = smallDenial(quantity, facts);
  return { coverage, denials: small === undefined ? denials : [...denials, small] };
}

function noPosition(held: Quantity, { instrument }: CoverageFacts): Denial {
  const { base, symbol } = instrument;
  const message = `There is no position in ${symbol}: none of the ${formatMoney(held)} ${base} that is held was bought here.`;
  return denial(
    "NO_POSITION",
    message,
    `Cover it with --quantity ${formatMoney(held)}, or less; --all covers all of it.`,
  );
}

function smallDenial(quantity: Quantity, { instrument, price }: CoverageFacts): Denial | undefined {
  const terms = { type: "market", expectedPrice: price, observedPrice: price } as const;
  const why = tooSmall(instrument, quantity, terms);
  if (why === undefined) return undefined;
  const { base, symbol } = instrument;
  if (quantity === 0n)
    return denial(
      "NOTHING_HELD",
      `There is no ${base} to protect that could be sold.`,
      `See \`tapedeck market show ${symbol}\` for its least order.`,
    );
  const message = `${formatMoney(quantity)} ${base} could not be sold: it is ${why}.`;
  return denial("TOO_SMALL_TO_SELL", message, "Protect more of it; the exchange takes no smaller order.");
}

function entryDenials(
  entryId: string,
  wanted: WantedProtection,
  { entry, entryTaken }: CoverageFacts,
): readonly Denial[] {
  const hint = "See `tapedeck order ls`.";
  if (wanted.quantity !== undefined || wanted.linkedId !== undefined) {
    const message = "A protection of an entry covers what that order fills, and nothing else.";
    return [denial("COVERAGE_UNCLEAR", message, "Leave --quantity and --oco away.")];
  }
  if (entry === undefined) return [denial("ENTRY_UNKNOWN", `No order ${entryId} is known.`, hint)];
  if (entry.symbol !== wanted.symbol || entry.side !== "buy") {
    return [
      denial(
        "ENTRY_UNFIT",
        `Order ${entryId} is a ${entry.side} of ${entry.symbol}, not a buy of ${wanted.symbol}.`,
        hint,
      ),
    ];
  }
  if (!isWorking(entry) && executedQuantity(entry) === 0n) {
    return [denial("ENTRY_ENDED", `Order ${entryId} ended without a fill: it is ${entry.state}.`, hint)];
  }
  if (entryTaken) {
    const takeAway = `Take it away first: \`tapedeck position unprotect ${wanted.symbol}\`.`;
    return [denial("ENTRY_TAKEN", `Another protection stands for what order ${entryId} fills.`, takeAway)];
  }
  return [];
}

function linkedDenials(
  linkedId: string,
  wanted: WantedProtection,
  { linked, linkedTaken }: CoverageFacts,
): readonly Denial[] {
  const hint = "See `tapedeck order ls`.";
  if (linked === undefined) return [denial("LINKED_UNKNOWN", `No order ${linkedId} is known.`, hint)];
  if (linked.symbol !== wanted.symbol || linked.side !== "sell") {
    return [
      denial(
        "LINKED_UNFIT",
        `Order ${linkedId} is a ${linked.side} of ${linked.symbol}, not a sale of ${wanted.symbol}.`,
        hint,
      ),
    ];
  }
  if (linked.origin === "foreign") {
    const adopt = `Take it into care first: \`tapedeck order adopt ${linkedId}\`.`;
    return [denial("LINKED_FOREIGN", `Order ${linkedId} was placed elsewhere.`, adopt)];
  }
  if (!isResting(linked))
    return [denial("LINKED_NOT_RESTING", `Order ${linkedId} does not rest: it is ${linked.state}.`, hint)];
  if (linkedTaken)
    return [denial("LINKED_TAKEN", `Order ${linkedId} belongs to another protection.`, "See `tapedeck position ls`.")];
  return [];
}

function denial(code: string, message: string, hint: string): Denial {
  return { code, message, hint };
}
