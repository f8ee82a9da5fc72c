import type { App } from "../../../app/app.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { WatchlistOrder } from "./watchlist-order.ts";
import { formatOrder, isMoving, nextOrder, parseOrder, reversed, sortMarkets } from "./watchlist-order.ts";

/** Setting that outlives the screen. */
const ORDER_SETTING = "market.order";

/** Rows that change places stay put for this long after a key in the list: nobody aims at a moving row. */
const HELD_AFTER_KEY_MS = 10_000;
const SORT_EVERY_MS = 3_000;
/** Rows kept in sight above and below the cursor. */
const MARGIN_ROWS = 2;

/**
 * The rows of the watchlist: an order taken at one moment and kept, although prices move on. It is taken anew when the
 * trader asks, when markets come or go, and from time to time while the list is left alone; even then the cursor stays
 * on its market, and on its line unless that is in the first screen.
 */
export interface Watchlist {
  readonly order: WatchlistOrder;
  /** Whether rows are held where they are, though sorting would now put them elsewhere. */
  isHeld(now: number): boolean;
  /** Symbols in order, narrowed to those that contain the filter. */
  rows(filter: string): readonly MarketSymbol[];
  /** First row to draw. The cursor is in sight, and a list that is sorted anew does not slide away under it. */
  place(rows: readonly MarketSymbol[], cursor: number, height: number): number;
  /** Rows the list had room for when it was last drawn. */
  readonly height: number;
  sortByNext(): void;
  reverse(): void;
  /** Notes a key in the list: rows stay put for a while. */
  touch(): void;
  /** Sorts again when that is due. Cheap when it is not. */
  refresh(): void;
}

export function createWatchlist(app: Pick<App, "store" | "settings" | "now">): Watchlist {
  let order = parseOrder(app.settings.get(ORDER_SETTING));
  let sorted: readonly MarketSymbol[] = [];
  let sortedFrom: unknown;
  let sortedAt = Number.NEGATIVE_INFINITY;
  let hadTickers = false;
  let touchedAt = Number.NEGATIVE_INFINITY;
  let narrowed: { readonly from: readonly MarketSymbol[]; readonly filter: string; readonly rows: typeof sorted } = {
    from: sorted,
    filter: "",
    rows: sorted,
  };
  let top = 0;
  let height = 1;
  let placed: { readonly rows: readonly MarketSymbol[]; readonly cursor: number } = { rows: [], cursor: 0 };

  function sort(): void {
    const state = app.store.getState();
    sorted = sortMarkets(order, state);
    sortedFrom = state.instruments.bySymbol;
    sortedAt = app.now();
    hadTickers = state.market.tickersAt !== undefined;
  }

  function setOrder(next: WatchlistOrder): void {
    order = next;
    app.settings.set(ORDER_SETTING, formatOrder(order));
    sort();
    touchedAt = sortedAt;
  }

  return {
    get order() {
      return order;
    },
    get height() {
      return height;
    },
    isHeld: (now) => isMoving(order) && now - touchedAt < HELD_AFTER_KEY_MS,
    rows(filter) {
      if (app.store.getState().instruments.bySymbol !== sortedFrom) sort();
      const wanted = filter.trim().toUpperCase();
      if (narrowed.from !== sorted || narrowed.filter !== wanted) {
        const rows = wanted === "" ? sorted : sorted.filter((symbol) => symbol.toUpperCase().includes(wanted));
        narrowed = { from: sorted, filter: wanted, rows };
      }
      return narrowed.rows;
    },
    place(rows, cursor, room) {
      height = Math.max(1, room);
      const wasOn = placed.rows[placed.cursor];
      // Whoever looks at the head of the list goes on seeing it.
      const atHead = top === 0 && cursor < height - MARGIN_ROWS;
      if (placed.rows !== rows && wasOn === rows[cursor] && !atHead) top += cursor - placed.cursor;
      else if (cursor < top - height || cursor >= top + 2 * height) top = cursor - Math.floor(height / 2);
      placed = { rows, cursor };
      const margin = Math.min(MARGIN_ROWS, Math.floor((height - 1) / 2));
      top = Math.max(cursor - height + 1 + margin, Math.min(cursor - margin, top));
      top = Math.max(0, Math.min(rows.length - height, top));
      return top;
    },
    sortByNext: () => setOrder(nextOrder(order)),
    reverse: () => setOrder(reversed(order)),
    touch() {
      touchedAt = app.now();
    },
    refresh() {
      if (!isMoving(order)) return;
      const now = app.now();
      const firstFigures = !hadTickers && app.store.getState().market.tickersAt !== undefined;
      if (!firstFigures && (now - touchedAt < HELD_AFTER_KEY_MS || now - sortedAt < SORT_EVERY_MS)) return;
      sort();
    },
  };
}
