import { createSelector } from "@reduxjs/toolkit";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { Order } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import type { SeenQuote, Side } from "../../core/domain/order.ts";
import type { PricedMarket, RiskAccount } from "../../core/domain/risk-account.ts";
import { riskAccountOf } from "../../core/domain/risk-account.ts";
import type { AppState } from "./create-store.ts";

export const selectMarket = (state: AppState) => state.market;

export function selectInstrument(state: AppState): Instrument | undefined {
  const { selected } = state.market;
  return selected === undefined ? undefined : state.instruments.bySymbol.get(selected);
}

/** Orders that may still trade, newest first. */
export const selectWorkingOrders = createSelector(
  (state: AppState) => state.trading.orders,
  (orders): readonly Order[] =>
    [...orders.values()].filter(isWorking).sort((left, right) => right.createdAt - left.createdAt),
);

/**
 * The price a trader of `side` sees on the other side of the selected market, and when it was proven: by the book while
 * that was live, or by a top that is newer. Undefined while there is none: nothing is guessed from the last trade.
 */
export function selectSeenQuote(state: AppState, side: Side): SeenQuote | undefined {
  const { book, bookAt, top, topAt } = state.market;
  const inBook = side === "buy" ? book?.asks[0] : book?.bids[0];
  const onTop = side === "buy" ? top?.ask : top?.bid;
  const fromTop = topAt !== undefined && (bookAt === undefined || topAt > bookAt);
  const [level, at] = fromTop ? [onTop, topAt] : [inBook, bookAt];
  return level === undefined || at === undefined ? undefined : { price: level.price, at };
}

/** Every market whose rules are read, with its newest price; a market without a ticker has none. */
export const selectPricedMarkets = createSelector(
  [(state: AppState) => state.instruments.bySymbol, (state: AppState) => state.market.tickers],
  (bySymbol, tickers): readonly PricedMarket[] =>
    [...bySymbol.values()].map((instrument) => ({ instrument, price: tickers.get(instrument.symbol)?.ticker.last })),
);

/** What the risk rules may know without asking anybody: for showing what they would say. */
export function selectRiskAccount(state: AppState, now: Timestamp): RiskAccount {
  const isPriced = state.instruments.at !== undefined && state.market.tickersAt !== undefined;
  return riskAccountOf(state.trading, now, isPriced ? selectPricedMarkets(state) : undefined);
}
