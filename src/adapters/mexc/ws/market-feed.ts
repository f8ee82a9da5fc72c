import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type {
  ConnectionState,
  MarketEvent,
  MarketFeed,
  MarketTopic,
  Subscription,
} from "../../../core/ports/market-feed.ts";
import { candleFromPush, tickerFromPush, topFromPush, tradeFromPush } from "../to-domain/stream.ts";
import { channelOf } from "./channels.ts";
import type { Connection, ConnectionTimings } from "./connection.ts";
import { createConnection } from "./connection.ts";
import type { Push } from "./decode-push.ts";
import type { FeedHealth } from "./feed-health.ts";
import type { DepthSnapshot, LocalBook } from "./local-book.ts";
import { createLocalBook } from "./local-book.ts";

/** The exchange counts subscriptions a connection and refuses the 31st. */
const MOST_CHANNELS = 30;

export interface MarketFeedParts {
  readonly wsUrl: string;
  readonly fetchSnapshot: (symbol: string, signal: AbortSignal) => Promise<DepthSnapshot>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
}

/** One topic with everyone who listens to it, on the connection that carries it. */
interface Stream {
  readonly topic: MarketTopic;
  readonly channel: string;
  readonly listeners: Set<(event: MarketEvent) => void>;
  readonly line: Line;
  readonly book: LocalBook | undefined;
}

/** A connection and the streams it carries. */
interface Line {
  readonly connection: Connection;
  readonly streams: Map<string, Stream>;
  state: ConnectionState;
}

