const BURST = 120;
/** A client within 12 order actions and 20 other requests a second never runs dry. */
const REFILL_A_SECOND = 32;
const COOL_DOWN_MS = 90_000;

interface Visitor {
  tokens: number;
  at: number;
  shutUntil: number;
}

/** The wall in front of the whole host: it counts requests and not weights, and says nothing about when to come back. */
export class Firewall {
  readonly #visitors = new Map<string, Visitor>();

  /** Counts one request. @returns false when the address gets the wall's page instead of an answer */
  admit(address: string, now: number): boolean {
    const visitor = this.#visitors.get(address) ?? { tokens: BURST, at: now, shutUntil: 0 };
    this.#visitors.set(address, visitor);
    if (now < visitor.shutUntil) return false;
    visitor.tokens = Math.min(BURST, visitor.tokens + ((now - visitor.at) / 1_000) * REFILL_A_SECOND);
    visitor.at = now;
    if (visitor.tokens >= 1) {
      visitor.tokens -= 1;
      return true;
    }
    visitor.shutUntil = now + COOL_DOWN_MS;
    visitor.tokens = BURST;
    return false;
  }
}

export const FIREWALL_PAGE =
  "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1></body></html>";
