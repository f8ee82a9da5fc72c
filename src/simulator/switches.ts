/** A fact about the venue that its public sources leave open, and the readings of it that can be had here. */
export type SwitchFact = ChoiceFact | NumberFact;

interface FactText {
  /** Of the fact sheet this exchange is built from. */
  readonly section: string;
  readonly meaning: string;
}

interface ChoiceFact extends FactText {
  readonly values: readonly string[];
  readonly usual: string;
}

interface NumberFact extends FactText {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** Every uncertain fact, with the reading taken unless another one is asked for. */
export const SWITCHES = {
  "limits-generation": {
    values: ["A", "B", "C"],
    usual: "B",
    section: "1.4",
    meaning:
      "which rate limits hold when limits are on: A documented 2025, B shared pools of 2026, C as told by support",
  },
  firewall: {
    values: ["on", "off"],
    usual: "on",
    section: "1.4",
    meaning: "with limits on, a firewall answers bursts and long loads with a 403 page, whatever was asked",
  },
  "signature-case": {
    values: ["lower", "any"],
    usual: "lower",
    section: "1.1",
    meaning: "whether a signature in upper-case hex passes",
  },
  "unknown-key-code": {
    values: ["10072", "700002"],
    usual: "10072",
    section: "1.1",
    meaning: "the refusal of a key nobody has",
  },
  "expired-key-code": {
    values: ["402", "700002"],
    usual: "402",
    section: "2",
    meaning: "the refusal of a key whose 90 days are over",
  },
  "key-pair-code": {
    values: ["10007", "70011"],
    usual: "10007",
    section: "1.2",
    meaning: "the refusal of an order in a pair that was not ticked for the key",
  },
  "refusal-status": {
    values: ["400", "200"],
    usual: "400",
    section: "2",
    meaning: "the HTTP status of a refusal that is about the request itself",
  },
  "default-symbols-code": {
    values: ["0", "200"],
    usual: "0",
    section: "3.1",
    meaning: "the envelope of defaultSymbols: live or documented",
  },
  "first-open-time": {
    values: ["shown", "absent"],
    usual: "shown",
    section: "3.2",
    meaning: "whether exchangeInfo rows carry firstOpenTime",
  },
  "price-band": {
    values: ["around-last", "literal"],
    usual: "around-last",
    section: "3.2",
    meaning: "PERCENT_PRICE_BY_SIDE as last × (1 ± m), or as last × m as its documentation says word for word",
  },
  "depth-cap": {
    values: ["2000", "5000"],
    usual: "2000",
    section: "3.3",
    meaning: "levels a side of a depth snapshot at most: observed or documented",
  },
  "kline-8h": {
    values: ["refused", "served"],
    usual: "refused",
    section: "3.3",
    meaning: "whether klines know the interval 8h",
  },
  "market-by-quote": {
    values: ["spend-all", "protective"],
    usual: "spend-all",
    section: "4.2",
    meaning: "a market order sized in quote spends the amount, or trades only what its protective price would buy",
  },
  "quote-ack-quantity": {
    values: ["protective", "zero"],
    usual: "protective",
    section: "4.2",
    meaning: "origQty in the answer to an order sized in quote",
  },
  "market-ack-type": {
    values: ["MARKET", "IMMEDIATE_OR_CANCEL"],
    usual: "MARKET",
    section: "4.2",
    meaning: "the type in the answer to a market order: of today or of 2022",
  },
  "insufficient-code": {
    values: ["by-side", "10101"],
    usual: "by-side",
    section: "4.2",
    meaning: "too little to pay with: 30004 for buys and 30005 for sells, or 10101 for both",
  },
  "duplicate-client-ids": {
    values: ["refuse-open", "refuse-all", "accept"],
    usual: "refuse-open",
    section: "4.2",
    meaning: "a client order id again: refused while an open order has it, refused always, or taken",
  },
  "cancel-latency-ms": {
    least: 0,
    most: 60_000,
    usual: 0,
    section: "4.5",
    meaning: "time between the answer to a cancel and its taking place; until then the order may still fill",
  },
  "cancel-answer": {
    values: ["before", "canceled", "minimal"],
    usual: "before",
    section: "4.5",
    meaning: "the answer to a cancel: the order as it was, documented as CANCELED, or six fields without a status",
  },
  "cancel-all-code": {
    values: ["200", "0"],
    usual: "200",
    section: "4.5",
    meaning: "the envelope code of DELETE order/all",
  },
  "my-trades-lag-ms": {
    least: 0,
    most: 60_000,
    usual: 0,
    section: "4.6",
    meaning: "time a fill takes until myTrades shows it",
  },
  "my-trades-usual-rows": {
    least: 1,
    most: 1_000,
    usual: 100,
    section: "4.6",
    meaning: "rows of myTrades without a limit; 10 has been seen too",
  },
  "my-trades-most-rows": {
    least: 1,
    most: 1_000,
    usual: 1_000,
    section: "4.6",
    meaning: "rows of myTrades at most; 100 is documented",
  },
  "zero-balances": {
    values: ["omitted", "shown"],
    usual: "omitted",
    section: "4.7",
    meaning: "whether account lists assets of which nothing is left",
  },
  "transfer-answer": {
    values: ["list", "object"],
    usual: "list",
    section: "5",
    meaning: "the answer to a transfer: [{tranId}] or {tranId}",
  },
  "listen-key-limit": {
    values: ["60", "200"],
    usual: "60",
    section: "6",
    meaning: "listen keys an account may have at a time: as its documentation says, or as its newer example shows",
  },
  "listen-key-reuse": {
    values: ["new", "same"],
    usual: "new",
    section: "6",
    meaning: "a second POST userDataStream makes another key, or answers the one there is",
  },
  "listen-key-list": {
    values: ["counted", "plain"],
    usual: "counted",
    section: "6",
    meaning: "GET userDataStream with total and available, or the keys alone as before 2025-12-05",
  },
  "stream-subscriptions": {
    values: ["cumulative", "current"],
    usual: "cumulative",
    section: "7.1",
    meaning: "the 30 subscriptions of a connection: all it ever made, or those it has now",
  },
  "stream-message-bytes": {
    least: 0,
    most: 65_536,
    usual: 0,
    section: "7.1",
    meaning: "bytes of a message from the client at most, or it is disconnected; 0 has no such limit",
  },
  "depth-batch-channel": {
    values: ["blocked", "served"],
    usual: "blocked",
    section: "7.3",
    meaning: "whether the retired channel increase.depth.batch can still be had",
  },
  "private-push-order": {
    values: ["as-happened", "backwards"],
    usual: "as-happened",
    section: "7.5",
    meaning: "what one command did is told as order, deal, account for each fill, or all account, deal, order pushes",
  },
  "stream-ip-list": {
    values: ["ignored", "enforced"],
    usual: "ignored",
    section: "1.2",
    meaning: "whether the IP list of a key holds for streams too",
  },
  "listing-row": {
    values: ["shown", "hidden"],
    usual: "shown",
    section: "9",
    meaning: "whether exchangeInfo shows a market before it opens",
  },
  "symbols-v2-shape": {
    values: ["by-quote", "flat"],
    usual: "by-quote",
    section: "9",
    meaning: "symbolsV2 as an object keyed by quote asset, or as one list",
  },
} as const satisfies Readonly<Record<string, SwitchFact>>;

export type SwitchName = keyof typeof SWITCHES;
export type SwitchValue<N extends SwitchName> = (typeof SWITCHES)[N] extends {
  readonly values: readonly (infer V)[];
}
  ? V
  : number;
/** Some switches and the readings they are set to, not checked yet. */
export type SwitchSettings = Readonly<Record<string, string | number>>;

/** A switch that does not exist, or a value it cannot have; the message lists what is allowed. */
export class SwitchError extends Error {}

/** Where every switch stands. */
export class Switches {
  readonly #start: ReadonlyMap<string, string | number>;
  #values: ReadonlyMap<string, string | number>;

