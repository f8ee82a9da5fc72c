import { DAY_MS } from "../times.ts";

export const PERMISSIONS = [
  "SPOT_ACCOUNT_READ",
  "SPOT_ACCOUNT_WRITE",
  "SPOT_DEAL_READ",
  "SPOT_DEAL_WRITE",
  "SPOT_TRANSFER_READ",
  "SPOT_TRANSFER_WRITE",
  "SPOT_WITHDRAW_READ",
  "SPOT_WITHDRAW_WRITE",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** May trade and move money between its own wallets; may not withdraw. */
export const TRADING_PERMISSIONS: readonly Permission[] = PERMISSIONS.filter((name) => !name.includes("WITHDRAW"));

export const KEY_STATES = ["VALID", "FROZEN", "DELETE"] as const;

/** A key to an account, with everything the venue lets its owner restrict. */
export interface ApiKey {
  readonly apiKey: string;
  readonly secret: string;
  /** The account it opens: the first key of the account. Keys of one account share its balances and orders. */
  readonly account: string;
  readonly permissions: readonly Permission[];
  /** Addresses it may be used from; empty is any. */
  readonly ipWhiteList: readonly string[];
  /** The pairs that were ticked for it; undefined is all. */
  readonly symbols: readonly string[] | undefined;
  readonly createTime: number;
  /** Undefined for a key bound to addresses, which does not expire. */
  readonly expiresAt: number | undefined;
  readonly status: (typeof KEY_STATES)[number];
}

/** What is known of a key that is added or altered; the rest stays as it was, or as is usual. */
export interface KeySettings {
  readonly apiKey: string;
  readonly secret?: string | undefined;
  readonly account?: string | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly ipWhiteList?: readonly string[] | undefined;
  /** Null lifts the restriction. */
  readonly symbols?: readonly string[] | null | undefined;
  readonly createdDaysAgo?: number | undefined;
  /** Days from now, −999 for ever; 0 and less than that is over. */
  readonly remainingValidity?: number | undefined;
  readonly status?: ApiKey["status"] | undefined;
}

export const PERMANENT = -999;
const UNBOUND_DAYS = 90;
const USUAL_AGE_DAYS = 30;
const BOUND_TO = "127.0.0.1";

/** The keys of the venue. */
export class ApiKeys {
  readonly #keys = new Map<string, ApiKey>();

  find(apiKey: string): ApiKey | undefined {
    return this.#keys.get(apiKey);
  }

  /** The accounts there are keys to. */
  accounts(): ReadonlySet<string> {
    return new Set([...this.#keys.values()].map((key) => key.account));
  }

  /** Adds a key bound to the loopback address, or alters one. */
  put(settings: KeySettings, now: number): ApiKey {
    const { apiKey } = settings;
    const before = this.#keys.get(apiKey);
    const ipWhiteList = settings.ipWhiteList ?? before?.ipWhiteList ?? [BOUND_TO];
    const createTime =
      settings.createdDaysAgo === undefined
        ? (before?.createTime ?? now - USUAL_AGE_DAYS * DAY_MS)
        : now - settings.createdDaysAgo * DAY_MS;
    const key: ApiKey = {
      apiKey,
      secret: settings.secret ?? before?.secret ?? `${apiKey}-secret`,
      account: settings.account ?? before?.account ?? apiKey,
      permissions: settings.permissions ?? before?.permissions ?? TRADING_PERMISSIONS,
      ipWhiteList,
      symbols: settings.symbols === undefined ? before?.symbols : (settings.symbols ?? undefined),
      createTime,
      expiresAt: expiryOf(settings.remainingValidity, ipWhiteList, createTime, now),
      status: settings.status ?? before?.status ?? "VALID",
    };
    this.#keys.set(apiKey, key);
    return key;
  }
}

/** Whole days until the key ends, rounded up. */
export function remainingValidityOf(key: ApiKey, now: number): number {
  return key.expiresAt === undefined ? PERMANENT : Math.max(0, Math.ceil((key.expiresAt - now) / DAY_MS));
}

export function isExpired(key: ApiKey, now: number): boolean {
  return key.expiresAt !== undefined && key.expiresAt <= now;
}

export function maySee(key: ApiKey, symbol: string): boolean {
  return key.symbols?.includes(symbol) ?? true;
}

function expiryOf(days: number | undefined, ips: readonly string[], createTime: number, now: number) {
  if (days !== undefined) return days === PERMANENT ? undefined : now + days * DAY_MS;
  return ips.length > 0 ? undefined : createTime + UNBOUND_DAYS * DAY_MS;
}
