import { formatMoney, subtract } from "../../core/domain/money.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { renderTable } from "../output/table.ts";
import { findInstrument } from "./find-instrument.ts";
import { bookJson, levelJson } from "./market-json.ts";

export const marketBook = defineCommand({
  path: ["market", "book"],
  summary: "Show the order book of a market as it stands now.",
  details: ["On a terminal the asks stand above the bids, the best of each in the middle."],
  examples: [
    { line: "tapedeck market book BTCUSDT --limit 10", what: "ten levels a side" },
    { line: "tapedeck market book BTCUSDT -o csv", what: "one level a row, for a spreadsheet" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market, in any case" }],
  options: [{ flags: "--limit N", what: "levels a side, at most 2000", default: "20" }],
  next: "tapedeck market watch BTCUSDT --channels book",
  run: ({ args, options, print, signal, withApp }) => {
    const limit = options.count("limit", { min: 1, max: 2_000 }) ?? 20;
    return withApp(async (app) => {
      const { symbol } = await findInstrument(app, args[0] ?? "", signal);
      const book = await app.marketData.fetchBook(symbol, limit, signal);
      if (print.format === "json") {
        print.record({ schema: "tapedeck.book/1", json: bookJson(book), fields: [] });
        return EXIT_CODES.ok;
      }
      const sides = { ask: book.asks.slice(0, limit), bid: book.bids.slice(0, limit) };
      if (print.format !== "table") {
        const rows = (["ask", "bid"] as const).flatMap((side) => sides[side].map((level) => ({ side, level })));
        print.list({
          schema: "tapedeck.book/1",
          itemSchema: "tapedeck.level/1",
          key: "levels",
          items: rows,
          json: ({ side, level }) => ({ symbol, side, ...levelJson(level), time: isoTime(book.at) }),
          columns: [],
          empty: `The book of ${symbol} is empty.`,
        });
        return EXIT_CODES.ok;
      }
      const rows = [
        ...sides.ask.toReversed().map((level) => ({ word: print.paint.red("ask"), level })),
        ...sides.bid.map((level) => ({ word: print.paint.green("bid"), level })),
      ];
      const lines = renderTable(
        [
          { title: "PRICE", value: (row) => formatMoney(row.level.price), align: "right" },
          { title: "QUANTITY", value: (row) => formatMoney(row.level.quantity), align: "right" },
        ],
        rows,
        Number.POSITIVE_INFINITY,
        print.paint,
      );
      lines.forEach((line, index) =>
        print.line(index === 0 ? `     ${line}` : `${rows[index - 1]?.word ?? ""}  ${line}`),
      );
      const [ask, bid] = [sides.ask[0], sides.bid[0]];
      const spread = ask === undefined || bid === undefined ? "—" : formatMoney(subtract(ask.price, bid.price));
      print.progress(`${symbol} · ${app.mode} · spread ${spread} · ${isoTime(book.at)}`);
      return EXIT_CODES.ok;
    });
  },
});
