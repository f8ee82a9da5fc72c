import { Refusal } from "../engine/refusal.ts";
import { DAY_MS } from "../times.ts";
import type { SwitchValue } from "../switches.ts";
import type { EndpointFacts } from "./endpoint-facts.ts";
import type { Parameters } from "./parameters.ts";

interface Limit {
  readonly most: number;
  readonly windowMs: number;
}

const SHARED_WEIGHT: Limit = { most: 300, windowMs: 10_000 };
const OWN_WEIGHT: Limit = { most: 500, windowMs: 10_000 };
const USER_WEIGHT: Limit = { most: 500, windowMs: 10_000 };
const ORDERS: Limit = { most: 12, windowMs: 1_000 };
const REQUESTS: Limit = { most: 20, windowMs: 1_000 };
/** Refusals within one waiting time after which the venue counts them as ignored and bans the address. */
const IGNORED_REFUSALS = 10;
const MOST_FLOODS = 3;
const FLOODS_WITHIN_MS = 600_000;
const FIRST_BAN_MS = 120_000;
const LONGEST_BAN_MS = 3 * DAY_MS;

/** Who asks for what. */
export interface Spending {
  readonly endpoint: EndpointFacts;
  readonly parameters: Parameters;
  /** Empty without a key. */
  readonly account: string;
  readonly address: string;
}

interface Charge {
  readonly pool: string;
  readonly amount: number;
  readonly limit: Limit;
}

interface Spent {
  readonly at: number;
  readonly amount: number;
}

interface Conduct {
  refusedUntil: number;
  ignored: number;
  bannedUntil: number;
  bans: number;
  /** When its last stream connections were let go for their messages. */
  floods: readonly number[];
}

/**
 * The venue's limits in its three generations. Who goes on asking instead of waiting is banned: two minutes at first,
 * twice as long each time, three days at most.
 */
export class RateLimits {
  readonly #spent = new Map<string, Spent[]>();
  readonly #conduct = new Map<string, Conduct>();

  /** @throws RateLimited when the request is one too many */
  spend(spending: Spending, generation: SwitchValue<"limits-generation">, now: number): void {
    const conduct = this.#conductOf(spending.address);
    if (now < conduct.bannedUntil) throw banned(conduct.bannedUntil - now);
    const charges = chargesOf(spending, generation);
    const waitMs = Math.max(0, ...charges.map((charge) => this.#waitFor(charge, now)));
    if (waitMs === 0) {
      for (const { pool, amount } of charges) this.#spent.get(pool)?.push({ at: now, amount });
      return;
    }
    conduct.ignored = now < conduct.refusedUntil ? conduct.ignored + 1 : 0;
    conduct.refusedUntil = now + waitMs;
    if (conduct.ignored >= IGNORED_REFUSALS) {
      ban(conduct, now);
      throw banned(conduct.bannedUntil - now);
    }
    throw new RateLimited(429, "Too many requests", secondsOf(waitMs));
  }

  /** A stream connection from here was let go for its messages. Once is a mistake; who keeps doing it is banned. */
  noteFlood(address: string, now: number): void {
    const conduct = this.#conductOf(address);
    conduct.floods = [...conduct.floods.filter((at) => now - at < FLOODS_WITHIN_MS), now];
    if (conduct.floods.length >= MOST_FLOODS) ban(conduct, now);
  }

  isBanned(address: string, now: number): boolean {
    return now < this.#conductOf(address).bannedUntil;
  }

  #conductOf(address: string): Conduct {
    const known = this.#conduct.get(address);
    if (known !== undefined) return known;
    const fresh = { refusedUntil: 0, ignored: 0, bannedUntil: 0, bans: 0, floods: [] };
    this.#conduct.set(address, fresh);
    return fresh;
  }

  /** @returns 0 when there is room, else how long until there is, in ms */
  #waitFor({ pool, amount, limit: { most, windowMs } }: Charge, now: number): number {
    const spent = (this.#spent.get(pool) ?? []).filter((one) => now - one.at < windowMs);
    this.#spent.set(pool, spent);
    let used = spent.reduce((sum, one) => sum + one.amount, 0);
    if (used + amount <= most) return 0;
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

function chargesOf(spending: Spending, generation: SwitchValue<"limits-generation">): readonly Charge[] {
  const { endpoint, account, address } = spending;
  const name = `${endpoint.method} ${endpoint.path} ${address}`;
  const isOrder = endpoint.isOrderAction === true;
  const own = endpoint.ownLimit ?? (generation === "A" ? endpoint.olderOwnLimit : undefined);
  const alone = own === undefined ? [] : [{ pool: `calls ${name} ${account}`, amount: 1, limit: own }];
  const orders = { pool: `orders ${account}`, amount: 1, limit: ORDERS };
  const user = { pool: `user ${account}`, amount: 1, limit: USER_WEIGHT };
  switch (generation) {
    case "A": {
      const weight = { pool: `weight ${name}`, amount: olderWeightOf(spending), limit: OWN_WEIGHT };
      return [weight, ...alone, ...(isOrder ? [{ ...user, pool: `user ${name} ${account}` }] : [])];
    }
    case "B":
      if (isOrder) return [orders, user, ...alone];
      return [{ pool: `weight ${address}`, amount: endpoint.weight, limit: SHARED_WEIGHT }, ...alone];
    case "C":
      return [{ pool: `requests ${address}`, amount: 1, limit: REQUESTS }, ...alone, ...(isOrder ? [orders] : [])];
  }
}

function olderWeightOf({ endpoint, parameters }: Spending): number {
  const weight = endpoint.olderWeight ?? (endpoint.isOrderAction === true ? 1 : endpoint.weight);
  return typeof weight === "number" ? weight : weight(parameters);
}

function ban(conduct: Conduct, now: number): void {
  const banMs = Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * 2 ** conduct.bans);
  conduct.bans += 1;
  conduct.ignored = 0;
  conduct.floods = [];
  conduct.bannedUntil = now + banMs;
}

function banned(waitMs: number): RateLimited {
  return new RateLimited(418, "Banned for too many requests", secondsOf(waitMs));
}

function secondsOf(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
