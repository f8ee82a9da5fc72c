import type { Instrument } from "../../core/domain/instrument.ts";
import type { Ticker } from "../../core/domain/ticker.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { amountOrNull, percent } from "../output/amounts.ts";
import type { Column } from "../output/table.ts";
import { instrumentJson } from "./market-json.ts";

interface Row {
  readonly instrument: Instrument;
  readonly ticker: Ticker | undefined;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "SYMBOL", value: (row) => row.instrument.symbol },
  { title: "LAST", value: (row) => amountOrNull(row.ticker?.last), align: "right" },
  { title: "24H", value: (row) => percent(row.ticker?.change), align: "right" },
  { title: "VOLUME (QUOTE)", value: (row) => amountOrNull(row.ticker?.quoteVolume), align: "right", optional: 2 },
  { title: "NAME", value: (row) => row.instrument.fullName, optional: 3 },
  {
    title: "ORDERS",
    value: ({ instrument: { tradability } }) => (tradability.kind === "tradable" ? "yes" : "no"),
    optional: 1,
  },
  // As long as a sentence where one market of two thousand has it, so it must not push out what all of them have.
  {
    title: "WHY NOT",
    value: ({ instrument: { tradability } }) => (tradability.kind === "tradable" ? "" : tradability.reason),
    optional: 4,
  },
];

export const marketLs = defineCommand({
  path: ["market", "ls"],
  summary: "List the markets with their last price and 24-hour figures.",
  details: ['JSON: {"schema":"tapedeck.instruments/1","mode":…,"instruments":[…]}.'],
  examples: [
    { line: "tapedeck market ls --quote USDT", what: "every market quoted in USDT" },
    { line: "tapedeck market ls --search btc -o csv", what: "markets with btc in their name, as CSV" },
  ],
  options: [
    { flags: "--quote ASSET", what: "only markets quoted in this asset" },
    { flags: "--search TEXT", what: "only markets with this text in symbol, base or name" },
  ],
  next: "tapedeck market show BTCUSDT",
  run: ({ options, print, signal, withApp }) =>
    withApp(async (app) => {
      const [instruments, tickers] = await Promise.all([
        app.marketData.fetchInstruments(undefined, signal),
        app.marketData.fetchTickers(undefined, signal),
      ]);
      const bySymbol = new Map(tickers.map((ticker) => [ticker.symbol, ticker]));
      const quote = options.text("quote")?.toUpperCase();
      const search = options.text("search")?.toLowerCase();
      const items = instruments
        .filter((it) => quote === undefined || it.quote === quote)
        .filter(
          (it) =>
            search === undefined ||
            [it.symbol, it.base, it.fullName].some((text) => text.toLowerCase().includes(search)),
        )
        .map((instrument): Row => ({ instrument, ticker: bySymbol.get(instrument.symbol) }));
      print.list({
        schema: "tapedeck.instruments/1",
        itemSchema: "tapedeck.instrument/1",
        key: "instruments",
        items,
        json: ({ instrument, ticker }) => ({
          ...instrumentJson(instrument),
          last: amountOrNull(ticker?.last),
          change: amountOrNull(ticker?.change),
          quoteVolume: amountOrNull(ticker?.quoteVolume),
        }),
        columns: COLUMNS,
        empty: "No market matches.",
      });
      print.progress(`${items.length} of ${instruments.length} markets · ${app.mode} · ${app.exchange}`);
      return EXIT_CODES.ok;
    }),
});
