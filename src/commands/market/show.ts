import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { amountOrNull, percent, rate } from "../output/amounts.ts";
import { isoTime } from "../output/iso-time.ts";
import { findInstrument } from "./find-instrument.ts";
import { instrumentJson, tickerJson, topJson } from "./market-json.ts";
import { answerWords, warningWords } from "./tradability-words.ts";

export const marketShow = defineCommand({
  path: ["market", "show"],
  summary: "Show one market: its rules, whether it takes orders, and where it stands.",
  details: [
    "Whether it takes orders is one answer from all that the exchange says: the market's status, its flag for the API,",
    "the sides it allows, its lists of API markets and of ending ones, and the markets of your key where there is one.",
    'JSON: {"schema":"tapedeck.instrument/1","mode":…,"tradable":…,"restrictions":[{"code","message"}],"warnings":[…],…}.',
  ],
  examples: [
    { line: "tapedeck market show BTCUSDT", what: "rules, 24-hour figures, best bid and ask" },
    { line: "tapedeck market show btcusdt --json", what: "the same for a script" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market, in any case" }],
  next: "tapedeck market watch BTCUSDT",
  run: ({ args, print, signal, withApp }) =>
    withApp(async (app) => {
      const instrument = await findInstrument(app, args[0] ?? "", signal);
      const { symbol, tradability, base, quote } = instrument;
      const [tickers, top] = await Promise.all([
        app.marketData.fetchTickers(symbol, signal),
        app.marketData.fetchBookTop(symbol, signal),
      ]);
      const ticker = tickers.find((candidate) => candidate.symbol === symbol);
      const rules = instrumentJson(instrument);
      const mind = warningWords(tradability.warnings);
      const side = (level: typeof top.bid) =>
        level === undefined ? undefined : `${amountOrNull(level.price)} × ${amountOrNull(level.quantity)}`;
      print.record({
        schema: "tapedeck.instrument/1",
        json: { ...rules, ticker: ticker === undefined ? null : tickerJson(ticker), top: topJson(top) },
        fields: [
          ["symbol", `${symbol} (${instrument.fullName})`],
          ["base / quote", `${base} / ${quote}`],
          ["takes orders", answerWords(tradability)],
          ...(mind === undefined ? [] : [["mind", mind] as const]),
          ["sides", instrument.sides.join(", ")],
          ["order types", instrument.orderTypes.join(", ")],
          ["tick size", `${rules.tickSize} ${quote}`],
          ["step size", `${rules.stepSize} ${base}`],
          ["least quantity", `${rules.minQuantity} ${base}`],
          ["notional, limit", `${rules.minNotional} to ${rules.maxNotional} ${quote}`],
          ["notional, market", `${rules.minNotionalMarket} to ${rules.maxNotionalMarket} ${quote}`],
          ["fees", `maker ${rate(instrument.makerFee)} · taker ${rate(instrument.takerFee)}`],
          ["last", amountOrNull(ticker?.last)],
          ["24 h", percent(ticker?.change)],
          [
            "24 h range",
            ticker === undefined
              ? undefined
              : `${amountOrNull(ticker.low) ?? "—"} to ${amountOrNull(ticker.high) ?? "—"}`,
          ],
          ["24 h volume", amountOrNull(ticker?.quoteVolume)],
          ["bid", side(top.bid)],
          ["ask", side(top.ask)],
          ["as of", isoTime(top.at)],
        ],
      });
      return EXIT_CODES.ok;
    }),
});
