import type { Timestamp } from "./identifiers.ts";

declare const clockOf: unique symbol;

/**
 * A moment by the exchange's clock, ms since 1970 UTC. Our own clock may be wrong by hours, so the two are different
 * types: comparing one with the other, or subtracting them, does not compile.
 */
export interface ExchangeTime {
  readonly [clockOf]: "exchange";
}

/** What the exchange itself has stamped. */
export function exchangeTime(at: Timestamp): ExchangeTime {
  return at as unknown as ExchangeTime;
}

/** A moment of ours. @param offsetMs the exchange's clock minus ours */
export function onExchangeClock(at: Timestamp, offsetMs: number): ExchangeTime {
  return exchangeTime(at + offsetMs);
}

/** @param offsetMs the exchange's clock minus ours */
export function onOurClock(at: ExchangeTime, offsetMs: number): Timestamp {
  return stampOf(at) - offsetMs;
}

/** As the exchange would write it; to store and to show. */
export function stampOf(at: ExchangeTime): Timestamp {
  return at as unknown as Timestamp;
}

/** Below zero when `to` was first. */
export function elapsedMs(from: ExchangeTime, to: ExchangeTime): number {
  return stampOf(to) - stampOf(from);
}

export function shifted(at: ExchangeTime, byMs: number): ExchangeTime {
  return exchangeTime(stampOf(at) + byMs);
}

export function latest(first: ExchangeTime, ...more: readonly ExchangeTime[]): ExchangeTime {
  return more.reduce((newest, one) => (one > newest ? one : newest), first);
}

export function earliest(first: ExchangeTime, ...more: readonly ExchangeTime[]): ExchangeTime {
  return more.reduce((oldest, one) => (one < oldest ? one : oldest), first);
}
