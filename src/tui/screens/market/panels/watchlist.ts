import type { Instrument } from "../../../../core/domain/instrument.ts";
import type { Price } from "../../../../core/domain/money.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { sparkline } from "../../../charts/candle-chart.ts";
import { formatCompact, formatFigure, formatPercent, MISSING } from "../../../format/figures.ts";
import { priceDecimals } from "../view.ts";
import { cursorIndex, scrollOffset, watchlistRows } from "../rows.ts";
import type { MarketView } from "../view.ts";
import { paintTitle } from "./title.ts";

/** Markets with last price, change and a spark. Rows keep their place whatever prices do. */
export function paintWatchlist(area: PaintArea, view: MarketView): void {
  const { state, ui, theme, ascii } = view;
  const filter = ui.filter.text;
  const title = filter === "" ? "Markets" : `Markets /${filter}`;
  paintTitle(area, view, title, state.market.tickersAt, ui.panel === "watchlist");
  const rows = watchlistRows(state, filter);
  if (rows.length === 0) {
    const why = state.instruments.at === undefined ? "Loading the markets…" : "No market fits the filter.";
    area.text(1, 2, why, theme.muted);
    return;
  }
  const height = area.height - 1;
  const cursor = cursorIndex(rows, ui.cursorSymbol ?? state.market.selected);
  const offset = scrollOffset(rows.length, height, cursor);
  const sparkWidth = Math.max(0, Math.min(10, area.width - 32));
  rows.slice(offset, offset + height).forEach((symbol, index) => {
    const y = index + 1;
    const row = state.market.tickers.get(symbol);
    const ticker = row?.ticker;
    const instrument = state.instruments.bySymbol.get(symbol);
    const onCursor = offset + index === cursor && ui.panel === "watchlist";
    const background = onCursor ? { background: theme.cursorBackground } : {};
    const isSelected = symbol === state.market.selected;
    const restricted = instrument?.tradability.kind === "restricted";
    const name = { ...(isSelected ? theme.accent : restricted ? theme.muted : theme.text), ...background };
    const colored = ticker?.change === undefined ? theme.muted : ticker.change >= 0n ? theme.up : theme.down;
    area.text(0, y, `${isSelected ? (ascii ? ">" : "▸") : " "}${symbol}`.padEnd(area.width), name);
    if (instrument?.riskMarked === true) area.text(1 + symbol.length + 1, y, "ST", { ...theme.danger, ...background });
    area.textRight(area.width - sparkWidth - 9, y, priceText(ticker?.last, instrument), {
      ...theme.text,
      ...background,
    });
    area.textRight(area.width - sparkWidth - 1, y, formatPercent(ticker?.change).padStart(8), {
      ...colored,
      ...background,
    });
    if (sparkWidth === 0) return;
    const drawn = row === undefined ? MISSING.padStart(sparkWidth) : sparkline(row.spark, sparkWidth, ascii);
    area.text(area.width - sparkWidth, y, drawn, { ...colored, ...background });
  });
}

const PRICE_WIDTH = 10;

/** The exact price wherever it fits, so that digits stay in their place from tick to tick. */
function priceText(last: Price | undefined, instrument: Instrument | undefined): string {
  const exact = formatFigure(last, priceDecimals(instrument));
  return (exact.length <= PRICE_WIDTH ? exact : formatCompact(last, PRICE_WIDTH)).padStart(PRICE_WIDTH);
}