/** Public streams over as many connections as they need; listeners of one topic share its channel. */
export function createMarketFeed(parts: MarketFeedParts): MarketFeed & { health(): FeedHealth } {
  const { clock, logger } = parts;
  const lines: Line[] = [];
  const streams = new Map<string, Stream>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  let poisonRows = 0;
  let closedPoison = 0;
  let closedReconnects = 0;
  let closedDataAt: number | undefined;

  function openLine(): Line {
    const carried = new Map<string, Stream>();
    const line: Line = {
      streams: carried,
      state: { kind: "connecting" },
      connection: createConnection({
        address: () => Promise.resolve(parts.wsUrl),
        random: parts.random,
        logger,
        ...(parts.timings === undefined ? {} : { timings: parts.timings }),
        listener: {
          push: (push) => {
            const stream = carried.get(push.channel);
            if (stream !== undefined) deliver(stream, push);
          },
          state: (state) => {
            line.state = state;
            for (const stream of carried.values()) {
              if (state.kind === "connected") stream.book?.resync();
              else stream.book?.lose();
            }
            tellState();
          },
          refused: (channel, reason) => {
            const stream = carried.get(channel);
            if (stream !== undefined) emit(stream, { type: "refused", topic: stream.topic, reason });
          },
          subscribed: () => undefined,
          text: (text) => {
            logger.warn("unexpected text on a public stream", { text });
          },
        },
      }),
    };
    lines.push(line);
    return line;
  }

  /** The worst of all lines: one broken connection is enough to say so. */
  function tellState(): void {
    const worst =
      lines.find((line) => line.state.kind === "waiting") ??
      lines.find((line) => line.state.kind === "connecting") ??
      lines[0];
    if (worst !== undefined) for (const listener of stateListeners) listener(worst.state);
  }

  function emit(stream: Stream, event: MarketEvent): void {
    for (const listener of stream.listeners) listener(event);
  }

  /** A row that cannot be read is counted and left out; the stream goes on. */
  function readable<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (cause) {
      poisonRows += 1;
      logger.warn("a pushed row could not be read", { cause: String(cause) });
      return undefined;
    }
  }

  function deliver(stream: Stream, { body, sendTime }: Push): void {
    const { topic } = stream;
    const at = sendTime === 0 ? clock.now() : sendTime;
    if (topic.kind === "trades" && body.kind === "deals") {
      const trades = body.deals.flatMap((deal) => readable(() => tradeFromPush(topic.symbol, deal)) ?? []);
      if (trades.length > 0) emit(stream, { type: "trades", symbol: topic.symbol, trades });
    } else if (topic.kind === "book" && body.kind === "depths") {
      // A level that cannot be read leaves the book wrong, so it is fetched anew.
      if (readable(() => stream.book?.apply(body, at) ?? true) === undefined) stream.book?.resync();
    } else if (topic.kind === "book-top" && body.kind === "book-ticker") {
      const top = readable(() => topFromPush(topic.symbol, body, at));
      if (top !== undefined) emit(stream, { type: "book-top", top });
    } else if (topic.kind === "candles" && body.kind === "kline") {
      const candle = readable(() => candleFromPush(topic.symbol, topic.interval, body));
      if (candle !== undefined) emit(stream, { type: "candle", candle });
    } else if (topic.kind === "tickers" && body.kind === "mini-tickers") {
      const tickers = body.items.flatMap((item) => readable(() => tickerFromPush(item, at)) ?? []);
      if (tickers.length > 0) emit(stream, { type: "tickers", tickers });
    }
  }

  function openStream(topic: MarketTopic, channel: string): Stream {
    const line = lines.find((candidate) => candidate.streams.size < MOST_CHANNELS) ?? openLine();
    const stream: Stream = {
      topic,
      channel,
      line,
      listeners: new Set(),
      book:
        topic.kind === "book"
          ? createLocalBook({
              fetchSnapshot: (signal) => parts.fetchSnapshot(topic.symbol, signal),
              sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
              now: () => clock.now(),
              onChange: (ladder, state, at) => {
                emit(stream, { type: "book", symbol: topic.symbol, ladder, state, at });
              },
            })
          : undefined,
    };
    streams.set(channel, stream);
    line.streams.set(channel, stream);
    line.connection.subscribe(channel);
    if (line.state.kind === "connected") stream.book?.resync();
    return stream;
  }

  function closeStream(stream: Stream): void {
    stream.book?.close();
    streams.delete(stream.channel);
    stream.line.streams.delete(stream.channel);
    stream.line.connection.unsubscribe(stream.channel);
    if (stream.line.streams.size === 0) closeLine(stream.line);
  }

  /** The exchange drops a connection that carries nothing; left alone it would come back again and again. */
  function closeLine(line: Line): void {
    const index = lines.indexOf(line);
    if (index >= 0) lines.splice(index, 1);
    const { connection } = line;
    connection.close();
    closedPoison += connection.poison;
    closedReconnects += connection.reconnects;
    closedDataAt = latest([closedDataAt, connection.lastDataAt]);
    tellState();
  }

  /** Who joins a book late hears how it stands, however long nothing changes in it. */
  function tellBook(topic: MarketTopic, book: LocalBook, listener: (event: MarketEvent) => void): void {
    if (topic.kind !== "book") return;
    const { symbol } = topic;
    listener({ type: "book", symbol, ladder: book.ladder, state: book.state, at: book.at });
  }

  return {
    subscribe(topic, listener): Subscription {
      const channel = channelOf(topic);
      const present = streams.get(channel);
      const stream = present ?? openStream(topic, channel);
      // A function of its own, so that one listener may subscribe twice.
      const own = (event: MarketEvent) => {
        listener(event);
      };
      stream.listeners.add(own);
      queueMicrotask(() => {
        if (present?.book !== undefined && stream.listeners.has(own)) tellBook(topic, present.book, own);
      });
      return {
        close() {
          if (stream.listeners.delete(own) && stream.listeners.size === 0) closeStream(stream);
        },
      };
    },
    onConnection(listener) {
      stateListeners.add(listener);
      return { close: () => stateListeners.delete(listener) };
    },
    close() {
      for (const stream of streams.values()) stream.book?.close();
      for (const line of lines) line.connection.close();
      for (const stream of streams.values()) stream.listeners.clear();
      streams.clear();
      return Promise.resolve();
    },
    health: () => ({
      poison: lines.reduce((sum, { connection }) => sum + connection.poison, poisonRows + closedPoison),
      reconnects: lines.reduce((sum, { connection }) => sum + connection.reconnects, closedReconnects),
      lastDataAt: latest([closedDataAt, ...lines.map(({ connection }) => connection.lastDataAt)]),
    }),
  };
}

function latest(moments: readonly (number | undefined)[]): number | undefined {
  return moments.reduce((newest, at) => (newest === undefined || (at ?? 0) > newest ? at : newest), undefined);
}
