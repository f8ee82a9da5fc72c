import type { BookState, LadderView } from "../domain/book.ts";
import type { Candle, CandleInterval } from "../domain/candle.ts";
import type { MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { PublicTrade } from "../domain/public-trade.ts";
import type { BookTop, Ticker } from "../domain/ticker.ts";

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "connected" }
  /** Lost, with the wait before the next try. */
  | { readonly kind: "waiting"; readonly why: string; readonly retryInMs: number };

export type MarketTopic =
  | { readonly kind: "trades"; readonly symbol: MarketSymbol }
  | { readonly kind: "book"; readonly symbol: MarketSymbol }
  | { readonly kind: "book-top"; readonly symbol: MarketSymbol }
  | { readonly kind: "candles"; readonly symbol: MarketSymbol; readonly interval: CandleInterval }
  /** Every market's 24-hour figures, every few seconds. */
  | { readonly kind: "tickers" };

export type MarketEvent =
  /** As the exchange sends them, none twice. Its pushes carry no numbers: one that it left out cannot be noticed. */
  | { readonly type: "trades"; readonly symbol: MarketSymbol; readonly trades: readonly PublicTrade[] }
  /** The ladder is live and goes on changing: read it within the call or copy what you need. */
  | {
      readonly type: "book";
      readonly symbol: MarketSymbol;
      readonly ladder: LadderView;
      readonly state: BookState;
      readonly at: Timestamp;
    }
  | { readonly type: "book-top"; readonly top: BookTop }
  /** The candle under way, again and again until its interval ends; there is no closing event. */
  | { readonly type: "candle"; readonly candle: Candle }
  | { readonly type: "tickers"; readonly tickers: readonly Ticker[] }
  /** The exchange refused the topic, and nothing more comes of this subscription; a new one asks again. */
  | { readonly type: "refused"; readonly topic: MarketTopic; readonly reason: string };

export interface Subscription {
  close(): void;
}

/** Live public data. Reconnects and resubscribes by itself; a gap in a book shows as `syncing`, never as wrong levels. */
export interface MarketFeed {
  subscribe(topic: MarketTopic, listener: (event: MarketEvent) => void): Subscription;
  onConnection(listener: (state: ConnectionState) => void): Subscription;
  close(): Promise<void>;
}
