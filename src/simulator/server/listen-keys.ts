import { randomBytes } from "node:crypto";

const VALID_MS = 60 * 60_000;
export const LISTEN_KEY_LIMIT = 200;

/** The keys that open private streams: an hour each, again an hour when kept alive. */
export class ListenKeys {
  readonly #keys = new Map<string, { readonly apiKey: string; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(apiKey: string): string {
    const key = randomBytes(32).toString("hex");
    this.#keys.set(key, { apiKey, expiresAt: this.#now() + VALID_MS });
    return key;
  }

  /** @returns the account a valid key belongs to */
  accountOf(key: string): string | undefined {
    const entry = this.#keys.get(key);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry.apiKey : undefined;
  }

  list(apiKey: string): readonly string[] {
    return [...this.#keys.keys()].filter((key) => this.accountOf(key) === apiKey);
  }

  /** @returns false when the account has no such valid key */
  extend(apiKey: string, key: string): boolean {
    const entry = this.#keys.get(key);
    if (entry === undefined || this.accountOf(key) !== apiKey) return false;
    entry.expiresAt = this.#now() + VALID_MS;
    return true;
  }

  remove(apiKey: string, key: string): boolean {
    return this.accountOf(key) === apiKey && this.#keys.delete(key);
  }
}
