import type { App } from "../../app/app.ts";
import type { CandleInterval } from "../../core/domain/candle.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { CommandContext } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { createLineQueue } from "../output/line-queue.ts";
import { createEventOutlet, MOST_WAITING } from "./event-outlet.ts";
import { createStreamWarnings, REPORT_EVERY_MS } from "./stream-warnings.ts";
import { createWatchBoard } from "./watch-board.ts";
import type { MarketEvent, MarketTopic, Subscription, WatchedEvent } from "./watch-events.ts";
import { watchedJson, watchedText } from "./watch-events.ts";

export const CHANNELS = ["trade", "book", "ticker", "top", "candle"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Watch {
  readonly app: App;
  /** The markets to follow; for tickers alone "all" needs no list of them. */
  readonly symbols: readonly MarketSymbol[];
  readonly all: boolean;
  readonly channels: readonly Channel[];
  readonly interval: CandleInterval;
  readonly levels: number;
  readonly count: number;
  readonly durationMs: number | undefined;
}

/** As many as one connection carries, so that connections are opened one after the other and not all at once. */
const TOPICS_AT_ONCE = 30;
const BETWEEN_CONNECTIONS_MS = 50;
/** Refused streams named one by one; of two thousand there may be many. */
const REFUSALS_NAMED = 10;

/** Streams until the count, the time, the reader or the person ends it. */
export async function runWatch(context: CommandContext, watch: Watch): Promise<ExitCode> {
  const { print, io, fail, signal } = context;
  const { app } = watch;
  const queue = createLineQueue(io.out);
  const ended = Promise.withResolvers<ExitCode>();
  const board =
    watch.all && print.format === "table" && io.out.isTty
      ? createWatchBoard(print, io, context.globals.ascii)
      : undefined;
  let toText: (event: WatchedEvent) => string = (event) => print.eventLine("tapedeck.market/1", watchedJson(event));
  if (print.format === "table") toText = (event) => watchedText(event, print.paint);
  const outlet = createEventOutlet({
    queue,
    toText,
    count: watch.count,
    schedule,
    onCount: () => ended.resolve(EXIT_CODES.ok),
    onOverflow: () => {
      const code = "READER_TOO_SLOW";
      const message = `The reader is more than ${MOST_WAITING} lines behind, and trades are not dropped.`;
      ended.resolve(fail({ code, message, hint: "Read faster, or watch fewer markets." }, EXIT_CODES.failure));
    },
  });
  let taken = 0;
  const push = (event: WatchedEvent) => {
    if (board === undefined) outlet.push(event);
    else if (taken < watch.count) {
      taken += 1;
      board.take(event);
      if (taken === watch.count) ended.resolve(EXIT_CODES.ok);
    }
  };

  const topics = topicsOf(watch);
  const watched = new Set<string>(watch.symbols);
  let refused = 0;
  const onEvent = (event: MarketEvent) => {
    switch (event.type) {
      case "trades":
        for (const value of event.trades) push({ type: "trade", value });
        return;
      case "book": {
        const { symbol, ladder, state, at } = event;
        const [bids, asks] = [ladder.top("buy", watch.levels), ladder.top("sell", watch.levels)];
        push({ type: "book", value: { symbol, bids, asks, state, at } });
        return;
      }
      case "book-top":
        push({ type: "top", value: event.top });
        return;
      case "candle":
        push({ type: "candle", value: event.candle });
        return;
      case "tickers":
        for (const value of event.tickers) {
          if (watch.all || watched.has(value.symbol)) push({ type: "ticker", value });
        }
        return;
      case "refused":
        refused += 1;
        if (refused <= REFUSALS_NAMED)
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
    watch.durationMs === undefined
      ? undefined
      : setTimeout(() => ended.resolve(EXIT_CODES.ok), Math.min(watch.durationMs, 2 ** 31 - 1));
  const reporter = setInterval(report, REPORT_EVERY_MS);
  let reported = 0;
  const unreadable = () => app.health().poison;
  const warnings = createStreamWarnings({ warn: print.warn, now: io.now, unreadable });
  function report(): void {
    warnings.report();
    if (outlet.replaced === reported) return;
    reported = outlet.replaced;
    print.warn(`The reader is behind: ${reported} events were replaced by newer ones of their market. No trade was.`);
  }

  const open: Subscription[] = [app.marketFeed.onConnection(warnings.connection)];
  const closing = new AbortController();
  const openAll = async () => {
    for (let next = 0; next < topics.length; next += TOPICS_AT_ONCE) {
      if (next > 0) await io.sleep(BETWEEN_CONNECTIONS_MS, closing.signal);
      if (closing.signal.aborted) return;
      for (const topic of topics.slice(next, next + TOPICS_AT_ONCE)) {
        open.push(app.marketFeed.subscribe(topic, onEvent));
      }
    }
  };
  openAll().catch((fault: unknown) => {
    if (!closing.signal.aborted) ended.reject(fault);
  });
  try {
    return await ended.promise;
  } finally {
    closing.abort();
    for (const subscription of open) subscription.close();
    clearTimeout(timer);
    clearInterval(reporter);
    outlet.close();
    board?.close();
    signal.removeEventListener("abort", stop);
    await queue.end();
    report();
    if (refused > REFUSALS_NAMED) print.warn(`The exchange refused ${refused} of ${topics.length} streams.`);
  }
}

function schedule(run: () => void, waitMs: number): () => void {
  const timer = setTimeout(run, waitMs);
  return () => {
    clearTimeout(timer);
  };
}

function topicsOf({ all, symbols, channels, interval }: Watch): readonly MarketTopic[] {
  const topics = symbols.flatMap((symbol) =>
    channels.flatMap((channel) => marketTopics(channel, symbol, interval, all)),
  );
  if (!channels.includes("ticker")) return topics;
  // Of thousands of streams the one that tells most comes first.
  return all ? [{ kind: "tickers" }, ...topics] : [...topics, { kind: "tickers" }];
}

function marketTopics(channel: Channel, symbol: MarketSymbol, interval: CandleInterval, all: boolean): MarketTopic[] {
  switch (channel) {
    case "trade":
      return [{ kind: "trades", symbol }];
    case "book":
      return [{ kind: "book", symbol }];
    case "ticker":
      // One stream tells the tickers of all markets; the tops of all would take a connection for every thirty.
      return all ? [] : [{ kind: "book-top", symbol }];
    case "top":
      return [{ kind: "book-top", symbol }];
    case "candle":
      return [{ kind: "candles", symbol, interval }];
  }
}

function describe(topic: MarketTopic): string {
  return topic.kind === "tickers" ? "the tickers" : `the ${topic.kind} of ${topic.symbol}`;
}
