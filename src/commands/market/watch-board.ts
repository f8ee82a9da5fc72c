import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { BookTop, Ticker } from "../../core/domain/ticker.ts";
import type { Io } from "../io.ts";
import { amountOrNull, percent } from "../output/amounts.ts";
import type { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import type { WatchedEvent } from "./watch-events.ts";

/** Every market on one screen: how many rise and fall, and which move most. Drawn in place once a second. */
export interface WatchBoard {
  take(event: WatchedEvent): void;
  /** Leaves the last board standing. */
  close(): void;
}

interface Row {
  readonly symbol: MarketSymbol;
  ticker: Ticker | undefined;
  top: BookTop | undefined;
  trades: number;
}

const DRAW_EVERY_MS = 1_000;
/** Heading, head and tail lines that are no markets, and the prompt that comes back below. */
const OTHER_LINES = 4;
const ROWS_WITHOUT_SIZE = 20;
/** The rate is that of the newest seconds: one since the beginning hides that nothing comes any more. */
const RATE_OVER_MS = 5_000;
const COUNTED_TOGETHER_MS = 100;
/** The tickers of all markets come every few seconds; what is older than this is no picture of now. */
const STALE_AFTER_MS = 10_000;

const COLUMNS: readonly Column<Row>[] = [
  { title: "SYMBOL", value: (row) => row.symbol },
  { title: "LAST", value: (row) => amountOrNull(row.ticker?.last), align: "right" },
  { title: "24H", value: (row) => percent(row.ticker?.change), align: "right" },
  { title: "VOLUME (QUOTE)", value: (row) => amountOrNull(row.ticker?.quoteVolume), align: "right", optional: 1 },
  { title: "BID", value: (row) => amountOrNull(row.top?.bid?.price), align: "right", optional: 3 },
  { title: "ASK", value: (row) => amountOrNull(row.top?.ask?.price), align: "right", optional: 3 },
  { title: "TRADES", value: (row) => String(row.trades), align: "right", optional: 2 },
];

export function createWatchBoard(print: Printer, io: Pick<Io, "out" | "now">, ascii: boolean): WatchBoard {
  const { out } = io;
  const rows = new Map<MarketSymbol, Row>();
  const beganAt = io.now();
  let recent: { readonly at: number; count: number }[] = [];
  let lastAt: number | undefined;
  let drawnLines = 0;
  let writing = false;

  function rowOf(symbol: MarketSymbol): Row {
    const held = rows.get(symbol);
    if (held !== undefined) return held;
    const row: Row = { symbol, ticker: undefined, top: undefined, trades: 0 };
    rows.set(symbol, row);
    return row;
  }

  /** As many markets as there is room for: a line that names left-out columns takes the place of one. */
  function tableOf(room: number): readonly string[] {
    const columns = columnsWith(rows.values());
    const lines = print.table(columns, largestMoves(rows, room));
    return lines.length <= room + 1 ? lines : print.table(columns, largestMoves(rows, room - 1));
  }

  function draw(): void {
    // A terminal that is behind gets the next picture, not all of them.
    if (writing || out.closed.aborted) return;
    const room = Math.max(2, (out.rows ?? ROWS_WITHOUT_SIZE) - OTHER_LINES);
    const lines = [summary(), ...tableOf(room)];
    const back = drawnLines === 0 ? "" : `\u001b[${drawnLines}A\u001b[J`;
    drawnLines = lines.length;
    out.write(`${back}${lines.join("\n")}\n`);
    writing = true;
    void out.drained().then(() => {
      writing = false;
    });
  }

  function summary(): string {
    let [up, down] = [0, 0];
    for (const { ticker } of rows.values()) {
      if (ticker?.change === undefined) continue;
      if (ticker.change > 0n) up += 1;
      else if (ticker.change < 0n) down += 1;
    }
    const { bold, green, red } = print.paint;
    const parts = [
      ...(print.mode === undefined ? [] : [bold(print.mode.toUpperCase())]),
      bold(`${rows.size} markets`),
      green(`${up} up`),
      red(`${down} down`),
      `${rows.size - up - down} flat`,
      paceWords(),
    ];
    return parts.join(ascii ? " | " : " · ");
  }

  function eventsPerSecond(): number {
    const now = io.now();
    recent = recent.filter(({ at }) => now - at < RATE_OVER_MS);
    const overMs = Math.min(RATE_OVER_MS, Math.max(1_000, now - beganAt));
    return Math.round((recent.reduce((sum, { count }) => sum + count, 0) * 1_000) / overMs);
  }

  /** The line must fit in 80 columns: of what is stale nobody needs the rate. */
  function paceWords(): string {
    if (lastAt === undefined) return "nothing yet";
    const ageMs = io.now() - lastAt;
    const age = `${(ageMs / 1_000).toFixed(1)} s old`;
    if (ageMs >= STALE_AFTER_MS) return print.paint.red(`STALE, ${age}`);
    return [`${eventsPerSecond()} events/s`, age].join(ascii ? " | " : " · ");
  }

  function count(now: number): void {
    const newest = recent.at(-1);
    if (newest !== undefined && now - newest.at < COUNTED_TOGETHER_MS) newest.count += 1;
    else recent.push({ at: now, count: 1 });
    lastAt = now;
  }

  const timer = setInterval(draw, DRAW_EVERY_MS);
  return {
    take(event) {
      count(io.now());
      const row = rowOf(event.value.symbol);
      if (event.type === "ticker") row.ticker = event.value;
      else if (event.type === "top") row.top = event.value;
      else if (event.type === "trade") {
        row.trades += 1;
        row.ticker = { ...row.ticker, symbol: row.symbol, last: event.value.price, at: event.value.at };
      }
    },
    close() {
      clearInterval(timer);
      draw();
    },
  };
}

/** What no market has told is no column. */
function columnsWith(rows: Iterable<Row>): readonly Column<Row>[] {
  let [tops, trades] = [false, false];
  for (const row of rows) {
    tops ||= row.top !== undefined;
    trades ||= row.trades > 0;
  }
  return COLUMNS.filter(({ title }) =>
    title === "TRADES" ? trades : title === "BID" || title === "ASK" ? tops : true,
  );
}

/** The largest rises first, down to the largest falls; where no change is known, the busiest. */
function largestMoves(rows: ReadonlyMap<MarketSymbol, Row>, room: number): readonly Row[] {
  const moved = [...rows.values()].filter(({ ticker }) => ticker?.change !== undefined);
  if (moved.length === 0) return [...rows.values()].sort((left, right) => right.trades - left.trades).slice(0, room);
  moved.sort((left, right) => compare(right.ticker?.change ?? 0n, left.ticker?.change ?? 0n));
  if (moved.length <= room) return moved;
  return [...moved.slice(0, Math.ceil(room / 2)), ...moved.slice(moved.length - Math.floor(room / 2))];
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
