import type { Asset, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Execution } from "./lots.ts";
import type { Quantity } from "./money.ts";
import { add, negate, subtract, ZERO_QUANTITY } from "./money.ts";
import type { MarketAssets } from "./position.ts";
import type { StoredTransfer } from "./transfer.ts";
import { settledAt } from "./transfer.ts";

/** Everything the account held at one moment; an asset that is not named was empty. */
export interface BalanceSnapshot {
  /** The exchange's time when it was asked. */
  readonly at: Timestamp;
  readonly totals: ReadonlyMap<Asset, Quantity>;
}

/** Why one asset's balance is another than before. All amounts are in the asset; out of the account is negative. */
export interface AssetChange {
  readonly asset: Asset;
  readonly before: Quantity;
  readonly after: Quantity;
  readonly traded: Quantity;
  readonly fees: Quantity;
  readonly transferred: Quantity;
  /** What none of it explains: airdrops, rebates, conversions, orders in markets nobody told us of. */
  readonly unexplained: Quantity;
}

export interface BalanceExplanation {
  readonly since: Timestamp;
  readonly until: Timestamp;
  /** Of every asset that anything happened to, by name. */
  readonly changes: readonly AssetChange[];
  /** Fills of markets whose two assets are not known: they count nowhere above. */
  readonly unreadable: ReadonlyMap<MarketSymbol, number>;
}

export type SymbolExecution = Execution & { readonly symbol: MarketSymbol };

/**
 * The exchange tells fills by whole seconds, its clock is known to a fraction of one, and an answer takes its time: so
 * near to a snapshot nobody can tell from the time alone whether a fill is in it.
 */
const UNSURE_MS = 3_000;
/** More unsure events than this are taken by their time. */
const MOST_UNSURE = 64;

/** What one event did to one asset. */
interface Effect {
  readonly asset: Asset;
  readonly part: "traded" | "fees" | "transferred";
  readonly quantity: Quantity;
}
interface Happening {
  readonly at: Timestamp;
  readonly effects: readonly Effect[];
}
type Sums = Map<Asset, { traded: Quantity; fees: Quantity; transferred: Quantity }>;

/**
 * Holds the change between two snapshots against what is known to have happened in between. Events that fall on the
 * edge of a snapshot are put on the side of it where the balances add up, if there is one; they keep their order.
 */
export function explainBalances(facts: {
  readonly from: BalanceSnapshot;
  readonly to: BalanceSnapshot;
  readonly fills: Iterable<SymbolExecution>;
  readonly transfers: Iterable<StoredTransfer>;
  readonly marketOf: (symbol: MarketSymbol) => MarketAssets | undefined;
}): BalanceExplanation {
  const { from, to } = facts;
  const sure: Sums = new Map();
  const early: Happening[] = [];
  const late: Happening[] = [];
  const unreadable = new Map<MarketSymbol, number>();

  const place = (happening: Happening) => {
    const { at } = happening;
    if (at < from.at - UNSURE_MS || at > to.at + UNSURE_MS) return;
    if (at <= from.at + UNSURE_MS && at <= to.at - UNSURE_MS) early.push(happening);
    else if (at >= to.at - UNSURE_MS) late.push(happening);
    else count(sure, happening.effects);
  };
  for (const fill of facts.fills) {
    if (fill.at < from.at - UNSURE_MS || fill.at > to.at + UNSURE_MS) continue;
    const market = facts.marketOf(fill.symbol);
    if (market === undefined) unreadable.set(fill.symbol, (unreadable.get(fill.symbol) ?? 0) + 1);
    else place({ at: fill.at, effects: effectsOf(fill, market) });
  }
  for (const transfer of facts.transfers) {
    if (transfer.state !== "done") continue;
    const { asset, quantity } = transfer;
    place({ at: settledAt(transfer), effects: [{ asset, part: "transferred", quantity }] });
  }
  const byTime = (left: Happening, right: Happening) => left.at - right.at;
  early.sort(byTime);
  late.sort(byTime);
  const changes = bestOf(from, to, sure, early, late);
  return { since: from.at, until: to.at, changes, unreadable };
}

/** Tries the split by time first, then every other; the one that leaves the fewest assets unexplained is the answer. */
function bestOf(
  from: BalanceSnapshot,
  to: BalanceSnapshot,
  sure: Sums,
  early: readonly Happening[],
  late: readonly Happening[],
): readonly AssetChange[] {
  const firstAfter = early.filter(({ at }) => at <= from.at).length;
  const lastBefore = late.filter(({ at }) => at <= to.at).length;
  const explain = (skipped: number, taken: number) =>
    changesOf(from, to, sure, [...early.slice(skipped), ...late.slice(0, taken)]);
  let best = explain(firstAfter, lastBefore);
  if (early.length + late.length > MOST_UNSURE) return best;
  for (let skipped = 0; skipped <= early.length; skipped += 1) {
    for (let taken = 0; taken <= late.length; taken += 1) {
      if (unexplainedIn(best) === 0) return best;
      const other = explain(skipped, taken);
      if (unexplainedIn(other) < unexplainedIn(best)) best = other;
    }
  }
  return best;
}

function unexplainedIn(changes: readonly AssetChange[]): number {
  return changes.filter((change) => change.unexplained !== 0n).length;
}

function changesOf(
  from: BalanceSnapshot,
  to: BalanceSnapshot,
  sure: Sums,
  more: readonly Happening[],
): readonly AssetChange[] {
  const sums: Sums = new Map([...sure].map(([asset, sum]) => [asset, { ...sum }]));
  for (const { effects } of more) count(sums, effects);
  const assets = [...new Set([...from.totals.keys(), ...to.totals.keys(), ...sums.keys()])].sort();
  return assets.flatMap((asset): readonly AssetChange[] => {
    const before = from.totals.get(asset) ?? ZERO_QUANTITY;
    const after = to.totals.get(asset) ?? ZERO_QUANTITY;
    const { traded, fees, transferred } = sums.get(asset) ?? NOTHING;
    const unexplained = subtract(subtract(after, before), add(add(traded, fees), transferred));
    const isStill = before === after && traded === 0n && fees === 0n && transferred === 0n;
    return isStill ? [] : [{ asset, before, after, traded, fees, transferred, unexplained }];
  });
}

const NOTHING = { traded: ZERO_QUANTITY, fees: ZERO_QUANTITY, transferred: ZERO_QUANTITY };

function effectsOf(fill: SymbolExecution, { base, quote }: MarketAssets): readonly Effect[] {
  const paid = fill.notional as bigint as Quantity;
  const isBuy = fill.side === "buy";
  return [
    { asset: base, part: "traded", quantity: isBuy ? fill.quantity : negate(fill.quantity) },
    { asset: quote, part: "traded", quantity: isBuy ? negate(paid) : paid },
    { asset: fill.fee.asset, part: "fees", quantity: negate(fill.fee.quantity) },
  ];
}

function count(sums: Sums, effects: readonly Effect[]): void {
  for (const { asset, part, quantity } of effects) {
    if (quantity === 0n) continue;
    let sum = sums.get(asset);
    if (sum === undefined) {
      sum = { ...NOTHING };
      sums.set(asset, sum);
    }
    sum[part] = add(sum[part], quantity);
  }
}
