import { Refusal } from "../engine/refusal.ts";
import type { Endpoint } from "./endpoint.ts";

interface Limit {
  readonly most: number;
  readonly windowMs: number;
}

const WEIGHT: Limit = { most: 300, windowMs: 10_000 };
const ORDERS: Limit = { most: 12, windowMs: 1_000 };
/** Refusals within one waiting time after which the venue counts them as ignored and bans the address. */
const IGNORED_REFUSALS = 10;
const BAN_MS = 120_000;

interface Spent {
  readonly at: number;
  readonly amount: number;
}

/**
 * The venue's limits of 2026: 300 weight in any ten seconds for all requests, twelve order actions in any second an
 * account. Who goes on asking instead of waiting is banned for two minutes.
 */
export class RateLimits {
  readonly #spent = new Map<string, Spent[]>();
  #refusedUntil = 0;
  #ignored = 0;
  #bannedUntil = 0;

  /** @throws RateLimited when the request is one too many */
  spend(endpoint: Endpoint, apiKey: string, now: number): void {
    if (now < this.#bannedUntil) throw banned(this.#bannedUntil - now);
    const isOrder = endpoint.isOrderAction === true;
    const limit = isOrder ? ORDERS : WEIGHT;
    const waitMs = this.#use(isOrder ? `orders ${apiKey}` : "weight", isOrder ? 1 : endpoint.weight, limit, now);
    if (waitMs === 0) return;
    this.#ignored = now < this.#refusedUntil ? this.#ignored + 1 : 0;
    this.#refusedUntil = now + waitMs;
    if (this.#ignored >= IGNORED_REFUSALS) {
      this.#ignored = 0;
      this.#bannedUntil = now + BAN_MS;
      throw banned(BAN_MS);
    }
    throw new RateLimited(429, "Too many requests", secondsOf(waitMs));
  }

  /** @returns 0 when there was room, else how long until there is, in ms */
  #use(name: string, amount: number, { most, windowMs }: Limit, now: number): number {
    const spent = (this.#spent.get(name) ?? []).filter((one) => now - one.at < windowMs);
    this.#spent.set(name, spent);
    let used = spent.reduce((sum, one) => sum + one.amount, 0);
    if (used + amount <= most) {
      spent.push({ at: now, amount });
      return 0;
    }
    for (const one of spent) {
      used -= one.amount;
      if (used + amount <= most) return one.at + windowMs - now;
    }
    return windowMs;
  }
}

/** 429 for one request too many, 418 for an address that is banned; both say when to come back. */
export class RateLimited extends Refusal {
  readonly retryAfterSeconds: number;

  constructor(status: 418 | 429, message: string, retryAfterSeconds: number) {
    super(status, message, status);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

function banned(waitMs: number): RateLimited {
  return new RateLimited(418, "Banned for too many requests", secondsOf(waitMs));
}

function secondsOf(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
