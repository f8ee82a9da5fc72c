import { formatMoney, notionalOf } from "../../../core/domain/money.ts";
import type { BookLevel } from "../../engine/order-book.ts";
import type { SimInstrument } from "../../engine/instrument.ts";
import { closeTimeOf, intervalByRestName } from "../../engine/intervals.ts";
import { Refusal, parameterError } from "../../engine/refusal.ts";
import type { Call, PublicEndpoint } from "../endpoint.ts";
import { DAY_MS, HOUR_MS, toWholeSecond } from "../../times.ts";

const KLINE_CAP = 500;

export const depth: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/depth",
  weight: 3,
  olderWeight: 1,
  access: "public",
  handle: ({ parameters, exchange, venue, serverTime }) => {
    const { book, instrument } = exchange.market(parameters.required("symbol"));
    const limit = parameters.limit(100, Number(venue.switches.get("depth-cap")));
    const rows = (levels: readonly BookLevel[]) => levels.map((level) => levelView(level, instrument));
    return {
      lastUpdateId: book.version,
      bids: rows(book.top("BUY", limit)),
      asks: rows(book.top("SELL", limit)),
      timestamp: serverTime,
    };
  },
};

export const trades: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/trades",
  weight: 5,
  access: "public",
  handle: recentTrades,
};

/** Gone from the documentation, and still answered. */
export const historicalTrades: PublicEndpoint = { ...trades, path: "/api/v3/historicalTrades" };

export const aggTrades: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/aggTrades",
  weight: 1,
  access: "public",
  handle: ({ parameters, exchange, serverTime }) => {
    const market = exchange.market(parameters.required("symbol"));
    const { priceDecimals, quantityDecimals } = market.instrument;
    const startTime = parameters.whole("startTime");
    const endTime = parameters.whole("endTime");
    if ((startTime === undefined) !== (endTime === undefined)) {
      throw new Refusal(-1128, "Combination of optional parameters invalid.");
    }
    if (startTime !== undefined && endTime !== undefined && endTime - startTime > HOUR_MS)
      throw parameterError("startTime");
    const from = Math.max(startTime ?? 0, serverTime - DAY_MS);
    return market
      .recentTrades(Number.MAX_SAFE_INTEGER)
      .filter((trade) => trade.time >= from && trade.time <= (endTime ?? Number.POSITIVE_INFINITY))
      .slice(0, parameters.limit(500, 1_000))
      .map((trade) => ({
        a: null,
        f: null,
        l: null,
        p: formatMoney(trade.price, priceDecimals),
        q: formatMoney(trade.quantity, quantityDecimals),
        T: toWholeSecond(trade.time),
        m: trade.takerSide === "SELL",
        M: true,
      }));
  },
};

export const klines: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/klines",
  weight: 1,
  access: "public",
  handle: ({ parameters, exchange, venue }) => {
    const { candles, instrument } = exchange.market(parameters.required("symbol"));
    const interval = intervalByRestName(parameters.required("interval"));
    const isServed = interval?.rest !== "8h" || venue.switches.get("kline-8h") === "served";
    if (interval === undefined || !isServed) throw new Refusal(-1121, "Invalid interval.");
    const limit = parameters.limit(KLINE_CAP, KLINE_CAP);
    const endTime = parameters.whole("endTime");
    // A start without an end is ignored, and so is a candle that opened before the start.
    const startTime = endTime === undefined ? undefined : parameters.whole("startTime");
    const inRange = candles
      .rows(interval)
      .filter((row) => row.openTime >= (startTime ?? 0) && row.openTime <= (endTime ?? Number.POSITIVE_INFINITY));
    const rows = startTime === undefined ? inRange.slice(-limit) : inRange.slice(0, limit);
    return rows.map((row) => [
      row.openTime,
      formatMoney(row.open, instrument.priceDecimals),
      formatMoney(row.high, instrument.priceDecimals),
      formatMoney(row.low, instrument.priceDecimals),
      formatMoney(row.close, instrument.priceDecimals),
      formatMoney(row.volume),
      closeTimeOf(interval, row.openTime),
      formatMoney(row.quoteVolume),
    ]);
  },
};

export function levelView(level: BookLevel, instrument: SimInstrument): readonly [string, string] {
  return [formatMoney(level.price, instrument.priceDecimals), formatMoney(level.total, instrument.quantityDecimals)];
}

function recentTrades({ parameters, exchange }: Call): unknown {
  const market = exchange.market(parameters.required("symbol"));
  const { priceDecimals, quantityDecimals } = market.instrument;
  return market.recentTrades(parameters.limit(500, 1_000)).map((trade) => ({
    id: null,
    price: formatMoney(trade.price, priceDecimals),
    qty: formatMoney(trade.quantity, quantityDecimals),
    quoteQty: formatMoney(notionalOf(trade.price, trade.quantity, "half-even")),
    time: trade.time,
    isBuyerMaker: trade.takerSide === "SELL",
    isBestMatch: true,
    tradeType: trade.takerSide === "BUY" ? "BID" : "ASK",
  }));
}
