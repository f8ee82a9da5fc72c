import type { ExchangeTime } from "../exchange-time.ts";
import type { Timestamp } from "../identifiers.ts";
import type { Price } from "../money.ts";
import type { TriggerSource } from "../protection.ts";

/** One event of a market, not a merged view: a public trade has `last`, a top of book has the sides that are there. */
export interface Observation {
  readonly last?: Price;
  readonly bid?: Price;
  readonly ask?: Price;
  /** When it reached us, by our own clock. */
  readonly at: Timestamp;
  /** When a print happened, as the exchange stamped it: it may be told seconds later. */
  readonly printedAt?: ExchangeTime;
}

/** What an observation says to a protection that watches this source; undefined when it says nothing. */
export function priceOf(source: TriggerSource, seen: Pick<Observation, "last" | "bid" | "ask">): Price | undefined {
  switch (source) {
    case "last":
      return seen.last;
    case "bid-ask":
      return seen.bid;
    case "mark":
      return seen.bid === undefined || seen.ask === undefined ? undefined : (((seen.bid + seen.ask) / 2n) as Price);
  }
}
