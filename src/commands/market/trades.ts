import { formatMoney } from "../../core/domain/money.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { findInstrument } from "./find-instrument.ts";
import { tradeJson } from "./market-json.ts";

export const marketTrades = defineCommand({
  path: ["market", "trades"],
  summary: "Show the latest public trades of a market, the newest last.",
  details: ['JSON: {"schema":"tapedeck.trades/1","mode":…,"trades":[…]}.'],
  examples: [
    { line: "tapedeck market trades BTCUSDT --limit 20", what: "the last twenty prints" },
    { line: "tapedeck market trades BTCUSDT -o ndjson", what: "one trade a line" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market, in any case" }],
  options: [{ flags: "--limit N", what: "how many, at most 1000", default: "50" }],
  next: "tapedeck market watch BTCUSDT",
  run: ({ args, options, print, signal, withApp }) => {
    const limit = options.count("limit", { min: 1, max: 1_000 }) ?? 50;
    return withApp(async (app) => {
      const { symbol } = await findInstrument(app, args[0] ?? "", signal);
      const newestFirst = await app.marketData.fetchTrades(symbol, limit, signal);
      print.list({
        schema: "tapedeck.trades/1",
        itemSchema: "tapedeck.trade/1",
        key: "trades",
        items: newestFirst.slice(0, limit).toReversed(),
        json: tradeJson,
        columns: [
          { title: "TIME", value: (trade) => isoTime(trade.at) },
          { title: "SIDE", value: (trade) => trade.side },
          { title: "PRICE", value: (trade) => formatMoney(trade.price), align: "right" },
          { title: "QUANTITY", value: (trade) => formatMoney(trade.quantity), align: "right" },
        ],
        empty: `${symbol} has no trades yet.`,
      });
      return EXIT_CODES.ok;
    });
  },
});
