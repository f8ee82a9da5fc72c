import type { Clock } from "../../../core/ports/clock.ts";
import type { MarketEvent, MarketTopic } from "../../../core/ports/market-feed.ts";
import { candleFromPush, tickerFromPush, topFromPush, tradeFromPush } from "../to-domain/stream.ts";
import type { Cadence } from "./cadence.ts";
import { createCadence } from "./cadence.ts";
import type { Connection } from "./connection.ts";
import type { Push } from "./decode-push.ts";
import type { DepthSnapshot, LocalBook } from "./local-book.ts";
import { createLocalBook } from "./local-book.ts";
import type { PoisonBox } from "./poison-box.ts";
import { createTradeMerger } from "./trade-merger.ts";

/** The tickers of all markets come every three seconds whatever the markets do; nothing else keeps a pace of its own. */
const TICKERS_EVERY_MS = 3_000;

/** One topic with everyone who listens to it, on the connection that carries it. */
export interface MarketStream {
  readonly topic: MarketTopic;
  readonly channel: string;
  readonly connection: Connection;
  readonly listeners: Set<(event: MarketEvent) => void>;
  readonly cadence: Cadence;
  readonly book: LocalBook | undefined;
  /** What the stream has told so far, to compare with what REST says. */
  readonly told: { tradeAt: number; sentAt: number; bestBid: bigint | undefined; bestAsk: bigint | undefined };
  /** The exchange confirmed the channel, and watching its pace makes sense. */
  isAccepted: boolean;
  deliver(push: Push, source: number): void;
  emit(event: MarketEvent): void;
}

export interface MarketStreamParts {
  readonly topic: MarketTopic;
  readonly channel: string;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly poison: PoisonBox;
  readonly fetchSnapshot: (symbol: string, signal: AbortSignal) => Promise<DepthSnapshot>;
}

export function createMarketStream(parts: MarketStreamParts): MarketStream {
  const { topic, clock, poison } = parts;
  const listeners = new Set<(event: MarketEvent) => void>();
  const merger = createTradeMerger();
  const told: MarketStream["told"] = { tradeAt: 0, sentAt: 0, bestBid: undefined, bestAsk: undefined };
  const cadence = createCadence(topic.kind === "tickers" ? TICKERS_EVERY_MS : undefined);

  function emit(event: MarketEvent): void {
    for (const listener of listeners) listener(event);
  }

  const book =
    topic.kind === "book"
      ? createLocalBook({
          fetchSnapshot: (signal) => parts.fetchSnapshot(topic.symbol, signal),
          sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
          now: () => clock.now(),
          onChange: (ladder, state, at) => {
            emit({ type: "book", symbol: topic.symbol, ladder, state, at });
          },
        })
      : undefined;

  /** A row that cannot be read is counted and left out; the stream goes on. */
  function readable<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (cause) {
      poison.row(cause);
      return undefined;
    }
  }

  function deliver({ body, sendTime }: Push, source: number): void {
    cadence.heard(clock.monotonic());
    const at = sendTime === 0 ? clock.now() : sendTime;
    told.sentAt = Math.max(told.sentAt, at);
    if (topic.kind === "trades" && body.kind === "deals") {
      const trades = body.deals.flatMap((deal) => readable(() => tradeFromPush(topic.symbol, deal)) ?? []);
      const fresh = merger.merge(trades, source);
      told.tradeAt = fresh.reduce((latest, trade) => Math.max(latest, trade.at), told.tradeAt);
      if (fresh.length > 0) emit({ type: "trades", symbol: topic.symbol, trades: fresh });
    } else if (topic.kind === "book" && body.kind === "depths") {
      // A level that cannot be read leaves the book wrong, so it is fetched anew.
      if (readable(() => book?.apply(body, at) ?? true) === undefined) book?.resync();
    } else if (topic.kind === "book-top" && body.kind === "book-ticker") {
      const top = readable(() => topFromPush(topic.symbol, body, at));
      if (top === undefined) return;
      told.bestBid = top.bid?.price;
      told.bestAsk = top.ask?.price;
      emit({ type: "book-top", top });
    } else if (topic.kind === "candles" && body.kind === "kline") {
      const candle = readable(() => candleFromPush(topic.symbol, topic.interval, body));
      if (candle !== undefined) emit({ type: "candle", candle });
    } else if (topic.kind === "tickers" && body.kind === "mini-tickers") {
      const tickers = body.items.flatMap((item) => readable(() => tickerFromPush(item, at)) ?? []);
      if (tickers.length > 0) emit({ type: "tickers", tickers });
    }
  }

  return {
    topic,
    channel: parts.channel,
    connection: parts.connection,
    listeners,
    cadence,
    book,
    told,
    isAccepted: false,
    deliver,
    emit,
  };
}
