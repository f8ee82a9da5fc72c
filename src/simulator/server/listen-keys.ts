import { randomBytes } from "node:crypto";
import type { ApiKey } from "./api-keys.ts";
import type { Switches } from "../switches.ts";

const VALID_MS = 60 * 60_000;
/** Connections that may be open with one key. */
export const CONNECTIONS_A_KEY = 5;

interface Entry {
  readonly account: string;
  readonly apiKey: string;
  expiresAt: number;
}

/** The keys that open private streams: an hour each, again an hour when kept alive. */
export class ListenKeys {
  readonly #keys = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #switches: Switches;

  constructor(now: () => number, switches: Switches) {
    this.#now = now;
    this.#switches = switches;
  }

  /** How many an account may have. */
  get limit(): number {
    return Number(this.#switches.get("listen-key-limit"));
  }

  /** @returns undefined when the account has as many as it may */
  create({ account, apiKey }: ApiKey): string | undefined {
    const existing = this.list(account);
    const newest = existing[existing.length - 1];
    if (this.#switches.get("listen-key-reuse") === "same" && newest !== undefined) {
      this.extend(account, newest);
      return newest;
    }
    if (existing.length >= this.limit) return undefined;
    const key = randomBytes(32).toString("hex");
    this.#keys.set(key, { account, apiKey, expiresAt: this.#now() + VALID_MS });
    return key;
  }

  /** @returns the account a valid key belongs to */
  accountOf(key: string): string | undefined {
    const entry = this.#keys.get(key);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry.account : undefined;
  }

  /** @returns the API key a valid key was made with */
  apiKeyOf(key: string): string | undefined {
    return this.accountOf(key) === undefined ? undefined : this.#keys.get(key)?.apiKey;
  }

  /** The valid ones of an account, oldest first. */
  list(account: string): readonly string[] {
    for (const [key, { expiresAt }] of this.#keys) if (expiresAt <= this.#now()) this.#keys.delete(key);
    return [...this.#keys.keys()].filter((key) => this.accountOf(key) === account);
  }

  /** @returns false when the account has no such valid key */
  extend(account: string, key: string): boolean {
    const entry = this.#keys.get(key);
    if (entry === undefined || this.accountOf(key) !== account) return false;
    entry.expiresAt = this.#now() + VALID_MS;
    return true;
  }

  remove(account: string, key: string): boolean {
    return this.accountOf(key) === account && this.#keys.delete(key);
  }
}
