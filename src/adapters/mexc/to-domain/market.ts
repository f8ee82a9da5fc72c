import { z } from "zod";
import type { Level } from "../../../core/domain/book.ts";
import type { Candle, CandleInterval } from "../../../core/domain/candle.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { marketSymbol } from "../../../core/domain/identifiers.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { BookTop, Ticker } from "../../../core/domain/ticker.ts";
import { readNotional, readPrice, readQuantity, readRatio, timeSchema } from "./unreadable.ts";

const levelSchema = z.tuple([z.string(), z.string()]);
export const depthSchema = z.object({
  lastUpdateId: z.int(),
  bids: z.array(levelSchema),
  asks: z.array(levelSchema),
  timestamp: timeSchema.nullish(),
});

export function toLevel([price, quantity]: z.infer<typeof levelSchema>): Level {
  return { price: readPrice(price), quantity: readQuantity(quantity) };
}

export const tradeSchema = z.object({
  price: z.string(),
  qty: z.string(),
  time: timeSchema,
  isBuyerMaker: z.boolean(),
});

export function toPublicTrade(symbol: MarketSymbol, row: z.infer<typeof tradeSchema>): PublicTrade {
  return {
    symbol,
    price: readPrice(row.price),
    quantity: readQuantity(row.qty),
    side: row.isBuyerMaker ? "sell" : "buy",
    at: row.time,
  };
}

/** [open time ms, open, high, low, close, base volume, close time, quote volume] */
export const candleSchema = z
  .tuple([timeSchema, z.string(), z.string(), z.string(), z.string(), z.string(), z.number(), z.string()])
  .rest(z.unknown());

export function toCandle(symbol: MarketSymbol, interval: CandleInterval, row: z.infer<typeof candleSchema>): Candle {
  const [openTime, open, high, low, close, baseVolume, , quoteVolume] = row;
  return {
    symbol,
    interval,
    openTime,
    open: readPrice(open),
    high: readPrice(high),
    low: readPrice(low),
    close: readPrice(close),
    baseVolume: readQuantity(baseVolume),
    quoteVolume: readNotional(quoteVolume),
  };
}

export const tickerSchema = z.object({
  symbol: z.string(),
  lastPrice: z.string().nullish(),
  priceChangePercent: z.string().nullish(),
  highPrice: z.string().nullish(),
  lowPrice: z.string().nullish(),
  volume: z.string().nullish(),
  quoteVolume: z.string().nullish(),
});

/** The percent is a fraction. Figures the exchange leaves out stay out. */
export function toTicker(row: z.infer<typeof tickerSchema>, at: number): Ticker {
  return {
    symbol: marketSymbol(safeText(row.symbol, 40)),
    ...(present(row.lastPrice) ? { last: readPrice(row.lastPrice) } : {}),
    ...(present(row.priceChangePercent) ? { change: readRatio(row.priceChangePercent) } : {}),
    ...(present(row.highPrice) ? { high: readPrice(row.highPrice) } : {}),
    ...(present(row.lowPrice) ? { low: readPrice(row.lowPrice) } : {}),
    ...(present(row.volume) ? { baseVolume: readQuantity(row.volume) } : {}),
    ...(present(row.quoteVolume) ? { quoteVolume: readNotional(row.quoteVolume) } : {}),
    at,
  };
}

export const bookTopSchema = z.object({
  symbol: z.string(),
  bidPrice: z.string().nullish(),
  bidQty: z.string().nullish(),
  askPrice: z.string().nullish(),
  askQty: z.string().nullish(),
});

export function toBookTop(row: z.infer<typeof bookTopSchema>, at: number): BookTop {
  const bid = topLevel(row.bidPrice, row.bidQty);
  const ask = topLevel(row.askPrice, row.askQty);
  return {
    symbol: marketSymbol(safeText(row.symbol, 40)),
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
    at,
  };
}

/** An empty side comes as nothing, as "" or as zeros. */
export function topLevel(price: string | null | undefined, quantity: string | null | undefined): Level | undefined {
  if (!present(price) || !present(quantity)) return undefined;
  const level = toLevel([price, quantity]);
  return level.price === 0n || level.quantity === 0n ? undefined : level;
}

function present(text: string | null | undefined): text is string {
  return text != null && text !== "";
}
