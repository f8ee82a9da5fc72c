import type { App } from "../../app/app.ts";
import type { Book } from "../../core/domain/book.ts";
import type { Candle } from "../../core/domain/candle.ts";
import type { PublicTrade } from "../../core/domain/public-trade.ts";
import type { BookTop, Ticker } from "../../core/domain/ticker.ts";
import { amountOrNull, percent } from "../output/amounts.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Paint } from "../output/paint.ts";
import { UNKNOWN_VALUE } from "../output/table.ts";
import { bookJson, candleJson, tickerJson, topJson, tradeJson } from "./market-json.ts";

type Subscribe = App["marketFeed"]["subscribe"];
/** What can be subscribed to, and what then arrives. */
export type MarketTopic = Parameters<Subscribe>[0];
export type MarketEvent = Parameters<Parameters<Subscribe>[1]>[0];
export type Subscription = ReturnType<Subscribe>;

/** One thing to print, frozen: nothing in it changes after it was seen. */
export type WatchedEvent =
  | { readonly type: "trade"; readonly value: PublicTrade }
  | { readonly type: "book"; readonly value: Book }
  | { readonly type: "top"; readonly value: BookTop }
  | { readonly type: "ticker"; readonly value: Ticker }
  | { readonly type: "candle"; readonly value: Candle };

export function watchedJson(event: WatchedEvent): object {
  switch (event.type) {
    case "trade":
      return { type: event.type, ...tradeJson(event.value) };
    case "book":
      return { type: event.type, ...bookJson(event.value) };
    case "top":
      return { type: event.type, ...topJson(event.value) };
    case "ticker":
      return { type: event.type, ...tickerJson(event.value) };
    case "candle":
      return { type: event.type, ...candleJson(event.value) };
  }
}

/** The same for a person at a terminal. */
export function watchedText(event: WatchedEvent, paint: Paint): string {
  const amount = (value: Parameters<typeof amountOrNull>[0]) => amountOrNull(value) ?? UNKNOWN_VALUE;
  switch (event.type) {
    case "trade": {
      const { at, symbol, side, price, quantity } = event.value;
      const word = side === "buy" ? paint.green("buy ") : paint.red("sell");
      return `${clock(at)}  ${symbol}  ${word}  ${amount(quantity)} @ ${amount(price)}`;
    }
    case "book": {
      const { at, symbol, bids, asks, state } = event.value;
      const side = (levels: Book["bids"]) =>
        levels.map((level) => `${amount(level.quantity)} @ ${amount(level.price)}`).join(", ") || UNKNOWN_VALUE;
      return `${clock(at)}  ${symbol}  book ${state}  bids ${side(bids)}  asks ${side(asks)}`;
    }
    case "top": {
      const { at, symbol, bid, ask } = event.value;
      return `${clock(at)}  ${symbol}  bid ${amount(bid?.price)}  ask ${amount(ask?.price)}`;
    }
    case "ticker": {
      const { at, symbol, last, change, quoteVolume } = event.value;
      return `${clock(at)}  ${symbol}  last ${amount(last)}  24 h ${percent(change) ?? UNKNOWN_VALUE}  volume ${amount(quoteVolume)}`;
    }
    case "candle": {
      const { symbol, interval, openTime, open, high, low, close } = event.value;
      return `${clock(openTime)}  ${symbol}  ${interval}  open ${amount(open)}  high ${amount(high)}  low ${amount(low)}  close ${amount(close)}`;
    }
  }
}

function clock(at: number): string {
  return isoTime(at).slice(11, 23);
}
