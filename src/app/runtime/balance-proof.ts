import type { ArchiveHole } from "../../core/domain/archive.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import { differenceKey } from "../../core/domain/difference.ts";
import type { Figure } from "../../core/domain/equity-history.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { AssetChange, BalanceExplanation, BalanceSnapshot } from "../../core/domain/explain-balances.ts";
import type { Asset } from "../../core/domain/identifiers.ts";
import { asset } from "../../core/domain/identifiers.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { formatMoney, parseQuantity } from "../../core/domain/money.ts";
import type { StoredTransfer } from "../../core/domain/transfer.ts";
import type { SettingStore } from "../../core/ports/stores.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { BalanceFacts } from "./name-balance-changes.ts";
import { isAccountedFor, nameBalanceChanges } from "./name-balance-changes.ts";

/** How the balances were held against what is known to have happened. */
export interface BalanceProof {
  readonly explanation: Figure<BalanceExplanation>;
  readonly differences: readonly SettledDifference[];
}

export interface ProofWish {
  /** Whether an amount has stood unexplained for long enough not to be a matter of the lists' lag. */
  readonly hasSettled: (change: AssetChange) => boolean;
  /** A person takes over what nothing explains; the next proof begins here. */
  readonly isAccepted: boolean;
}

export interface BalanceProofParts {
  readonly context: Pick<TradingContext, "ledger" | "publish">;
  readonly settings: SettingStore;
  /** Names the account in the settings. */
  readonly accountId: string;
  readonly explain: (from: BalanceSnapshot, to: BalanceSnapshot) => BalanceExplanation;
  readonly facts: () => Pick<BalanceFacts, "marketOf" | "unread"> & {
    readonly transfers: readonly StoredTransfer[];
    readonly holes: readonly ArchiveHole[];
  };
}

/**
 * Proves that the balances changed by fills, fees and transfers alone since the last time they did. What is accounted for
 * is where the next proof begins, so that an old amount is not told for ever, and a new one is told once a person has to
 * know of it. Fills and transfers up to the snapshot have to be stored before.
 */
export function createBalanceProof({ context, settings, accountId, explain, facts }: BalanceProofParts) {
  const key = `balances-accounted:${accountId}`;
  return (to: BalanceSnapshot, wish: ProofWish): BalanceProof => {
    const from = readSnapshot(settings.get(key));
    if (from === undefined) {
      settings.set(key, writeSnapshot(to));
      return unknown("these are the first balances that were kept here; from now on they have to add up");
    }
    if (from.at >= to.at) return unknown("the balances are as old as those they are held against");
    const explanation = explain(from, to);
    const differences = nameBalanceChanges({ explanation, ...facts(), ...wish });
    const isAccounted = isAccountedFor(differences);
    const { since, until, changes } = explanation;
    const told: readonly DomainEvent[] =
      changes.length === 0 ? [] : [{ type: "balances-explained", since, until, changes, isAccounted }];
    // While the proof does not move on, the same transfers would be told with each round.
    const news = differences.filter(({ kind }) => isAccounted || kind !== "transfer-seen");
    context.publish([...events(news), ...agreedByNow(differences), ...(isAccounted ? told : [])]);
    if (isAccounted) settings.set(key, writeSnapshot(to));
    return { explanation: { kind: "known", value: explanation }, differences };
  };

  function agreedByNow(differences: readonly SettledDifference[]): readonly DomainEvent[] {
    const met = new Set(differences.map(differenceKey));
    return [...context.ledger().differences.values()]
      .filter((open) => open.kind === "balance-unexplained" && !met.has(differenceKey(open)))
      .map((open) => ({
        type: "difference-settled",
        difference: { ...open, outcome: "settled", result: "fills and transfers explain it by now" },
      }));
  }
}

function unknown(reason: string): BalanceProof {
  return { explanation: { kind: "unknown", reason }, differences: [] };
}

function events(differences: readonly SettledDifference[]): readonly DomainEvent[] {
  return differences.flatMap((settled): readonly DomainEvent[] => {
    const { outcome: _outcome, result: _result, ...difference } = settled;
    return [
      { type: "difference-found", difference },
      { type: "difference-settled", difference: settled },
    ];
  });
}

function writeSnapshot({ at, totals }: BalanceSnapshot): string {
  const held = [...totals].filter(([, total]) => total !== 0n);
  return JSON.stringify({ at, totals: Object.fromEntries(held.map(([name, total]) => [name, formatMoney(total)])) });
}

/** @returns undefined for what this program has not written: then the proof begins anew. */
function readSnapshot(text: string | undefined): BalanceSnapshot | undefined {
  if (text === undefined) return undefined;
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof kept !== "object" || kept === null || !("at" in kept) || !("totals" in kept)) return undefined;
  if (typeof kept.at !== "number" || typeof kept.totals !== "object" || kept.totals === null) return undefined;
  const totals = new Map<Asset, Quantity>();
  for (const [name, told] of Object.entries(kept.totals)) {
    const total = typeof told === "string" ? parseQuantity(told) : undefined;
    if (total === undefined) return undefined;
    totals.set(asset(name), total);
  }
  return { at: kept.at, totals };
}
