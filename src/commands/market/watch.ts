import { CANDLE_INTERVALS } from "../../core/domain/candle.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { usageError } from "../usage-error.ts";
import { findInstrument } from "./find-instrument.ts";
import type { Channel, Watch } from "./watch-stream.ts";
import { CHANNELS, runWatch } from "./watch-stream.ts";

/** What can be followed of every market at once. A book or a candle of each would take the request budget for minutes. */
const CHANNELS_OF_ALL: readonly Channel[] = ["ticker", "trade", "top"];

export const marketWatch = defineCommand({
  path: ["market", "watch"],
  summary:
    "Stream a market: its trades as they come, none twice, or its book, ticker and candles. --all streams every market.",
  details: [
    "One event a line: text on a terminal, otherwise NDJSON with schema tapedeck.market/1 and a type of",
    "trade, book, ticker, top or candle. Book and top are conflated to ten a second; trades never are.",
    "Trades come in the order in which the exchange sends them. It does not number its messages, so one that it",
    "left out cannot be noticed; stderr says when a connection was lost and how much could not be read.",
    "While the reader is behind, newer tickers, tops, books and candles replace those not written yet, and",
    "stderr says how many. Ends at --count, at --duration, when the reader goes away, and cleanly at Ctrl-C",
    "(130) or SIGTERM (0).",
    "",
    "--all follows every market, about 2,000. Its tickers come over one connection every three seconds. With",
    "--channels trade or top it opens a connection for every 30 markets, 67 or so for each channel, within four",
    "seconds. On a terminal it shows a board of the largest moves instead of lines.",
  ],
  examples: [
    { line: "tapedeck market watch BTCUSDT", what: "the tape of one market" },
    { line: "tapedeck market watch BTCUSDT ETHUSDT --channels trade,candle --interval 5m", what: "several at once" },
    { line: "tapedeck market watch BTCUSDT --count 100 | jq -r .price", what: "the prices of the next 100 trades" },
    { line: "tapedeck market watch --all", what: "a board of every market" },
    { line: "tapedeck market watch --all --channels trade | gzip > day.ndjson.gz", what: "the trades of every market" },
  ],
  arguments: [{ name: "[SYMBOL...]", what: "one or more markets, in any case; none with --all" }],
  options: [
    { flags: "--all", what: `follow every market; channels then are any of ${CHANNELS_OF_ALL.join(",")}` },
    {
      flags: "--channels LIST",
      what: `any of ${CHANNELS.join(",")}, separated by commas`,
      default: "trade; ticker with --all",
    },
    { flags: "--interval INTERVAL", what: `of candles: ${CANDLE_INTERVALS.join(", ")}`, default: "1m" },
    { flags: "--levels N", what: "book levels a side, at most 50", default: "5" },
    { flags: "--count N", what: "end after so many events" },
    { flags: "--duration SECONDS", what: "end after so long" },
  ],
  next: "tapedeck order place --help",
  run: (context) => {
    const { options, print } = context;
    if (print.format === "csv") {
      throw usageError(
        "A stream of different events is no CSV.",
        "Use -o ndjson, or `tapedeck market trades SYMBOL -o csv`.",
      );
    }
    const seconds = options.seconds("duration", { min: 0.1, max: 31_536_000 });
    const all = options.has("all");
    if (all && context.args.length > 0)
      throw usageError("--all is every market, and markets were named besides.", "Leave one of the two out.");
    if (!all && context.args.length === 0)
      throw usageError("No market was named.", "For example `tapedeck market watch BTCUSDT`, or --all for every one.");
    const wanted: Omit<Watch, "app" | "symbols"> = {
      all,
      channels: readChannels(options.text("channels") ?? (all ? "ticker" : "trade"), all),
      interval: options.choice("interval", CANDLE_INTERVALS) ?? "1m",
      levels: options.count("levels", { min: 1, max: 50 }) ?? 5,
      count: options.count("count", { min: 1, max: 999_999_999 }) ?? Number.POSITIVE_INFINITY,
      durationMs: seconds === undefined ? undefined : seconds * 1_000,
    };
    return context.withApp(async (app) =>
      runWatch(context, { ...wanted, app, symbols: await symbolsOf(context, app, wanted) }),
    );
  },
});

/** The markets whose own streams are wanted. */
async function symbolsOf(
  { args, signal }: CommandContext,
  app: Watch["app"],
  { all, channels }: Pick<Watch, "all" | "channels">,
): Promise<readonly MarketSymbol[]> {
  if (all) {
    if (channels.every((channel) => channel === "ticker")) return [];
    return (await app.marketData.fetchInstruments(undefined, signal)).map(({ symbol }) => symbol);
  }
  const symbols = new Set<MarketSymbol>();
  for (const word of args) symbols.add((await findInstrument(app, word, signal)).symbol);
  return [...symbols];
}

function readChannels(text: string, all: boolean): readonly Channel[] {
  const words = text.split(",").map((word) => word.trim().toLowerCase());
  return [...new Set(words)].map((word) => {
    const channel = CHANNELS.find((known) => known === word || `${known}s` === word);
    if (channel === undefined)
      throw usageError(`There is no channel "${word}".`, `Choose from ${CHANNELS.join(", ")}, separated by commas.`);
    if (all && !CHANNELS_OF_ALL.includes(channel)) {
      throw usageError(
        `--all does not carry the channel "${channel}": two thousand would need more requests than the exchange allows.`,
        `Choose from ${CHANNELS_OF_ALL.join(", ")}, or name the markets.`,
      );
    }
    return channel;
  });
}