  /** @throws SwitchError */
  constructor(start: SwitchSettings = {}) {
    const usual = Object.entries(SWITCHES).map(([name, fact]) => [name, fact.usual] as const);
    this.#start = new Map([...usual, ...readSettings(start)]);
    this.#values = this.#start;
  }

  get<N extends SwitchName>(name: N): SwitchValue<N> {
    return this.#values.get(name) as SwitchValue<N>;
  }

  /** Sets all of them or none. @throws SwitchError */
  set(settings: SwitchSettings): void {
    this.#values = new Map([...this.#values, ...readSettings(settings)]);
  }

  /** Back to where they stood at the start. */
  reset(): void {
    this.#values = this.#start;
  }

  list(): readonly Readonly<Record<string, unknown>>[] {
    return Object.entries(SWITCHES).map(([name, { usual, section, meaning, ...allowed }]) => ({
      name,
      value: this.#values.get(name),
      default: usual,
      allowed: "values" in allowed ? allowed.values : `${String(allowed.least)} to ${String(allowed.most)}`,
      section,
      meaning,
    }));
  }
}

function readSettings(settings: SwitchSettings): readonly (readonly [string, string | number])[] {
  return Object.entries(settings).map(([name, value]) => [name, readValue(name, value)] as const);
}

function readValue(name: string, value: string | number): string | number {
  const fact: SwitchFact | undefined = Object.hasOwn(SWITCHES, name) ? SWITCHES[name as SwitchName] : undefined;
  if (fact === undefined) {
    throw new SwitchError(`no switch ${JSON.stringify(name)}; there are ${Object.keys(SWITCHES).join(", ")}`);
  }
  const text = String(value);
  if ("values" in fact) {
    if (fact.values.includes(text)) return text;
    throw new SwitchError(`${name} is one of ${fact.values.join(", ")}, not ${JSON.stringify(text)}`);
  }
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= fact.least && number <= fact.most) return number;
  const range = `a whole number from ${String(fact.least)} to ${String(fact.most)}`;
  throw new SwitchError(`${name} is ${range}, not ${JSON.stringify(text)}`);
}
