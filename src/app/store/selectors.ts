import { createSelector } from "@reduxjs/toolkit";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { Price } from "../../core/domain/money.ts";
import type { Order } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import type { SeenQuote, Side } from "../../core/domain/order.ts";
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
 * The price a trader of `side` sees on top of the selected book, and when it arrived. Undefined while there is none:
 * nothing is guessed from the last trade.
 */
export function selectSeenQuote(state: AppState, side: Side): SeenQuote | undefined {
  const { book, top, bookAt } = state.market;
  if (bookAt === undefined) return undefined;
  const levels = side === "buy" ? book?.asks : book?.bids;
  const fromTop = side === "buy" ? top?.ask : top?.bid;
  const price: Price | undefined = book?.state === "live" ? levels?.[0]?.price : fromTop?.price;
  return price === undefined ? undefined : { price, at: bookAt };
}
