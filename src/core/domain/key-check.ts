import type { MarketSymbol, Timestamp } from "./identifiers.ts";

/** What the exchange says about our API key. */
export interface KeyFacts {
  readonly status: "valid" | "frozen" | "deleted" | "unknown";
  /** As the exchange names them. */
  readonly permissions: readonly string[];
  /** Addresses the key may be used from; empty when it may be used from any. */
  readonly ipList: readonly string[];
  readonly createdAt?: Timestamp;
  /** Days until it ends; `permanent` for a key bound to addresses. */
  readonly daysLeft: number | "permanent" | "unknown";
}

/** What the exchange says about the account behind it. */
export interface AccountRights {
  readonly canTrade: boolean;
  readonly canWithdraw: boolean;
}

/** Everything that was asked. What could not be read is undefined. */
export interface KeyEvidence {
  readonly facts: KeyFacts | undefined;
  /** Undefined for a key that is not usable, too: its account is not asked. */
  readonly rights: AccountRights | undefined;
  readonly markets: KeyMarkets | undefined;
}

/** The markets that are open to the API, and those of them that the key may trade. */
export interface KeyMarkets {
  readonly open: number;
  readonly allowed: readonly MarketSymbol[];
}

/** `unusable`: nothing can be asked or traded with it · `warning`: it works, and something is to be mended. */
export interface KeyFinding {
  readonly level: "unusable" | "warning";
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** Within this many days the end of a key is told; the exchange renews it in the last five. */
const NEAR_END_DAYS = 14;

/** Judges a key. What the console does not need and a thief would is a warning. */
export function judgeKey({ facts, rights, markets }: KeyEvidence): readonly KeyFinding[] {
  const found: KeyFinding[] = [];
  const say = (level: KeyFinding["level"], code: string, message: string, next: string) => {
    found.push({ level, code, message, next });
  };
  if (facts === undefined) {
    say(
      "warning",
      "KEY_FACTS_NOT_READ",
      "What the key may do could not be read.",
      "Look at it on the exchange's site: no right to withdraw, and a list of addresses.",
    );
    if (rights?.canWithdraw === true) {
      const next = "Make sure on the exchange's site that the key cannot.";
      say("warning", "KEY_MAY_WITHDRAW", "The account may withdraw, and perhaps the key may.", next);
    }
  } else {
    judgeFacts(facts, say);
  }
  // The exchange may say of the account what is true of the key alone.
  if (rights?.canTrade === false && !found.some(({ code }) => code === "KEY_CANNOT_TRADE")) {
    say("warning", "ACCOUNT_CANNOT_TRADE", "The account may not trade at present.", "Ask the exchange's support.");
  }
  if (markets !== undefined && markets.allowed.length < markets.open) {
    const message = `The key may trade ${markets.allowed.length} of the ${markets.open} markets open to the API.`;
    say("warning", "KEY_SYMBOL_LIST", message, "Tick more symbols on the exchange's site, if you miss one.");
  }
  return found;
}

type Say = (level: KeyFinding["level"], code: string, message: string, next: string) => void;

function judgeFacts({ status, permissions, ipList, daysLeft }: KeyFacts, say: Say): void {
  const has = (right: string, how: string) => permissions.some((name) => name.includes(right) && name.includes(how));
  if (status === "frozen") say("unusable", "KEY_FROZEN", "The key is frozen.", "Ask the exchange's support.");
  if (status === "deleted") say("unusable", "KEY_DELETED", "The key is deleted.", "Make a new one.");
  if (status === "unknown") {
    say("warning", "KEY_STATUS_UNKNOWN", "The key has a status of no known meaning.", "See the exchange's site.");
  }
  if (typeof daysLeft === "number" && daysLeft <= 0) {
    say("unusable", "KEY_EXPIRED", "The key has expired.", "Make a new one, bound to addresses: it does not expire.");
  } else if (typeof daysLeft === "number" && daysLeft <= NEAR_END_DAYS) {
    const message = `The key expires in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}.`;
    say("warning", "KEY_EXPIRES_SOON", message, "Renew it within its last 5 days, or bind it to addresses.");
  }
  if (has("WITHDRAW", "WRITE")) {
    const next = "Take that right away: the console never withdraws, and a thief would.";
    say("warning", "KEY_MAY_WITHDRAW", "The key may withdraw.", next);
  }
  if (has("TRANSFER", "WRITE")) {
    const next = "Take that right away, unless another tool needs it.";
    say("warning", "KEY_MAY_TRANSFER", "The key may move money between wallets, and perhaps to other users.", next);
  }
  if (ipList.length === 0) {
    const message = "The key may be used from any address.";
    say("warning", "KEY_NO_IP_LIST", message, "Bind it to your addresses on the exchange's site.");
  }
  if (!has("ACCOUNT", "READ")) {
    say("unusable", "KEY_CANNOT_READ", "The key may not read the account.", "Give it SPOT_ACCOUNT_READ.");
  }
  if (!has("DEAL", "READ")) {
    say("warning", "KEY_CANNOT_READ_ORDERS", "The key may not read orders.", "Give it SPOT_DEAL_READ.");
  }
  if (!has("DEAL", "WRITE")) {
    say("warning", "KEY_CANNOT_TRADE", "The key may not trade.", "Give it SPOT_DEAL_WRITE, if it is to.");
  }
}
