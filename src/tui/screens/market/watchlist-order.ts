import type { AppState } from "../../../app/store/create-store.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { marketSymbol } from "../../../core/domain/identifiers.ts";
import { toDrawingNumber } from "../../../core/domain/money.ts";

/** What the rows of the watchlist are sorted by; `listed` is the exchange's own order. */
export const WATCHLIST_SORTS = ["listed", "symbol", "change", "turnover"] as const;
export type WatchlistSort = (typeof WATCHLIST_SORTS)[number];

export interface WatchlistOrder {
  readonly by: WatchlistSort;
  readonly descending: boolean;
}

/** The way round that is asked for first: names from A, figures from the largest. */
const FIRST_DESCENDING: Readonly<Record<WatchlistSort, boolean>> = {
  listed: false,
  symbol: false,
  change: true,
  turnover: true,
};

export const LISTED: WatchlistOrder = { by: "listed", descending: false };

export function nextOrder({ by }: WatchlistOrder): WatchlistOrder {
  const next = WATCHLIST_SORTS[(WATCHLIST_SORTS.indexOf(by) + 1) % WATCHLIST_SORTS.length] ?? "listed";
  return { by: next, descending: FIRST_DESCENDING[next] };
}

export function reversed({ by, descending }: WatchlistOrder): WatchlistOrder {
  return { by, descending: !descending };
}

/** As kept in the settings. */
export function formatOrder({ by, descending }: WatchlistOrder): string {
  return `${by} ${descending ? "down" : "up"}`;
}

export function parseOrder(text: string | undefined): WatchlistOrder {
  const [word, direction] = (text ?? "").split(" ");
  const by = WATCHLIST_SORTS.find((known) => known === word);
  return by === undefined ? LISTED : { by, descending: direction === "down" };
}

/** Whether an order changes as prices do. */
export function isMoving({ by }: WatchlistOrder): boolean {
  return by === "change" || by === "turnover";
}

/** Every market in this order. Those whose figure is not known come last, either way round; ties stay as listed. */
export function sortMarkets({ by, descending }: WatchlistOrder, state: AppState): readonly MarketSymbol[] {
  const listed = [...state.instruments.bySymbol.keys()];
  if (by === "listed") return descending ? listed.reverse() : listed;
  if (by === "symbol") return listed.sort((left, right) => compare(left, right, descending));
  const figure = by === "change" ? changeOf : turnoverOf;
  const known: { readonly symbol: MarketSymbol; readonly value: number }[] = [];
  const unknown: MarketSymbol[] = [];
  for (const symbol of listed) {
    const value = figure(state, symbol);
    if (value === undefined) unknown.push(symbol);
    else known.push({ symbol, value });
  }
  known.sort((left, right) => compare(left.value, right.value, descending));
  return [...known.map(({ symbol }) => symbol), ...unknown];
}

function compare<T extends number | string>(left: T, right: T, descending: boolean): number {
  if (left === right) return 0;
  return left < right === descending ? 1 : -1;
}

function changeOf(state: AppState, symbol: MarketSymbol): number | undefined {
  const change = state.market.tickers.get(symbol)?.ticker.change;
  return change === undefined ? undefined : toDrawingNumber(change);
}

const DOLLARS: ReadonlySet<string> = new Set(["USDT", "USDC", "TUSD", "USD1"]);

/** The day's turnover in dollars or thereabouts: only to set markets of different quotes into one order. */
function turnoverOf(state: AppState, symbol: MarketSymbol): number | undefined {
  const turnover = state.market.tickers.get(symbol)?.ticker.quoteVolume;
  const quote = state.instruments.bySymbol.get(symbol)?.quote;
  if (turnover === undefined || quote === undefined) return undefined;
  if (DOLLARS.has(quote)) return toDrawingNumber(turnover);
  const rate = state.market.tickers.get(marketSymbol(`${quote}USDT`))?.ticker.last;
  return rate === undefined ? undefined : toDrawingNumber(turnover) * toDrawingNumber(rate);
}
