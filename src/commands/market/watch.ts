import type { App } from "../../app/app.ts";
import type { CandleInterval } from "../../core/domain/candle.ts";
import { CANDLE_INTERVALS } from "../../core/domain/candle.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { createLineQueue } from "../output/line-queue.ts";
import { usageError } from "../usage-error.ts";
import { findInstrument } from "./find-instrument.ts";
import type { MarketEvent, MarketTopic, Subscription, WatchedEvent } from "./watch-events.ts";
import { watchedJson, watchedText } from "./watch-events.ts";

const CHANNELS = ["trade", "book", "ticker", "candle"] as const;
type Channel = (typeof CHANNELS)[number];

/** Lines held for a reader that has stopped reading; beyond this the stream ends, because trades are never dropped. */
const MOST_WAITING = 500_000;

interface Wanted {
  readonly channels: readonly Channel[];
  readonly interval: CandleInterval;
  readonly levels: number;
  readonly count: number;
  readonly durationMs: number | undefined;
}

export const marketWatch = defineCommand({
  path: ["market", "watch"],
  summary: "Stream a market: every trade once and in order, or its book, ticker and candles.",
  details: [
    "One event a line: text on a terminal, otherwise NDJSON with schema tapedeck.market/1 and a type of",
    "trade, book, ticker, top or candle. Book and top are conflated to ten a second; trades never are.",
    "Ends at --count, at --duration, when the reader goes away, and cleanly at Ctrl-C (130) or SIGTERM (0).",
  ],
  examples: [
    { line: "tapedeck market watch BTCUSDT", what: "the tape of one market" },
    { line: "tapedeck market watch BTCUSDT ETHUSDT --channels trade,candle --interval 5m", what: "several at once" },
    { line: "tapedeck market watch BTCUSDT --count 100 | jq -r .price", what: "the prices of the next 100 trades" },
  ],
  arguments: [{ name: "SYMBOL...", what: "one or more markets, in any case" }],
  options: [
    { flags: "--channels LIST", what: `any of ${CHANNELS.join(",")}, separated by commas`, default: "trade" },
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
    const wanted: Wanted = {
      channels: readChannels(options.text("channels") ?? "trade"),
      interval: options.choice("interval", CANDLE_INTERVALS) ?? "1m",
      levels: options.count("levels", { min: 1, max: 50 }) ?? 5,
      count: options.count("count", { min: 1, max: 999_999_999 }) ?? Number.POSITIVE_INFINITY,
      durationMs: seconds === undefined ? undefined : seconds * 1_000,
    };
    return context.withApp(async (app) => {
      const symbols = new Set<MarketSymbol>();
      for (const word of context.args) symbols.add((await findInstrument(app, word, context.signal)).symbol);
      return watch(context, app, [...symbols], wanted);
    });
  },
});

function readChannels(text: string): readonly Channel[] {
  return [...new Set(text.split(",").map((word) => word.trim().toLowerCase()))].map((word) => {
    const channel = CHANNELS.find((known) => known === word || `${known}s` === word);
    if (channel === undefined)
      throw usageError(`There is no channel "${word}".`, `Choose from ${CHANNELS.join(", ")}, separated by commas.`);
    return channel;
  });
}

