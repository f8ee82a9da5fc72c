import { selectInstrument } from "../../../../app/store/selectors.ts";
import { decimalsOf } from "../../../../core/domain/money.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatFigure, formatTime } from "../../../format/figures.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";
import { paintTitle } from "./title.ts";

/** Public trades, newest first; the arrow says which side took, so colour is never alone. */
export function paintTape(area: PaintArea, view: MarketView): void {
  const { state, theme, ascii } = view;
  paintTitle(area, view, "Trades", state.market.tapeAt);
  const { tape } = state.market;
  if (tape.length === 0) {
    area.text(1, 2, "No trade seen yet.", theme.muted);
    return;
  }
  const instrument = selectInstrument(state);
  // A narrow tape gives up the time before it gives up the side.
  const timed = area.width >= 30;
  const decimals = Math.min(instrument === undefined ? 4 : decimalsOf(instrument.stepSize), 5);
  tape.slice(0, area.height - 1).forEach((trade, index) => {
    const y = index + 1;
    const style = trade.side === "buy" ? theme.up : theme.down;
    const arrow = trade.side === "buy" ? (ascii ? "^" : "▲") : ascii ? "v" : "▼";
    if (timed) area.text(0, y, formatTime(trade.at), theme.muted);
    area.text(timed ? 9 : 0, y, arrow, style);
    const quantityWidth = Math.max(8, Math.floor((area.width - 10) * 0.4));
    area.textRight(area.width - quantityWidth, y, formatFigure(trade.price, priceDecimals(instrument)), style);
    area.textRight(area.width, y, formatFigure(trade.quantity, decimals), theme.text);
  });
}
