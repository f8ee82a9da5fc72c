import type { Clock } from "../../../core/ports/clock.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type {
  ConnectionState,
  MarketEvent,
  MarketFeed,
  MarketTopic,
  Subscription,
} from "../../../core/ports/market-feed.ts";
import { channelOf } from "./channels.ts";
import type { ConnectionTimings } from "./connection-timings.ts";
import type { Connection } from "./connection.ts";
import { createConnection, MOST_CHANNELS } from "./connection.ts";
import type { FeedHealth } from "./feed-health.ts";
import type { LocalBook } from "./local-book.ts";
import type { MarketStream } from "./market-stream.ts";
import { createMarketStream } from "./market-stream.ts";
import { createPoisonBox } from "./poison-box.ts";
import type { SilenceProbeParts } from "./silence-probe.ts";
import { createSilenceWatch } from "./silence-watch.ts";
import type { OpenWireSocket } from "./wire-socket.ts";

export interface MarketFeedParts extends SilenceProbeParts {
  readonly wsUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
  /** How sockets are opened; over the network unless said otherwise. */
  readonly openSocket?: OpenWireSocket | undefined;
}

/** A connection and the streams it carries. */
interface Line {
  readonly connection: Connection;
  readonly streams: Map<string, MarketStream>;
  state: ConnectionState;
}

/** Public streams over as many connections as they need; listeners of one topic share its channel. */
export function createMarketFeed(parts: MarketFeedParts): MarketFeed & { health(): FeedHealth } {
  const { clock, logger } = parts;
  const lines: Line[] = [];
  const streams = new Map<string, MarketStream>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  const poison = createPoisonBox(clock, logger);
  const watch = createSilenceWatch({ ...parts, streams: () => streams.values() });
  /** What connections that are closed by now had to tell. */
  let past: Pick<FeedHealth, "reconnects" | "renewals" | "lastDataAt"> = {
    reconnects: 0,
    renewals: 0,
    lastDataAt: undefined,
  };

  function openLine(): Line {
    const carried = new Map<string, MarketStream>();
    const line: Line = {
      streams: carried,
      state: { kind: "connecting" },
      connection: createConnection({
        address: () => Promise.resolve(parts.wsUrl),
        clock,
        random: parts.random,
        poison,
        logger,
        ...(parts.timings === undefined ? {} : { timings: parts.timings }),
        openSocket: parts.openSocket,
        listener: {
          push: (push, source) => carried.get(push.channel)?.deliver(push, source),
          state: (state) => {
            line.state = state;
            if (state.kind !== "connected") for (const stream of carried.values()) loseStream(stream);
            tellState();
          },
          accepted: (channel) => {
            const stream = carried.get(channel);
            if (stream === undefined) return;
            stream.isAccepted = true;
            stream.cadence.begin(clock.monotonic());
            // Only what comes from now on is sure to come, so a snapshot taken earlier would leave a hole.
            stream.book?.ensure();
          },
          refused: (channel, reason) => {
            const stream = carried.get(channel);
            if (stream === undefined) return;
            // Whoever wants it next must not join a stream that never comes.
            forgetStream(stream);
            stream.emit({ type: "refused", topic: stream.topic, reason });
          },
          subscribed: () => undefined,
          renewed: () => {
            // A book that was lost on the way was accepted before that, so nothing else would begin it anew.
            for (const stream of carried.values()) if (stream.isAccepted) stream.book?.ensure();
          },
          // A book notices the hole in its versions; everything else is told again soon.
          unreadable: () => undefined,
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

  function openStream(topic: MarketTopic, channel: string): MarketStream {
    const line = lines.find((candidate) => candidate.streams.size < MOST_CHANNELS) ?? openLine();
    const { connection } = line;
    const stream = createMarketStream({
      topic,
      channel,
      connection,
      clock,
      poison,
      fetchSnapshot: parts.fetchSnapshot,
    });
    streams.set(channel, stream);
    line.streams.set(channel, stream);
    connection.subscribe(channel);
    return stream;
  }

  function closeStream(stream: MarketStream): void {
    if (streams.get(stream.channel) !== stream) return;
    forgetStream(stream);
  }

  function forgetStream(stream: MarketStream): void {
    stream.book?.close();
    streams.delete(stream.channel);
    const line = lines.find((candidate) => candidate.connection === stream.connection);
    if (line === undefined) return;
    line.streams.delete(stream.channel);
    line.connection.unsubscribe(stream.channel);
    if (line.streams.size === 0) closeLine(line);
  }

  /** The exchange drops a connection that carries nothing; left alone it would come back again and again. */
  function closeLine(line: Line): void {
    lines.splice(lines.indexOf(line), 1);
    past = together(past, line.connection);
    line.connection.close();
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
      watch.close();
      for (const stream of streams.values()) stream.book?.close();
      for (const line of lines) line.connection.close();
      for (const stream of streams.values()) stream.listeners.clear();
      streams.clear();
      return Promise.resolve();
    },
    health: () => ({
      ...lines.reduce((sum, { connection }) => together(sum, connection), past),
      poison: poison.count,
      samples: poison.samples,
      silences: watch.silences,
    }),
  };
}

function loseStream(stream: MarketStream): void {
  stream.isAccepted = false;
  stream.book?.lose();
}

function together(
  sum: Pick<FeedHealth, "reconnects" | "renewals" | "lastDataAt">,
  connection: Connection,
): Pick<FeedHealth, "reconnects" | "renewals" | "lastDataAt"> {
  const moments = [sum.lastDataAt, connection.lastDataAt].filter((at) => at !== undefined);
  return {
    reconnects: sum.reconnects + connection.reconnects,
    renewals: sum.renewals + connection.renewals,
    lastDataAt: moments.length === 0 ? undefined : Math.max(...moments),
  };
}
