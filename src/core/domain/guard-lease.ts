import type { ExchangeTime } from "./exchange-time.ts";
import type { MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Price } from "./money.ts";

/** A lease whose heartbeat is older than this is free for the taking, ms. */
export const LEASE_TTL_MS = 10_000;
/** How often the holder says that it lives, ms: it may miss four before another takes over. */
export const HEARTBEAT_EVERY_MS = 2_000;

/** One run of a program that may guard. */
export interface Guard {
  /** Names the run: a process id comes again, this does not. */
  readonly holder: string;
  readonly pid: number;
  readonly host: string;
}

/**
 * How a market is watched: `waiting` its stream is not there yet, `checking` its stream is, and what happened before is
 * being asked for, `watching` nothing is missed, `refused` the exchange does not give it; it is asked for again.
 */
export type WatchState = "waiting" | "checking" | "watching" | "refused";

export interface WatchedMarket {
  readonly state: WatchState;
  /** Everything up to this moment was seen, by the exchange's clock; undefined when nobody has ever watched. */
  readonly seenUntil?: ExchangeTime;
  readonly lastPrice?: Price;
}

export type WatchedMarkets = Readonly<Record<MarketSymbol, WatchedMarket>>;

/** The lease as it stands on disk. */
export interface LeaseRecord extends Guard {
  /** Counts up with every change of the holder: the fence. */
  readonly token: number;
  readonly acquiredAt: Timestamp;
  readonly heartbeatAt: Timestamp;
  readonly released: boolean;
  readonly markets: WatchedMarkets;
}

/**
 * Whether a holder that said so at this time may still be there. A heartbeat far in the future is no better than one far
 * in the past: a clock was set. Taking over from a living holder does no harm, it is fenced.
 */
export function isLeaseFresh(lease: Pick<LeaseRecord, "heartbeatAt" | "released">, now: Timestamp): boolean {
  return !lease.released && Math.abs(now - lease.heartbeatAt) <= LEASE_TTL_MS;
}

/**
 * Why nobody of this machine may guard an account that several machines know: another one does, or this one let go of it and
 * has not been given it again.
 */
export interface GuardedElsewhere {
  readonly deviceId: string;
  readonly host: string;
  /** The last word of that machine as the remote heard it, by the remote's clock. */
  readonly seenAt: Timestamp;
  /** It is this machine itself, which let go. */
  readonly isLetGo: boolean;
}

/** A machine that synchronises is heard of every few seconds. */
const HEARD_WITHIN_MS = 60_000;

/** Whether the other machine has been heard of lately, so that it may be taken to guard. */
export function isHeardOf(elsewhere: GuardedElsewhere, now: Timestamp): boolean {
  return !elsewhere.isLetGo && now - elsewhere.seenAt <= HEARD_WITHIN_MS;
}

/** How old the last word of the holder is, ms; never negative, whatever was done to the clock. */
export function heartbeatAge(lease: Pick<LeaseRecord, "heartbeatAt">, now: Timestamp): number {
  return Math.max(0, now - lease.heartbeatAt);
}
