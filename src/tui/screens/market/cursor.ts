import type { AppState } from "../../../app/store/create-store.ts";
import type { PositionReport } from "../../../app/portfolio-books.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Order } from "../../../core/domain/order.ts";
import { cursorIndex, orderRows } from "./rows.ts";
import type { UiState } from "./ui-state.ts";
import type { Watchlist } from "./watchlist.ts";

/** Moves the cursor of the panel that has the focus, by row number; what lies beyond an end is that end. */
export function moveCursor(
  ui: UiState,
  state: AppState,
  watchlist: Watchlist,
  positions: readonly PositionReport[],
  move: (index: number) => number,
): UiState {
  if (ui.panel === "watchlist") {
    watchlist.touch();
    const rows = watchlist.rows(ui.filter.text);
    const next = rows[clampIndex(move(watchlistCursor(ui, state, rows)), rows.length)];
    return next === undefined ? ui : { ...ui, cursorSymbol: next };
  }
  if (ui.panel === "positions") {
    const held = positions.map(({ position }) => position.symbol);
    const symbol = held[clampIndex(move(cursorIndex(held, ui.cursorPosition)), held.length)];
    return symbol === undefined ? ui : { ...ui, cursorPosition: symbol };
  }
  const ids = orderRows(state).map((order) => order.clientOrderId);
  const next = ids[clampIndex(move(cursorIndex(ids, ui.cursorOrder)), ids.length)];
  return next === undefined ? ui : { ...ui, cursorOrder: next };
}

/** The market under the cursor of the panel that has the focus. */
export function symbolUnderCursor(
  ui: UiState,
  state: AppState,
  watchlist: Watchlist,
  positions: readonly PositionReport[],
): MarketSymbol | undefined {
  if (ui.panel === "positions") return positionUnderCursor(ui, positions)?.position.symbol;
  if (ui.panel === "orders") return orderUnderCursor(ui, state)?.symbol;
  const rows = watchlist.rows(ui.filter.text);
  return rows[watchlistCursor(ui, state, rows)];
}

export function positionUnderCursor(ui: UiState, positions: readonly PositionReport[]): PositionReport | undefined {
  const held = positions.map(({ position }) => position.symbol);
  return positions[cursorIndex(held, ui.cursorPosition)];
}

export function orderUnderCursor(ui: UiState, state: AppState): Order | undefined {
  const rows = orderRows(state);
  const ids = rows.map((order) => order.clientOrderId);
  return rows[cursorIndex(ids, ui.cursorOrder)];
}

/** Until the trader moves it, the cursor stands on the selected market. */
export function watchlistCursor(ui: UiState, state: AppState, rows: readonly MarketSymbol[]): number {
  return cursorIndex(rows, ui.cursorSymbol ?? state.market.selected);
}

export function clampIndex(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
