import { averagePrice, formatMoney, notionalOf } from "../../../core/domain/money.ts";
import type { Notional, Quantity } from "../../../core/domain/money.ts";
import type { Market } from "../../engine/market.ts";
import { dayOf } from "../../market-view.ts";
import type { Call, PublicEndpoint } from "../endpoint.ts";
import { levelView } from "./market-data.ts";

const AVERAGE_MINUTES = 5;
// The two times of a day ticker are a few seconds apart, not a day.
const TICKER_SPAN_MS = 20_000;

export const ticker24hr: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/ticker/24hr",
  weight: 25,
  olderWeight: (parameters) => (parameters.text("symbol") === undefined ? 40 : 1),
  access: "public",
  handle: (call) => oneOrAll(call, (market) => dayView(market, call.serverTime)),
};

export const tickerPrice: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/ticker/price",
  weight: 10,
  olderWeight: (parameters) => (parameters.text("symbol") === undefined ? 2 : 1),
  access: "public",
  handle: (call) =>
    oneOrAll(call, (market) => ({
      symbol: market.symbol,
      price: formatMoney(market.lastPrice, market.instrument.priceDecimals),
    })),
};

export const tickerBook: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/ticker/bookTicker",
  weight: 10,
  olderWeight: 1,
  access: "public",
  handle: (call) => oneOrAll(call, topView),
};

export const avgPrice: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/avgPrice",
  weight: 1,
  access: "public",
  handle: ({ parameters, exchange, serverTime }) => {
    const market = exchange.market(parameters.required("symbol"));
    const newest = market.lastTrade?.time ?? serverTime;
    const recent = market.recentTrades(1_000).filter((trade) => trade.time > newest - AVERAGE_MINUTES * 60_000);
    const amount = recent.reduce((sum, trade) => sum + trade.quantity, 0n) as Quantity;
    const total = recent.reduce(
      (sum, trade) => sum + notionalOf(trade.price, trade.quantity, "half-even"),
      0n,
    ) as Notional;
    const average = amount === 0n ? market.lastPrice : averagePrice(total, amount, "half-even");
    return { mins: AVERAGE_MINUTES, price: formatMoney(average, market.instrument.priceDecimals) };
  },
};

/** With `symbol` an object, without it an array of all; `symbols` is ignored, as on the venue. */
function oneOrAll(call: Call, view: (market: Market) => unknown): unknown {
  const symbol = call.parameters.text("symbol");
  return symbol === undefined ? [...call.exchange.markets.values()].map(view) : view(call.exchange.market(symbol));
}

function dayView(market: Market, now: number): Readonly<Record<string, unknown>> {
  const day = dayOf(market, now);
  const { priceDecimals, quantityDecimals } = market.instrument;
  return {
    symbol: market.symbol,
    priceChange: formatMoney(day.change, priceDecimals),
    priceChangePercent: formatMoney(day.changeRatio, 4),
    prevClosePrice: formatMoney(day.open, priceDecimals),
    lastPrice: formatMoney(day.last, priceDecimals),
    ...topFields(market),
    openPrice: formatMoney(day.open, priceDecimals),
    highPrice: formatMoney(day.high, priceDecimals),
    lowPrice: formatMoney(day.low, priceDecimals),
    volume: formatMoney(day.volume, quantityDecimals),
    quoteVolume: formatMoney(day.quoteVolume),
    openTime: now - TICKER_SPAN_MS,
    closeTime: now,
    count: null,
  };
}

function topView(market: Market): Readonly<Record<string, unknown>> {
  return { symbol: market.symbol, ...topFields(market) };
}

function topFields(market: Market): Readonly<Record<string, string>> {
  const [bid, ask] = (["BUY", "SELL"] as const).map((side) => {
    const level = market.book.best(side);
    return level === undefined ? (["", ""] as const) : levelView(level, market.instrument);
  });
  return { bidPrice: bid?.[0] ?? "", bidQty: bid?.[1] ?? "", askPrice: ask?.[0] ?? "", askQty: ask?.[1] ?? "" };
}
