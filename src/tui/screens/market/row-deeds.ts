import type { AppState } from "../../../app/store/create-store.ts";
import type { PositionReport } from "../../../app/portfolio-books.ts";
import { orderUnderCursor, positionUnderCursor } from "./cursor.ts";
import type { WantedDeed } from "./deed.ts";
import type { UiState } from "./ui-state.ts";

export type RowDeed =
  | { readonly kind: "deed"; readonly wanted: WantedDeed }
  /** To be written first, in the words of the shell. */
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "none"; readonly why: string };

/** What a key means for the row under the cursor; for a position, outside its panel, the market that is shown. */
export function deedOfRow(
  action: "protect" | "unprotect" | "close-position" | "adopt",
  ui: UiState,
  state: AppState,
  positions: readonly PositionReport[],
): RowDeed {
  if (action === "adopt") {
    const order = ui.panel === "orders" ? orderUnderCursor(ui, state) : undefined;
    if (order === undefined)
      return { kind: "none", why: "Choose a foreign order in the orders first (Tab goes there)." };
    return { kind: "deed", wanted: { kind: "adopt", clientOrderId: order.clientOrderId } };
  }
  const symbol = ui.panel === "positions" ? positionUnderCursor(ui, positions)?.position.symbol : state.market.selected;
  if (symbol === undefined) return { kind: "none", why: "There is no position here. Tab goes to the positions." };
  if (action === "protect") return { kind: "line", text: `position protect ${symbol} --stop -2%` };
  if (action === "unprotect") return { kind: "deed", wanted: { kind: "unprotect", of: symbol } };
  return { kind: "deed", wanted: { kind: "close", wanted: { symbol, isAll: false, cancelsOrders: false } } };
}
