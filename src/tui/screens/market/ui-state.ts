import type { ClientOrderId, MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { GapAnswer } from "../../../core/domain/protection-events.ts";
import type { LayerName } from "../../input/keymap.ts";
import type { TextLine } from "../../input/text-line.ts";
import { EMPTY_LINE } from "../../input/text-line.ts";
import type { ProposedDeed } from "./deed.ts";
import type { ShownNotice } from "./notice.ts";
import type { Ticket } from "./ticket.ts";

export type PanelName = "watchlist" | "orders" | "positions";

/** What the trader is doing, apart from the market: kept out of the store, because it dies with the screen. */
export interface UiState {
  /** Bottom first; the last one gets the keys. */
  readonly layers: readonly LayerName[];
  readonly panel: PanelName;
  /** The row under the cursor is held by its name, so that no re-sorting can slip another under it. */
  readonly cursorSymbol: MarketSymbol | undefined;
  readonly cursorOrder: ClientOrderId | undefined;
  readonly cursorPosition: MarketSymbol | undefined;
  readonly filter: TextLine;
  readonly command: TextLine;
  readonly ticket: Ticket | undefined;
  /** Where the text cursor stands in the ticket's present field. */
  readonly ticketLine: TextLine;
  /** What is looked up, shown, and done only for a `y`. */
  readonly deed: ProposedDeed | undefined;
  /** The first line that is shown of a list that does not fit. */
  readonly scrolled: number;
  /** The order a cancel question is about. */
  readonly cancelling: ClientOrderId | undefined;
  /** The question that is shown, and the answer that waits for a second key. */
  readonly asking: { readonly key: string; readonly chosen: GapAnswer | undefined } | undefined;
  /** The answer to the last key, and when it was given. */
  readonly message: ShownNotice | undefined;
  /** Notices of the session up to this id have been put away. */
  readonly dismissedNotice: number;
}

export const INITIAL_UI: UiState = {
  layers: ["market"],
  panel: "watchlist",
  cursorSymbol: undefined,
  cursorOrder: undefined,
  cursorPosition: undefined,
  filter: EMPTY_LINE,
  command: EMPTY_LINE,
  ticket: undefined,
  ticketLine: EMPTY_LINE,
  deed: undefined,
  scrolled: 0,
  cancelling: undefined,
  asking: undefined,
  message: undefined,
  dismissedNotice: 0,
};

export function topLayer(ui: UiState): LayerName {
  return ui.layers.at(-1) ?? "market";
}

export function openLayer(ui: UiState, layer: LayerName): UiState {
  return topLayer(ui) === layer ? ui : { ...ui, layers: [...ui.layers, layer] };
}

export function closeLayer(ui: UiState): UiState {
  return ui.layers.length === 1 ? ui : { ...ui, layers: ui.layers.slice(0, -1) };
}

const PANELS: readonly PanelName[] = ["watchlist", "orders", "positions"];

/** The panel that has the focus after so many steps round. */
export function panelAfter(panel: PanelName, steps: number): PanelName {
  return PANELS.at((PANELS.indexOf(panel) + steps) % PANELS.length) ?? panel;
}
