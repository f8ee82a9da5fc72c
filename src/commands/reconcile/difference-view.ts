import type { Difference, DifferenceKind, DifferenceOutcome } from "../../core/domain/difference.ts";
import type { Column } from "../output/table.ts";

/** A difference as it is printed: not yet settled after a dry run. */
export type ToldDifference = Difference & { readonly outcome?: DifferenceOutcome; readonly result?: string };

const WORDS: Readonly<Record<DifferenceKind, string>> = {
  "balance-differs": "balance differs",
  "foreign-seen": "placed elsewhere",
  "order-missing-here": "order missing here",
  "second-order": "second order of one request",
  "order-missing-there": "order not listed there",
  "order-vanished": "order vanished there",
  "outcome-unknown": "outcome unknown",
  "state-differs": "state differs",
  "fill-missing-here": "fills missing here",
  "fill-unknown-there": "fill unknown there",
  "transfer-seen": "transfer",
  "balance-unexplained": "balance unexplained",
};

/** The command a person would run next; undefined where there is nothing to do. */
export function nextStep({ kind, subject, symbol, outcome }: ToldDifference): string | undefined {
  const where = symbol === undefined ? "" : ` --symbol ${symbol}`;
  switch (kind) {
    case "balance-differs":
    case "transfer-seen":
      return undefined;
    case "balance-unexplained":
      return outcome === "needs-person" ? "tapedeck reconcile --accept-balances" : undefined;
    case "foreign-seen":
    case "order-missing-here":
      return `tapedeck order adopt ${subject}`;
    case "second-order":
      return `tapedeck order cancel ${subject} --yes`;
    case "fill-unknown-there":
      return symbol === undefined ? undefined : `tapedeck order ls --all --symbol ${symbol}`;
    case "order-missing-there":
    case "order-vanished":
      // Nothing else will ever end it. The command says from when on, and asks for the evidence once more.
      return outcome === "needs-person"
        ? `tapedeck order write-off ${subject} --reason TEXT --yes`
        : `tapedeck order show ${subject}${where}`;
    case "fill-missing-here":
    case "outcome-unknown":
    case "state-differs":
      return `tapedeck order show ${subject}${where}`;
  }
}

export function differenceJson(difference: ToldDifference): object {
  return {
    kind: difference.kind,
    action: difference.action,
    subject: difference.subject,
    symbol: difference.symbol ?? null,
    ours: difference.ours ?? null,
    theirs: difference.theirs ?? null,
    outcome: difference.outcome ?? null,
    result: difference.result ?? null,
    next: nextStep(difference) ?? null,
  };
}

export const DIFFERENCE_COLUMNS: readonly Column<ToldDifference>[] = [
  { title: "DIFFERENCE", value: ({ kind }) => WORDS[kind] },
  { title: "OF", value: ({ subject }) => subject },
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "OURS", value: ({ ours }) => ours },
  { title: "THEIRS", value: ({ theirs }) => theirs },
  { title: "ACTION", value: ({ action }) => action, optional: 2 },
  { title: "OUTCOME", value: ({ outcome }) => outcome },
  { title: "RESULT", value: ({ result }) => result },
];
