import type { PaintArea } from "../canvas/paint-area.ts";
import type { CellStyle } from "../canvas/style.ts";

/** A candle as drawn: plain numbers, for the eye only. */
export interface DrawnCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ChartLook {
  readonly up: CellStyle;
  readonly down: CellStyle;
  readonly axis: CellStyle;
  readonly last: CellStyle;
  readonly ascii: boolean;
}

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const ASCII_EIGHTHS = [" ", ".", ".", ":", ":", "|", "|", "#", "#"] as const;

/** Glyphs by what the upper and the lower half of a cell hold: 0 nothing, 1 wick, 2 body. */
const GLYPHS = [" ", "╷", "╻", "╵", "│", "╽", "╹", "╿", "┃"] as const;
const ASCII_GLYPHS = [" ", "'", "#", ".", "|", "#", "#", "#", "#"] as const;

export interface PriceScale {
  readonly low: number;
  readonly high: number;
}

/**
 * Draws candles from the right edge, two half-cells a row, with volume below and prices at the right.
 * @param held the scale of the frame before; kept while every price stays inside it and fills it, so that little moves.
 * @returns the scale used; undefined when there was nothing or no room to draw.
 */
export function drawCandleChart(
  area: PaintArea,
  candles: readonly DrawnCandle[],
  look: ChartLook,
  formatPrice: (price: number) => string,
  held?: PriceScale,
): PriceScale | undefined {
  const volumeRows = area.height >= 12 ? 3 : area.height >= 8 ? 2 : 0;
  const priceRows = area.height - volumeRows;
  const labelWidth = widestLabel(candles, formatPrice, held) + 2;
  const columns = area.width - labelWidth;
  const visible = candles.slice(-Math.max(0, columns));
  if (visible.length === 0 || priceRows < 3 || columns < 8) return undefined;

  const scale = chooseScale(visible, held);
  const halves = priceRows * 2;
  const halfOf = (price: number) =>
    Math.max(
      0,
      Math.min(halves - 1, Math.round(((scale.high - price) / (scale.high - scale.low || 1)) * (halves - 1))),
    );
  const left = columns - visible.length;
  const greatestVolume = Math.max(...visible.map((it) => it.volume), 0);

  visible.forEach((candle, index) => {
    const style = candle.close >= candle.open ? look.up : look.down;
    drawCandle(area, left + index, candle, halfOf, style, look.ascii);
    if (volumeRows > 0 && greatestVolume > 0) {
      const eighths = Math.round((candle.volume / greatestVolume) * volumeRows * 8);
      drawBar(area, left + index, area.height, volumeRows, eighths, style, look.ascii);
    }
  });
  drawAxis(area, scale, priceRows, columns, look, formatPrice);
  const last = visible.at(-1);
  if (last !== undefined) {
    const row = Math.floor(halfOf(last.close) / 2);
    area.text(columns, row, `${look.ascii ? "<" : "◂"}${formatPrice(last.close)}`.padEnd(labelWidth), look.last);
  }
  return scale;
}

/** Room for the highest price the axis can come to, so that none of its labels is ever cut. */
function widestLabel(
  candles: readonly DrawnCandle[],
  formatPrice: (price: number) => string,
  held: PriceScale | undefined,
): number {
  const highest = Math.max(held?.high ?? 0, ...candles.map((it) => it.high + (it.high - it.low) * 0.08));
  return formatPrice(highest).length;
}

function chooseScale(candles: readonly DrawnCandle[], held: PriceScale | undefined): PriceScale {
  const low = Math.min(...candles.map((it) => it.low));
  const high = Math.max(...candles.map((it) => it.high));
  const span = high - low || Math.abs(high) * 0.001 || 1;
  const fits = held !== undefined && low >= held.low && high <= held.high && span > (held.high - held.low) * 0.7;
  return fits ? held : { low: low - span * 0.08, high: high + span * 0.08 };
}

function drawCandle(
  area: PaintArea,
  x: number,
  candle: DrawnCandle,
  halfOf: (price: number) => number,
  style: CellStyle,
  ascii: boolean,
): void {
  const wickTop = halfOf(candle.high);
  const wickEnd = halfOf(candle.low);
  const bodyTop = halfOf(Math.max(candle.open, candle.close));
  const bodyEnd = halfOf(Math.min(candle.open, candle.close));
  const part = (half: number) => (half < wickTop || half > wickEnd ? 0 : half >= bodyTop && half <= bodyEnd ? 2 : 1);
  const glyphs = ascii ? ASCII_GLYPHS : GLYPHS;
  for (let row = Math.floor(wickTop / 2); row <= Math.floor(wickEnd / 2); row += 1) {
    area.text(x, row, glyphs[part(row * 2) * 3 + part(row * 2 + 1)] ?? " ", style);
  }
}

/** A bar that stands on `bottom` and grows upwards by eighths of a cell. */
export function drawBar(
  area: PaintArea,
  x: number,
  bottom: number,
  rows: number,
  eighths: number,
  style: CellStyle,
  ascii: boolean,
): void {
  const glyphs = ascii ? ASCII_EIGHTHS : EIGHTHS;
  for (let row = 0; row < rows; row += 1) {
    const filled = Math.max(0, Math.min(8, eighths - row * 8));
    if (filled > 0) area.text(x, bottom - 1 - row, glyphs[filled] ?? " ", { ...style, dim: true });
  }
}

/** Round prices (1, 2 or 5 times a power of ten apart), so that the labels stay where they are. */
function drawAxis(
  area: PaintArea,
  scale: PriceScale,
  rows: number,
  x: number,
  look: ChartLook,
  formatPrice: (price: number) => string,
): void {
  const span = scale.high - scale.low;
  const wanted = Math.max(2, Math.floor(rows / 4));
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  for (let price = Math.ceil(scale.low / step) * step; price < scale.high; price += step) {
    const row = Math.round(((scale.high - price) / span) * (rows - 1));
    area.text(x, row, ` ${formatPrice(price)}`, look.axis);
  }
}

/** A line of eighth blocks, newest at the right. */
export function sparkline(values: readonly number[], width: number, ascii: boolean): string {
  const shown = values.slice(-width);
  if (shown.length < 2) return " ".repeat(width);
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const glyphs = ascii ? ASCII_EIGHTHS : EIGHTHS;
  const bars = shown.map(
    (value) => glyphs[high === low ? 4 : 1 + Math.round(((value - low) / (high - low)) * 7)] ?? " ",
  );
  return bars.join("").padStart(width);
}
