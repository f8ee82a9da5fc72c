import { LISTED_MS } from "../domain/archive.ts";
import type { Timestamp } from "../domain/identifiers.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * Beyond the receive window. Our clock may be set in between, by at most what the two measured offsets can differ
 * (twice five seconds, or nothing signed would be answered at all), and the exchange takes a moment to book.
 */
const BOOKING_MARGIN_MS = 11_000;

/** Whether a question asked at one moment comes after the exchange could last have taken a request of another. */
export function isPastTaking(context: TradingContext, requestedAt: Timestamp, askedAt: Timestamp): boolean {
  return askedAt >= pastTakingAt(context, requestedAt);
}

/**
 * Whether the exchange's list of orders reaches back to a request. What it does not show of before then it may have
 * taken and forgotten.
 */
export function isListedStill(requestedAt: Timestamp, askedAt: Timestamp): boolean {
  return askedAt - requestedAt <= LISTED_MS.orders;
}

/** How long until such a question can be asked, ms; nought or less when it can be now. */
export function untilPastTakingMs(context: TradingContext, requestedAt: Timestamp): number {
  return pastTakingAt(context, requestedAt) - context.clock.now();
}

function pastTakingAt({ gateway }: TradingContext, requestedAt: Timestamp): Timestamp {
  return requestedAt + gateway.receiveWindowMs + BOOKING_MARGIN_MS;
}
