import { Refusal } from "../engine/refusal.ts";
import type { Endpoint } from "./endpoint.ts";

const WEIGHT = { most: 300, windowMs: 10_000 };
const ORDERS = { most: 12, windowMs: 1_000 };

interface Window {
  startedAt: number;
  used: number;
}

/** The venue's limits of 2026: 300 weight in ten seconds for all requests, twelve order actions a second an account. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();

  /** @throws RateLimited when the request is one too many */
  spend(endpoint: Endpoint, apiKey: string, now: number): void {
    if (endpoint.isOrderAction === true) this.#use(`orders ${apiKey}`, 1, ORDERS, now);
    else this.#use("weight", endpoint.weight, WEIGHT, now);
  }

  #use(name: string, amount: number, limit: { readonly most: number; readonly windowMs: number }, now: number): void {
    let window = this.#windows.get(name);
    if (window === undefined || now - window.startedAt >= limit.windowMs) {
      window = { startedAt: now, used: 0 };
      this.#windows.set(name, window);
    }
    if (window.used + amount > limit.most) {
      throw new RateLimited(Math.max(1, Math.ceil((window.startedAt + limit.windowMs - now) / 1_000)));
    }
    window.used += amount;
  }
}

export class RateLimited extends Refusal {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(429, "Too many requests", 429);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
