import { selectInstrument } from "../../../../app/store/selectors.ts";
import type { Level } from "../../../../core/domain/book.ts";
import { decimalsOf, subtract, toDrawingNumber } from "../../../../core/domain/money.ts";
import type { Side } from "../../../../core/domain/order.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge, formatFigure, formatFitting } from "../../../format/figures.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";
import type { AgeWords } from "./title.ts";
import { ageWords, paintTitleWith } from "./title.ts";

/** Asks above, bids below, the spread between; bars show the quantity at a price against the largest in sight. */
export function paintLadder(area: PaintArea, view: MarketView): void {
  const { state, theme } = view;
  const { book } = state.market;
  paintTitleWith(area, view, "Book", stateWords(view));
  if (book === undefined || (book.bids.length === 0 && book.asks.length === 0)) {
    const isProven = book?.state === "live";
    area.text(1, 2, isProven ? "The book is empty." : "The book is being read…", theme.muted);
    return;
  }
  const sideRows = Math.max(1, Math.floor((area.height - 2) / 2));
  const asks = book.asks.slice(0, sideRows);
  const bids = book.bids.slice(0, sideRows);
  const greatest = [...asks, ...bids].reduce((most, level) => (level.quantity > most ? level.quantity : most), 0n);
  asks.forEach((level, index) => {
    paintLevel(area, view, 1 + sideRows - 1 - index, level, "sell", greatest);
  });
  paintSpread(area, view, 1 + sideRows, bids[0], asks[0]);
  bids.forEach((level, index) => {
    paintLevel(area, view, 2 + sideRows + index, level, "buy", greatest);
  });
}

/** The feed's own word for the book, and the age of what is shown: "live · 39s quiet", "syncing · 4s", "stale 15s". */
function stateWords(view: MarketView): AgeWords {
  const { book, bookAt } = view.state.market;
  const age = ageWords(view, bookAt);
  if (book === undefined || age.isTrouble) return age;
  const ageText = formatAge(bookAt === undefined ? undefined : view.now - bookAt);
  if (book.state === "live") return { text: `live · ${age.text}`, isTrouble: false };
  return { text: book.state === "stale" ? `stale ${ageText}` : `syncing · ${ageText}`, isTrouble: true };
}

function paintLevel(area: PaintArea, view: MarketView, y: number, level: Level, side: Side, greatest: bigint): void {
  const { state, theme } = view;
  if (y >= area.height) return;
  const instrument = selectInstrument(state);
  const stale = state.market.book?.state !== "live";
  const style = stale ? theme.muted : side === "buy" ? theme.up : theme.down;
  const barWidth = greatest === 0n ? 0 : Math.round((Number(level.quantity) / Number(greatest)) * area.width);
  const background = side === "buy" ? theme.bidBar : theme.askBar;
  // The first column is for the mark of an own order, and the quantity keeps a blank and four characters.
  const fitting = formatFitting(level.price, priceDecimals(instrument), area.width - 6);
  const price = ` ${fitting}`.padStart(Math.floor(area.width / 2));
  const decimals = Math.min(instrument === undefined ? 4 : decimalsOf(instrument.stepSize), 6);
  const room = area.width - price.length;
  const quantity = formatFitting(level.quantity, decimals, room - 1).padStart(room);
  const line = `${price}${quantity}`;
  // The bar grows from the right edge; text stands on it.
  const barStart = area.width - barWidth;
  for (const [from, to, bar] of [
    [0, barStart, false],
    [barStart, area.width, true],
  ] as const) {
    const under = bar ? { background } : {};
    area.text(from, y, line.slice(from, Math.min(to, price.length)), { ...style, ...under });
    const rest = Math.max(from, price.length);
    if (to > rest) area.text(rest, y, line.slice(rest, to), { ...theme.text, ...under });
  }
  if (ownOrderAt(view, side, level)) area.text(0, y, "●", theme.accent);
}

function ownOrderAt({ state }: MarketView, side: Side, level: Level): boolean {
  for (const order of state.trading.orders.values()) {
    const resting = order.state === "open" || order.state === "partially-filled" || order.state === "cancelling";
    if (resting && order.symbol === state.market.selected && order.side === side && order.limitPrice === level.price)
      return true;
  }
  return false;
}

function paintSpread(
  area: PaintArea,
  view: MarketView,
  y: number,
  bid: Level | undefined,
  ask: Level | undefined,
): void {
  const { state, theme } = view;
  if (bid === undefined || ask === undefined) {
    area.text(0, y, "one side is empty", theme.warning);
    return;
  }
  const spread = subtract(ask.price, bid.price);
  const basisPoints = (toDrawingNumber(spread) / toDrawingNumber(ask.price)) * 10_000;
  const relative = `${basisPoints.toFixed(1)} bp`;
  const whole = `spread ${formatFigure(spread, priceDecimals(selectInstrument(state)))} (${relative})`;
  const text = [whole, `spread ${relative}`].find((candidate) => candidate.length <= area.width) ?? relative;
  area.text(Math.max(0, Math.floor((area.width - text.length) / 2)), y, text, theme.muted);
}
