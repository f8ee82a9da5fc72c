import { selectInstrument } from "../../../../app/store/selectors.ts";
import { decimalsOf } from "../../../../core/domain/money.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatFigure, formatFitting, formatTime } from "../../../format/figures.ts";
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
  const shown = tape.slice(0, area.height - 1);
  const prices = shown.map((trade) => formatFigure(trade.price, priceDecimals(instrument)));
  const { timed, priceWidth, quantityWidth } = columnsOf(area.width, Math.max(...prices.map((text) => text.length)));
  const decimals = Math.min(instrument === undefined ? 4 : decimalsOf(instrument.stepSize), 5);
  shown.forEach((trade, index) => {
    const y = index + 1;
    const style = trade.side === "buy" ? theme.up : theme.down;
    const arrow = trade.side === "buy" ? (ascii ? "^" : "▲") : ascii ? "v" : "▼";
    if (timed) area.text(0, y, formatTime(trade.at), theme.muted);
    area.text(timed ? TIME_WIDTH : 0, y, arrow, style);
    const price = formatFitting(trade.price, priceDecimals(instrument), priceWidth);
    area.textRight(area.width - quantityWidth - 1, y, price, style);
    area.textRight(area.width, y, formatFitting(trade.quantity, decimals, quantityWidth), theme.text);
  });
}

const TIME_WIDTH = 9;
const ARROW_WIDTH = 2;
/** Room in which every quantity can be told: "19.16M", "4.1e-8". */
const SHORTEST_QUANTITY = 6;

/** A price keeps all its digits: the quantity is shortened first, then the time goes. The side never does. */
function columnsOf(width: number, longestPrice: number) {
  const afterArrow = width - ARROW_WIDTH;
  const timed = width >= 30 && afterArrow - TIME_WIDTH - longestPrice - 1 >= SHORTEST_QUANTITY;
  const room = afterArrow - (timed ? TIME_WIDTH : 0) - 1;
  const priceWidth = Math.max(0, Math.min(longestPrice, room - 1));
  const usual = Math.max(8, Math.floor((width - 10) * 0.4));
  return { timed, priceWidth, quantityWidth: Math.min(usual, room - priceWidth) };
}
