import type { Balance } from "./balance.ts";
import { totalOf } from "./balance.ts";
import type { Asset, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { add, notionalOf, quantityFor, ZERO_NOTIONAL } from "./money.ts";
import type { MarketAssets } from "./position.ts";

/** A market's last price and when it was true, by our clock. */
export interface PricePoint {
  readonly price: Price;
  readonly at: Timestamp;
}

/** What an amount is worth: through which markets and since when, or why nobody knows. */
export type Worth =
  | {
      readonly kind: "known";
      readonly value: Notional;
      readonly via: readonly MarketSymbol[];
      /** Of the oldest price that went into it; undefined where none did. */
      readonly at: Timestamp | undefined;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/** Values any asset in any other, by a market between the two or by two markets with one asset in between. */
export interface Valuer {
  worth(asset: Asset, quantity: Quantity, quote: Asset): Worth;
}

/** Assets to go through, the deepest markets first; any other comes after them. */
const HOPS: readonly string[] = ["USDT", "USDC", "USD1", "BTC", "ETH", "MX"];

export function createValuer(
  markets: Iterable<MarketAssets>,
  priceOf: (symbol: MarketSymbol) => PricePoint | undefined,
): Valuer {
  const byBase = new Map<Asset, MarketAssets[]>();
  const byQuote = new Map<Asset, MarketAssets[]>();
  for (const market of markets) {
    push(byBase, market.base, market);
    push(byQuote, market.quote, market);
  }

  /** One market, in whichever direction it stands. */
  function step(from: Asset, quantity: Quantity, to: Asset): Worth | undefined {
    const sold = byBase.get(from)?.find((market) => market.quote === to);
    const point = sold && usable(priceOf(sold.symbol));
    if (sold !== undefined && point !== undefined) {
      return { kind: "known", value: notionalOf(point.price, quantity, "half-even"), via: [sold.symbol], at: point.at };
    }
    const bought = byQuote.get(from)?.find((market) => market.base === to);
    const back = bought && usable(priceOf(bought.symbol));
    if (bought === undefined || back === undefined) return undefined;
    const value = quantityFor(quantity as bigint as Notional, back.price, "half-even") as bigint as Notional;
    return { kind: "known", value, via: [bought.symbol], at: back.at };
  }

  function neighbours(asset: Asset): readonly Asset[] {
    const all = new Set([
      ...(byBase.get(asset) ?? []).map((market) => market.quote),
      ...(byQuote.get(asset) ?? []).map((market) => market.base),
    ]);
    return [...all].sort((left, right) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1));
  }

  return {
    worth(asset, quantity, quote) {
      if (asset === quote) return { kind: "known", value: quantity as bigint as Notional, via: [], at: undefined };
      if (quantity === 0n) return { kind: "known", value: ZERO_NOTIONAL, via: [], at: undefined };
      const direct = step(asset, quantity, quote);
      if (direct !== undefined) return direct;
      const between = neighbours(asset);
      for (const hop of between) {
        const first = step(asset, quantity, hop);
        if (first?.kind !== "known") continue;
        const second = step(hop, first.value as bigint as Quantity, quote);
        if (second?.kind !== "known") continue;
        const at = Math.min(first.at ?? Number.POSITIVE_INFINITY, second.at ?? Number.POSITIVE_INFINITY);
        return { kind: "known", value: second.value, via: [...first.via, ...second.via], at };
      }
      return {
        kind: "unknown",
        reason: between.length === 0 ? `no market trades ${asset}` : `no price leads from ${asset} to ${quote}`,
      };
    },
  };
}

function push(lists: Map<Asset, MarketAssets[]>, key: Asset, market: MarketAssets): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [market]);
  else list.push(market);
}

function usable(point: PricePoint | undefined): PricePoint | undefined {
  return point !== undefined && point.price > 0n ? point : undefined;
}

function rankOf(asset: Asset): number {
  const rank = HOPS.indexOf(asset);
  return rank < 0 ? HOPS.length : rank;
}

/** One asset of the account, with what it is worth. */
export interface Holding {
  readonly balance: Balance;
  readonly total: Quantity;
  readonly worth: Worth;
}

/** All of an account at one moment. */
export interface Equity {
  readonly quote: Asset;
  /** The worth of all that has one. With `unknown` not empty it is only a part of the account. */
  readonly known: Notional;
  readonly holdings: readonly Holding[];
  readonly unknown: readonly Unvalued[];
}

/** An amount nobody can name the worth of, and why. */
export interface Unvalued {
  readonly asset: Asset;
  readonly quantity: Quantity;
  readonly reason: string;
}

/** Empty balances are left out. The most valuable comes first, what has no known worth last. */
export function valueBalances(balances: Iterable<Balance>, valuer: Valuer, quote: Asset): Equity {
  const holdings: Holding[] = [];
  const unknown: Unvalued[] = [];
  let known = ZERO_NOTIONAL;
  for (const balance of balances) {
    const total = totalOf(balance);
    if (total === 0n) continue;
    const worth = valuer.worth(balance.asset, total, quote);
    holdings.push({ balance, total, worth });
    if (worth.kind === "known") known = add(known, worth.value);
    else unknown.push({ asset: balance.asset, quantity: total, reason: worth.reason });
  }
  holdings.sort(byWorth);
  unknown.sort((left, right) => (left.asset < right.asset ? -1 : 1));
  return { quote, known, holdings, unknown };
}

function byWorth(left: Holding, right: Holding): number {
  const [a, b] = [valueOf(left), valueOf(right)];
  if (a !== b) return a > b ? -1 : 1;
  return left.balance.asset < right.balance.asset ? -1 : 1;
}

function valueOf({ worth }: Holding): bigint {
  return worth.kind === "known" ? worth.value : -1n;
}
