import type { Instrument } from "../instrument.ts";
import { quantizeQuantity } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { add, formatMoney, subtract, ZERO_QUANTITY } from "../money.ts";
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
  /** What other protections of this market stand for; `all` when one of them covers whatever is held. */
  readonly coveredByOthers: Quantity | "all";
  readonly entry: Order | undefined;
  readonly linked: Order | undefined;
  /** Another protection stands for the entry, or holds the linked order, already. */
  readonly entryTaken: boolean;
  readonly linkedTaken: boolean;
  readonly price: Price;
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
  const asked = wanted.quantity ?? linkedSize;
  if (coveredByOthers === "all" || (asked === undefined && coveredByOthers > 0n)) {
    const message = `Another protection of ${wanted.symbol} stands for ${coveredByOthers === "all" ? "all that is held" : `${formatMoney(coveredByOthers)} ${base}`}.`;
    const beside = coveredByOthers === "all" ? "" : ", or give a --quantity beside it";
    const hint = `Take it away first: \`tapedeck position unprotect ${wanted.symbol}\`${beside}.`;
    return { coverage: NOTHING, denials: [denial("COVERED_ALREADY", message, hint)] };
  }
  const quantity = quantizeQuantity(instrument, asked ?? held);
  // What a linked sale sold before counts as sold, so it counts as covered too: else that much less would be sold later.
  const inAll = add(quantity, executedQuantity(facts.linked));
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
