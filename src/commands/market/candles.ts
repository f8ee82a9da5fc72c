import { CANDLE_INTERVALS } from "../../core/domain/candle.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { findInstrument } from "./find-instrument.ts";
import { candleJson } from "./market-json.ts";

export const marketCandles = defineCommand({
  path: ["market", "candles"],
  summary: "Show candles of a market, the newest last; the last one may still be under way.",
  details: ['JSON: {"schema":"tapedeck.candles/1","mode":…,"candles":[…]}.'],
  examples: [
    { line: "tapedeck market candles BTCUSDT --interval 1h --limit 24", what: "the last day by the hour" },
    { line: "tapedeck market candles BTCUSDT -o csv", what: "one-minute candles for a spreadsheet" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market, in any case" }],
  options: [
    { flags: "--interval INTERVAL", what: `one of ${CANDLE_INTERVALS.join(", ")}`, default: "1m" },
    { flags: "--limit N", what: "how many, at most 500", default: "60" },
  ],
  next: "tapedeck market watch BTCUSDT --channels candle",
  run: ({ args, options, print, signal, withApp }) => {
    const limit = options.count("limit", { min: 1, max: 500 }) ?? 60;
    const interval = options.choice("interval", CANDLE_INTERVALS) ?? "1m";
    return withApp(async (app) => {
      const { symbol } = await findInstrument(app, args[0] ?? "", signal);
      const candles = await app.marketData.fetchCandles({ symbol, interval, limit }, signal);
      print.list({
        schema: "tapedeck.candles/1",
        itemSchema: "tapedeck.candle/1",
        key: "candles",
        items: candles.slice(-limit),
        json: candleJson,
        columns: [
          { title: "OPEN TIME", value: (candle) => isoTime(candle.openTime) },
          { title: "OPEN", value: (candle) => formatMoney(candle.open), align: "right" },
          { title: "HIGH", value: (candle) => formatMoney(candle.high), align: "right" },
          { title: "LOW", value: (candle) => formatMoney(candle.low), align: "right" },
          { title: "CLOSE", value: (candle) => formatMoney(candle.close), align: "right" },
          { title: "VOLUME", value: (candle) => formatMoney(candle.baseVolume), align: "right", optional: 1 },
        ],
        empty: `${symbol} has no candles yet.`,
      });
      return EXIT_CODES.ok;
    });
  },
});