async function watch(
  { print, io, fail, signal }: CommandContext,
  app: App,
  symbols: readonly MarketSymbol[],
  wanted: Wanted,
): Promise<ExitCode> {
  const queue = createLineQueue(io.out);
  const ended = Promise.withResolvers<ExitCode>();
  const watched = new Set<string>(symbols);
  let left = wanted.count;
  let toText: (event: WatchedEvent) => string = (event) => print.eventLine("tapedeck.market/1", watchedJson(event));
  if (print.format === "table") toText = (event) => watchedText(event, print.paint);

  const emit = (event: WatchedEvent) => {
    if (left <= 0) return;
    left -= 1;
    queue.push(toText(event));
    if (left <= 0) ended.resolve(EXIT_CODES.ok);
    if (queue.waiting <= MOST_WAITING) return;
    left = 0;
    const code = "READER_TOO_SLOW";
    const message = `The reader is more than ${MOST_WAITING} lines behind, and trades are not dropped.`;
    ended.resolve(fail({ code, message, hint: "Read faster, or watch fewer markets." }, EXIT_CODES.failure));
  };
  const conflate = (event: Extract<WatchedEvent, { type: "book" | "top" }>) => {
    if (left <= 0) return;
    // Counted when it goes out, not when it is replaced.
    latest.set(`${event.type} ${event.value.symbol}`, event);
    pause ??= setTimeout(release, CONFLATE_MS);
  };
  const latest = new Map<string, WatchedEvent>();
  let pause: NodeJS.Timeout | undefined;
  const release = () => {
    pause = undefined;
    for (const event of latest.values()) emit(event);
    latest.clear();
  };

  const topics = symbols.flatMap((symbol) => wanted.channels.flatMap((channel) => topicsOf(channel, symbol, wanted)));
  if (wanted.channels.includes("ticker")) topics.push({ kind: "tickers" });
  let refused = 0;
  const onEvent = (event: MarketEvent) => {
    switch (event.type) {
      case "trades":
        for (const value of event.trades) emit({ type: "trade", value });
        return;
      case "book": {
        const { symbol, ladder, state, at } = event;
        const [bids, asks] = [ladder.top("buy", wanted.levels), ladder.top("sell", wanted.levels)];
        conflate({ type: "book", value: { symbol, bids, asks, state, at } });
        return;
      }
      case "book-top":
        conflate({ type: "top", value: event.top });
        return;
      case "candle":
        emit({ type: "candle", value: event.candle });
        return;
      case "tickers":
        for (const value of event.tickers) if (watched.has(value.symbol)) emit({ type: "ticker", value });
        return;
      case "refused":
        refused += 1;
        print.warn(`The exchange does not stream ${describe(event.topic)}: ${event.reason}.`);
        if (refused === topics.length) {
          const message = "The exchange refused every stream.";
          const hint = "Look with `tapedeck market show SYMBOL`.";
          ended.resolve(fail({ code: "STREAM_REFUSED", message, hint }, EXIT_CODES.rejected));
        }
    }
  };

  const stop = () => ended.resolve(signal.reason === "SIGTERM" ? EXIT_CODES.ok : EXIT_CODES.interrupted);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  io.out.closed.addEventListener("abort", () => ended.resolve(EXIT_CODES.ok), { once: true });
  const timer =
    wanted.durationMs === undefined
      ? undefined
      : setTimeout(() => ended.resolve(EXIT_CODES.ok), Math.min(wanted.durationMs, 2 ** 31 - 1));
  const open: Subscription[] = [app.marketFeed.onConnection(gapWarner(print.warn))];
  for (const topic of topics) open.push(app.marketFeed.subscribe(topic, onEvent));
  try {
    return await ended.promise;
  } finally {
    for (const subscription of open) subscription.close();
    clearTimeout(timer);
    clearTimeout(pause);
    left = 0;
    signal.removeEventListener("abort", stop);
    await queue.end();
  }
}

const CONFLATE_MS = 100;

function topicsOf(channel: Channel, symbol: MarketSymbol, { interval }: Wanted): MarketTopic[] {
  switch (channel) {
    case "trade":
      return [{ kind: "trades", symbol }];
    case "book":
      return [{ kind: "book", symbol }];
    case "ticker":
      return [{ kind: "book-top", symbol }];
    case "candle":
      return [{ kind: "candles", symbol, interval }];
  }
}

function describe(topic: MarketTopic): string {
  return topic.kind === "tickers" ? "the tickers" : `the ${topic.kind} of ${topic.symbol}`;
}

/** A stream that was lost leaves a hole, and whoever reads it has to know. */
function gapWarner(warn: (text: string) => void): Parameters<App["marketFeed"]["onConnection"]>[0] {
  let connectedBefore = false;
  let lost = false;
  return (state) => {
    if (state.kind === "waiting") {
      lost = true;
      warn(
        `No connection to the exchange: ${state.why}. The next try is in ${(state.retryInMs / 1_000).toFixed(1)} s.`,
      );
    } else if (state.kind === "connected") {
      if (lost && connectedBefore) warn("Connected again. Events in between are missing.");
      connectedBefore = true;
      lost = false;
    }
  };
}
