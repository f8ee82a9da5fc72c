import type { TickerRow } from "../../../../app/store/ticker-table.ts";
import type { MarketSymbol } from "../../../../core/domain/identifiers.ts";
import type { Ratio } from "../../../../core/domain/money.ts";
import { textWidth } from "../../../canvas/glyphs.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { sparkline } from "../../../charts/candle-chart.ts";
import { formatFitting, formatPercent, MISSING } from "../../../format/figures.ts";
import { watchlistCursor } from "../cursor.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";
import type { WatchlistOrder } from "../watchlist-order.ts";
import { paintTitle } from "./title.ts";

/** Columns from the right: spark, change, price; the name has what is left. */
function columnsOf(width: number) {
  const narrow = width < 30;
  return {
    spark: Math.max(0, Math.min(10, width - 32)),
    price: narrow ? 8 : 10,
    change: narrow ? 7 : 8,
    decimals: narrow ? 1 : 2,
  };
}

/** Markets with last price, change and a spark. Only the rows in sight are looked at, however many there are. */
export function paintWatchlist(area: PaintArea, view: MarketView): void {
  const { state, ui, theme, watchlist } = view;
  const rows = watchlist.rows(ui.filter.text);
  paintTitle(area, view, titleOf(view, rows.length, area.width), state.market.tickersAt, ui.panel === "watchlist");
  if (rows.length === 0) {
    const why = state.instruments.at === undefined ? "Loading the markets…" : "No market fits the filter.";
    area.text(1, 2, why, theme.muted);
    return;
  }
  const height = area.height - 1;
  const cursor = watchlistCursor(ui, state, rows);
  const top = watchlist.place(rows, cursor, height);
  const end = Math.min(rows.length, top + height);
  for (let index = top; index < end; index += 1) {
    const symbol = rows[index];
    if (symbol !== undefined) paintRow(area, view, index - top + 1, symbol, index === cursor);
  }
}

/** "Markets /usdc 143 · 24h▼ held": what is filtered, how many are left, and how they are sorted; the least goes first. */
function titleOf({ state, ui, watchlist, now, ascii }: MarketView, count: number, width: number): string {
  const filter = ui.filter.text === "" ? "" : ` /${ui.filter.text}`;
  const counted = state.instruments.bySymbol.size === 0 ? "" : ` ${count}`;
  const sorted = orderWords(watchlist.order, ascii);
  const held = sorted !== "" && watchlist.isHeld(now) ? " held" : "";
  // The age at the right keeps its room.
  const room = width - 4;
  const whole = `Markets${filter}${counted}${sorted}${held}`;
  const fitting = [whole, `Markets${filter}${counted}${sorted}`, `Markets${filter}${counted}`];
  return fitting.find((title) => textWidth(title) <= room) ?? cut(whole, room);
}

const ORDER_WORDS = { listed: "listed", symbol: "name", change: "24h", turnover: "turnover" } as const;

function orderWords({ by, descending }: WatchlistOrder, ascii: boolean): string {
  if (by === "listed" && !descending) return "";
  return ` · ${ORDER_WORDS[by]}${descending ? (ascii ? "v" : "▼") : ascii ? "^" : "▲"}`;
}

function paintRow(area: PaintArea, view: MarketView, y: number, symbol: MarketSymbol, onCursor: boolean): void {
  const { state, ui, theme, ascii } = view;
  const row: TickerRow | undefined = state.market.tickers.get(symbol);
  const instrument = state.instruments.bySymbol.get(symbol);
  const under = onCursor && ui.panel === "watchlist" ? { background: theme.cursorBackground } : {};
  const isSelected = symbol === state.market.selected;
  const restricted = instrument?.tradability.kind === "restricted";
  const name = { ...(isSelected ? theme.accent : restricted ? theme.muted : theme.text), ...under };
  const change = row?.ticker.change;
  const colored = change === undefined ? theme.muted : change >= 0n ? theme.up : theme.down;
  const columns = columnsOf(area.width);
  const changeEnd = area.width - columns.spark - (columns.spark === 0 ? 0 : 1);
  const priceEnd = changeEnd - columns.change;
  const mark = isSelected ? (ascii ? ">" : "▸") : " ";
  area.text(0, y, " ".repeat(area.width), under);
  const riskMark = instrument?.riskMarked === true ? " ST" : "";
  const nameEnd = area.text(0, y, `${mark}${cut(symbol, priceEnd - columns.price - 2 - riskMark.length)}`, name);
  area.text(nameEnd, y, riskMark, { ...theme.danger, ...under });
  const priceText = formatFitting(row?.ticker.last, priceDecimals(instrument), columns.price).padStart(columns.price);
  area.textRight(priceEnd, y, priceText, { ...theme.text, ...under });
  area.textRight(changeEnd, y, changeText(change, columns).padStart(columns.change), { ...colored, ...under });
  if (columns.spark === 0) return;
  const drawn = row === undefined ? MISSING.padStart(columns.spark) : sparkline(row.spark, columns.spark, ascii);
  area.text(area.width - columns.spark, y, drawn, { ...colored, ...under });
}

/** Listings can rise a hundredfold in a day; then the decimals go. */
function changeText(change: Ratio | undefined, columns: ReturnType<typeof columnsOf>): string {
  const text = formatPercent(change, columns.decimals);
  return text.length < columns.change ? text : formatPercent(change, 0);
}

/** A name too long for its column ends in an ellipsis, measured in cells: names are not always ASCII. */
function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}
