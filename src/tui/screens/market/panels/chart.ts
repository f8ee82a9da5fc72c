import { selectInstrument } from "../../../../app/store/selectors.ts";
import type { Candle } from "../../../../core/domain/candle.ts";
import { toDrawingNumber } from "../../../../core/domain/money.ts";
import type { PaintArea, Painter } from "../../../canvas/paint-area.ts";
import { groupThousands } from "../../../format/figures.ts";
import type { DrawnCandle, PriceScale } from "../../../charts/candle-chart.ts";
import { drawCandleChart } from "../../../charts/candle-chart.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";
import { paintTitle } from "./title.ts";

/** Candles of the selected market. Keeps its price scale from frame to frame, so that a tick moves few cells. */
export function createChartPainter(read: () => MarketView): Painter {
  let held: { readonly of: string; readonly scale: PriceScale } | undefined;
  let drawn: { readonly from: readonly Candle[]; readonly candles: readonly DrawnCandle[] } | undefined;
  return (area: PaintArea) => {
    const view = read();
    const { state, theme, ascii } = view;
    const { selected, interval, candles, candlesAt } = state.market;
    paintTitle(area, view, `${selected ?? "No market"} · ${interval}`, candlesAt);
    if (candles === undefined) {
      paintNothingYet(area, view);
      return;
    }
    if (candles.length === 0) {
      area.text(1, 2, "No trade has made a candle yet.", theme.muted);
      return;
    }
    const of = `${selected ?? ""} ${interval}`;
    if (drawn?.from !== candles) drawn = { from: candles, candles: candles.map(toDrawn) };
    const body = area.part(0, 1, area.width, area.height - 1);
    const decimals = priceDecimals(selectInstrument(state));
    const look = { up: theme.up, down: theme.down, axis: theme.muted, last: theme.strong, ascii };
    const formatPrice = (price: number) => groupThousands(price.toFixed(decimals));
    const before = held?.of === of ? held.scale : undefined;
    const scale = drawCandleChart(body, drawn.candles, look, formatPrice, before);
    if (scale === undefined) area.text(1, 2, "Too little room for a chart.", theme.muted);
    held = scale === undefined ? undefined : { of, scale };
  };
}

/** Why there is no chart, and what can be done about it. */
function paintNothingYet(area: PaintArea, { state, theme }: MarketView): void {
  const { session, instruments, market } = state;
  const connection = session.marketConnection;
  if (instruments.at === undefined && connection.kind === "waiting") {
    area.text(1, 2, "The exchange cannot be reached; it is tried again by itself.", theme.warning);
    area.text(1, 3, safeLine(connection.why, area.width - 2), theme.muted);
    area.text(1, 5, "`tapedeck demo` needs no network.", theme.text);
    return;
  }
  const why =
    market.selected !== undefined
      ? "Loading candles…"
      : instruments.at === undefined
        ? "Loading the markets…"
        : "Choose a market.";
  area.text(1, 2, why, theme.muted);
}

function safeLine(text: string, width: number): string {
  return [...text].slice(0, Math.max(0, width)).join("");
}

function toDrawn(candle: Candle): DrawnCandle {
  return {
    open: toDrawingNumber(candle.open),
    high: toDrawingNumber(candle.high),
    low: toDrawingNumber(candle.low),
    close: toDrawingNumber(candle.close),
    volume: toDrawingNumber(candle.baseVolume),
  };
}
