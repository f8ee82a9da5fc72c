import type { Timestamp } from "./identifiers.ts";
import type { OrderType, Side } from "./order.ts";

/** Something to know before placing an order: a stable code, and words for the trader. */
export interface TradabilityRemark {
  readonly code: string;
  readonly message: string;
  /** When it begins, where that is ahead. */
  readonly at?: Timestamp;
}

/** Whether an order can be placed through the API at all. `reason` tells all of `reasons` in one sentence. */
export type Tradability =
  | { readonly kind: "tradable"; readonly warnings: readonly TradabilityRemark[] }
  | {
      readonly kind: "restricted";
      readonly reason: string;
      readonly reasons: readonly TradabilityRemark[];
      readonly warnings: readonly TradabilityRemark[];
    };

/** What one of the exchange's lists says of a market; `not-asked` where there is nothing to ask it for. */
export type ListEntry = "named" | "missing" | "not-read" | "not-asked";

/** The market on the exchange's list of those that end or pause. */
export interface MarketEnd {
  readonly kind: "suspended" | "delisted";
  /** When it ends or ended; absent when the exchange does not say. */
  readonly at?: Timestamp;
}

/** Everything the exchange says about whether a market takes orders, as it was at `now`. */
export interface TradabilityFacts {
  readonly status: "online" | "paused" | "offline" | "unknown";
  /** The exchange's own flag that the API may trade it. */
  readonly openToApi: boolean;
  readonly sides: readonly Side[];
  readonly orderTypes: readonly OrderType[];
  /** The exchange marks the asset as risky ("ST"). */
  readonly riskMarked: boolean;
  /** On the list of markets that the API may trade. */
  readonly apiList: ListEntry;
  /** On the list of markets that our key may trade; `not-asked` without a key. */
  readonly keyList: ListEntry;
  readonly end: MarketEnd | "not-read" | undefined;
  readonly now: Timestamp;
}

/**
 * The one answer to "can this be traded?". Each source that says no is told. A list that could not be read restricts
 * nothing: the exchange still refuses what it does not take, and that it was not read is told.
 */
export function assessTradability(facts: TradabilityFacts): Tradability {
  const reasons = restrictions(facts);
  const warnings = cautions(facts);
  if (reasons.length === 0) return { kind: "tradable", warnings };
  return { kind: "restricted", reason: reasons.map(({ message }) => message).join("; "), reasons, warnings };
}

const remark = (code: string, message: string): TradabilityRemark => ({ code, message });

function restrictions(facts: TradabilityFacts): readonly TradabilityRemark[] {
  const { status, openToApi, sides, apiList, keyList, end } = facts;
  const found: TradabilityRemark[] = [];
  if (status === "paused") found.push(remark("MARKET_PAUSED", "the exchange has paused it"));
  if (status === "offline") found.push(remark("MARKET_OFFLINE", "the exchange has taken it offline"));
  if (end !== undefined && end !== "not-read" && hasEnded(facts, end)) {
    found.push(
      end.kind === "suspended"
        ? remark("MARKET_SUSPENDED", "the exchange has suspended trading in it")
        : remark("MARKET_DELISTED", "the exchange has delisted it"),
    );
  }
  if (!openToApi) found.push(remark("NOT_OPEN_TO_API", "the exchange does not open it to the API"));
  if (apiList === "missing") {
    found.push(remark("NOT_LISTED_FOR_API", "it is not on the exchange's list of markets for the API"));
  }
  if (keyList === "missing") found.push(remark("NOT_ON_KEY", "this API key may not trade it"));
  if (sides.length === 0) found.push(remark("MARKET_CLOSED", "the exchange has closed both sides"));
  return found;
}

function cautions(facts: TradabilityFacts): readonly TradabilityRemark[] {
  const { status, sides, orderTypes, riskMarked, apiList, keyList, end } = facts;
  const found: TradabilityRemark[] = [];
  if (riskMarked) found.push(remark("RISK_MARKED", "the exchange marks the asset as risky (ST)"));
  const [side] = sides;
  if (sides.length === 1 && side !== undefined) {
    found.push(remark("ONE_SIDE_ONLY", `only ${side} orders are taken at present`));
  }
  if (orderTypes.length === 0)
    found.push(remark("NO_ORDER_TYPES", "the exchange names no type of order that it takes"));
  if (status === "unknown") found.push(remark("STATUS_UNKNOWN", "the exchange gives it a status of no known meaning"));
  if (end !== undefined && end !== "not-read" && !hasEnded(facts, end)) {
    found.push(
      end.at !== undefined && end.at > facts.now
        ? { ...remark("MARKET_ENDS", `the exchange announces that it will be ${end.kind}`), at: end.at }
        : remark("END_DISPUTED", "one list of the exchange calls it delisted, and every other takes orders"),
    );
  }
  if (apiList === "not-read") found.push(unread("the exchange's list of markets for the API"));
  if (keyList === "not-read") found.push(unread("the list of markets that this key may trade"));
  if (end === "not-read") found.push(unread("the exchange's list of suspended and delisted markets"));
  return found;
}

const unread = (list: string) => remark("LIST_NOT_READ", `${list} could not be read`);

/**
 * The list of ended markets keeps old entries, so a market that was listed again still stands there. Where everything
 * else takes orders, a holder must be able to sell: the entry warns and does not restrict.
 */
function hasEnded({ status, openToApi, apiList, now }: TradabilityFacts, end: MarketEnd): boolean {
  if (end.at !== undefined && end.at > now) return false;
  return end.kind === "suspended" || status !== "online" || !openToApi || apiList !== "named";
}
