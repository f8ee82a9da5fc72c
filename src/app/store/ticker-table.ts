import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import { toDrawingNumber } from "../../core/domain/money.ts";
import type { Ticker } from "../../core/domain/ticker.ts";

/** Last prices kept a symbol, for drawing only. */
export const SPARK_LENGTH = 32;

export interface TickerRow {
  readonly ticker: Ticker;
  /** Recent last prices as drawing numbers, oldest first. */
  readonly spark: readonly number[];
}

/**
 * The newest ticker of every market. A table never changes; the next one shares all rows but those that are new, so that
 * a frame with one ticker costs the same whether the exchange has ten markets or two thousand.
 */
export interface TickerTable {
  get(symbol: MarketSymbol): TickerRow | undefined;
}

/** Rows copied for one changed row; the list of blocks is copied with every frame. */
const BLOCK_ROWS = 32;

interface Blocks extends TickerTable {
  /** Where each symbol's row stands. Only ever grows, so all tables of a store share it. */
  readonly places: Map<MarketSymbol, number>;
  readonly blocks: readonly (readonly TickerRow[])[];
}

/** A table without a row, the first of a line of its own. */
export function createTickerTable(): TickerTable {
  return tableOf(new Map(), []);
}

/** The table with these tickers put in place of the ones they follow. */
export function withTickers(table: TickerTable, tickers: readonly Ticker[]): TickerTable {
  if (tickers.length === 0) return table;
  const { places, blocks: before } = table as Blocks;
  const blocks: (readonly TickerRow[])[] = [...before];
  const copied = new Map<number, TickerRow[]>();
  for (const ticker of tickers) {
    let place = places.get(ticker.symbol);
    if (place === undefined) {
      place = places.size;
      places.set(ticker.symbol, place);
    }
    const at = Math.floor(place / BLOCK_ROWS);
    let block = copied.get(at);
    if (block === undefined) {
      block = [...(blocks[at] ?? [])];
      copied.set(at, block);
      blocks[at] = block;
    }
    block[place % BLOCK_ROWS] = follow(block[place % BLOCK_ROWS], ticker);
  }
  return tableOf(places, blocks);
}

function follow(row: TickerRow | undefined, ticker: Ticker): TickerRow {
  const spark = row?.spark ?? [];
  if (ticker.last === undefined) return { ticker, spark };
  return { ticker, spark: [...spark.slice(1 - SPARK_LENGTH), toDrawingNumber(ticker.last)] };
}

function tableOf(places: Map<MarketSymbol, number>, blocks: readonly (readonly TickerRow[])[]): Blocks {
  return {
    places,
    blocks,
    get(symbol) {
      const place = places.get(symbol);
      // A symbol that came after this table has its place already, but no row here.
      return place === undefined ? undefined : blocks[Math.floor(place / BLOCK_ROWS)]?.[place % BLOCK_ROWS];
    },
  };
}
