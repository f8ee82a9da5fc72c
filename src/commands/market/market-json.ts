import type { Book, Level } from "../../core/domain/book.ts";
import type { Candle } from "../../core/domain/candle.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { PublicTrade } from "../../core/domain/public-trade.ts";
import type { BookTop, Ticker } from "../../core/domain/ticker.ts";
import type { TradabilityRemark } from "../../core/domain/tradability.ts";
import { amountOrNull } from "../output/amounts.ts";
import { isoTime } from "../output/iso-time.ts";

// Market data as scripts read it: money is decimal text, times are ISO 8601 UTC, what is not known is null.

export function instrumentJson(instrument: Instrument) {
  const { tradability } = instrument;
  return {
    symbol: instrument.symbol,
    base: instrument.base,
    quote: instrument.quote,
    fullName: instrument.fullName,
    tradable: tradability.kind === "tradable",
    restriction: tradability.kind === "restricted" ? tradability.reason : null,
    restrictions: tradability.kind === "restricted" ? tradability.reasons.map(remarkJson) : [],
    warnings: tradability.warnings.map(remarkJson),
    sides: instrument.sides,
    orderTypes: instrument.orderTypes,
    tickSize: formatMoney(instrument.tickSize),
    stepSize: formatMoney(instrument.stepSize),
    minQuantity: formatMoney(instrument.minQuantity),
    minNotional: formatMoney(instrument.minNotional),
    maxNotional: formatMoney(instrument.maxNotional),
    minNotionalMarket: formatMoney(instrument.minNotionalMarket),
    maxNotionalMarket: formatMoney(instrument.maxNotionalMarket),
    makerFee: formatMoney(instrument.makerFee),
    takerFee: formatMoney(instrument.takerFee),
    riskMarked: instrument.riskMarked,
  };
}

function remarkJson({ code, message, at }: TradabilityRemark) {
  return { code, message, ...(at === undefined ? {} : { at: isoTime(at) }) };
}

export function tickerJson(ticker: Ticker) {
  return {
    symbol: ticker.symbol,
    last: amountOrNull(ticker.last),
    change: amountOrNull(ticker.change),
    high: amountOrNull(ticker.high),
    low: amountOrNull(ticker.low),
    baseVolume: amountOrNull(ticker.baseVolume),
    quoteVolume: amountOrNull(ticker.quoteVolume),
    time: isoTime(ticker.at),
  };
}

export function topJson(top: BookTop) {
  return {
    symbol: top.symbol,
    bid: amountOrNull(top.bid?.price),
    bidQuantity: amountOrNull(top.bid?.quantity),
    ask: amountOrNull(top.ask?.price),
    askQuantity: amountOrNull(top.ask?.quantity),
    time: isoTime(top.at),
  };
}

export function tradeJson(trade: PublicTrade) {
  return {
    symbol: trade.symbol,
    price: formatMoney(trade.price),
    quantity: formatMoney(trade.quantity),
    side: trade.side,
    time: isoTime(trade.at),
    ...(trade.tradeId === undefined ? {} : { tradeId: trade.tradeId }),
  };
}

export function candleJson(candle: Candle) {
  return {
    symbol: candle.symbol,
    interval: candle.interval,
    openTime: isoTime(candle.openTime),
    open: formatMoney(candle.open),
    high: formatMoney(candle.high),
    low: formatMoney(candle.low),
    close: formatMoney(candle.close),
    baseVolume: formatMoney(candle.baseVolume),
    quoteVolume: formatMoney(candle.quoteVolume),
  };
}

export function levelJson(level: Level) {
  return { price: formatMoney(level.price), quantity: formatMoney(level.quantity) };
}

export function bookJson(book: Book) {
  return {
    symbol: book.symbol,
    state: book.state,
    bids: book.bids.map(levelJson),
    asks: book.asks.map(levelJson),
    time: isoTime(book.at),
  };
}
