import type { AssetChange, BalanceExplanation } from "../../core/domain/explain-balances.ts";
import type { Figure } from "../../core/domain/equity-history.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { TransferReading } from "../../app/portfolio-books.ts";
import { isoTime, timeOrNull } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";
import { signed } from "./figures-json.ts";

export function explanationJson({ since, until, changes, unreadable }: BalanceExplanation) {
  return {
    since: isoTime(since),
    until: isoTime(until),
    addsUp: changes.every(({ unexplained }) => unexplained === 0n) && unreadable.size === 0,
    changes: changes.map((change) => ({
      asset: change.asset,
      before: formatMoney(change.before),
      traded: formatMoney(change.traded),
      fees: formatMoney(change.fees),
      transferred: formatMoney(change.transferred),
      unexplained: formatMoney(change.unexplained),
      after: formatMoney(change.after),
    })),
    unreadableFills: [...unreadable].map(([symbol, fills]) => ({ symbol, fills })),
  };
}

export const CHANGE_COLUMNS: readonly Column<AssetChange>[] = [
  { title: "ASSET", value: (change) => change.asset },
  { title: "BEFORE", value: (change) => formatMoney(change.before), align: "right" },
  { title: "TRADED", value: (change) => signed(change.traded), align: "right" },
  { title: "FEES", value: (change) => signed(change.fees), align: "right" },
  { title: "TRANSFERRED", value: (change) => signed(change.transferred), align: "right" },
  { title: "UNEXPLAINED", value: (change) => signed(change.unexplained), align: "right" },
  { title: "AFTER", value: (change) => formatMoney(change.after), align: "right" },
];

/** What does not add up, in a sentence for each asset. */
export function unexplainedText({ asset, unexplained }: AssetChange): string {
  return unexplained > 0n
    ? `${formatMoney(unexplained)} ${asset} came from somewhere the exchange does not list: an airdrop, a rebate, a ` +
        "conversion, or a market this console has not traded."
    : `${formatMoney(-unexplained as typeof unexplained)} ${asset} went somewhere the exchange does not list: a conversion, ` +
        "a purchase, or a market this console has not traded.";
}

export function readingJson({ kind, readUntil, fault, hole }: TransferReading) {
  return {
    kind,
    readUntil: timeOrNull(readUntil),
    fault: fault === undefined ? null : { code: fault.code, message: fault.message },
    hole: hole === undefined ? null : { from: isoTime(hole.from), to: isoTime(hole.to) },
  };
}

/** Whether the balances add up, in a line. */
export function explanationText(figure: Figure<BalanceExplanation>): string {
  if (figure.kind === "unknown") return `unproven: ${figure.reason}`;
  const { changes, since } = figure.value;
  const odd = changes.filter(({ unexplained }) => unexplained !== 0n).length;
  const what = odd === 0 ? "add up to the last unit" : `${odd} of ${changes.length} changed assets do not add up`;
  return `${what}, since ${isoTime(since)}`;
}
