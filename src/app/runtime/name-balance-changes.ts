import type { ArchiveHole } from "../../core/domain/archive.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import type { AssetChange, BalanceExplanation } from "../../core/domain/explain-balances.ts";
import type { Asset, MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { absolute, formatMoney, subtract } from "../../core/domain/money.ts";
import type { MarketAssets } from "../../core/domain/position.ts";
import type { StoredTransfer } from "../../core/domain/transfer.ts";
import { settledAt } from "../../core/domain/transfer.ts";
import { isoTime } from "../iso-time.ts";

export interface BalanceFacts {
  readonly explanation: BalanceExplanation;
  readonly transfers: readonly StoredTransfer[];
  /** What the archive knows to be missing. */
  readonly holes: readonly ArchiveHole[];
  readonly marketOf: (symbol: MarketSymbol) => MarketAssets | undefined;
  /** Lists of transfers that could not be read, or not far enough back, each in words. */
  readonly unread: readonly string[];
  /** Whether an amount has stood for long enough: until then it may be a fill or a transfer on its way to the lists. */
  readonly hasSettled: (change: AssetChange) => boolean;
  /** A person takes over what nothing explains. */
  readonly isAccepted: boolean;
}

/**
 * Names what moved the balances beside fills and fees: each transfer, and each amount that nothing explains, with where it
 * may have come from. A transfer that the exchange lists is told and settled; an amount of unknown origin needs a person,
 * because nobody else can say whose doing it was.
 */
export function nameBalanceChanges(facts: BalanceFacts): readonly SettledDifference[] {
  const { since, until, changes } = facts.explanation;
  const told = facts.transfers.filter((transfer) => {
    return transfer.state === "done" && settledAt(transfer) > since && settledAt(transfer) <= until;
  });
  return [
    ...told.map(nameTransfer),
    ...changes.filter(({ unexplained }) => unexplained !== 0n).map((change) => nameUnexplained(change, facts)),
  ];
}

/** Whether everything is accounted for, so that the next proof may begin where this one ends. */
export function isAccountedFor(differences: readonly SettledDifference[]): boolean {
  return differences.every(({ kind, outcome }) => kind !== "balance-unexplained" || outcome === "settled");
}

function nameTransfer(transfer: StoredTransfer): SettledDifference {
  return {
    kind: "transfer-seen",
    action: "adopt",
    subject: `${transfer.asset} ${transfer.transferId}`,
    theirs: transferWords(transfer),
    outcome: "settled",
    result: `it explains that much of the change of ${transfer.asset}`,
  };
}

function nameUnexplained(change: AssetChange, facts: BalanceFacts): SettledDifference {
  const { asset, after, unexplained } = change;
  const named = {
    kind: "balance-unexplained",
    action: "investigate",
    subject: asset,
    ours: `${formatMoney(subtract(after, unexplained))} by fills, fees and transfers since ${isoTime(facts.explanation.since)}`,
    theirs: formatMoney(after),
  } as const;
  const amount = signedWords(unexplained, asset);
  const pending = facts.transfers.find(
    (it) => it.state === "pending" && it.asset === asset && it.quantity === unexplained,
  );
  if (pending !== undefined)
    return {
      ...named,
      outcome: "ignored",
      result: `${transferWords(pending)} is under way, and counts once it is done`,
    };
  if (!facts.hasSettled(change))
    return { ...named, outcome: "waiting", result: `${amount}: a fill or a transfer may be on its way to the lists` };
  if (facts.isAccepted) return { ...named, outcome: "settled", result: `${amount} accepted by a person, unexplained` };
  return { ...named, outcome: "needs-person", result: `${amount}: ${whereFrom(change, facts)}` };
}

function whereFrom(
  { asset, unexplained }: AssetChange,
  { explanation, holes, marketOf, unread }: BalanceFacts,
): string {
  const { since, until, unreadable } = explanation;
  const missing = holes
    .filter(
      (hole) =>
        hole.kind === "fills" && hole.until > since && hole.from < until && touches(marketOf(hole.symbol), asset),
    )
    .map(({ symbol, from, until: to }) => `fills of ${symbol} between ${isoTime(from)} and ${isoTime(to)} are missing`);
  const causes = [
    ...missing,
    ...[...unreadable].map(([symbol, fills]) => `${fills} of ${symbol} cannot be counted, its assets are not known`),
    ...unread,
  ];
  if (causes.length > 0) return causes.join("; ");
  return unexplained > 0n
    ? "no fill and no transfer brought it; an airdrop, a rebate, a conversion, or an untold market"
    : "no fill and no transfer took it; a conversion, a purchase, or an untold market";
}

function touches(market: MarketAssets | undefined, asset: Asset): boolean {
  // Of a market nobody knows any more it may have been either asset.
  return market === undefined || market.base === asset || market.quote === asset;
}

function transferWords({ kind, asset, quantity, at }: StoredTransfer): string {
  const amount = `${formatMoney(absolute(quantity))} ${asset}`;
  const name = kind === "futures" ? `transfer ${quantity < 0n ? "to" : "from"} futures` : kind;
  return `${name} of ${amount} at ${isoTime(at)}`;
}

function signedWords(quantity: Quantity, asset: Asset): string {
  return `${quantity > 0n ? "+" : ""}${formatMoney(quantity)} ${asset}`;
}
