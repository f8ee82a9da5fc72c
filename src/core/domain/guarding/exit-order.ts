import type { Price, Ratio } from "../money.ts";
import { maximum, ratio, roundToStep, scale, subtract } from "../money.ts";
import type { OrderType } from "../order.ts";
import type { ProtectionLeg } from "../protection.ts";
import type { SaleTerms } from "../sale-size.ts";
import type { GuardView } from "./guard-view.ts";

const ONE = ratio("1");
/** After so many limit exits that did not sell all, a stop sells at any price: getting out is what it is for. */
const MOST_LIMIT_EXITS = 3;
/** How far below the price an exit may go in a market that takes no market orders. */
const WITHOUT_MARKET_ORDERS = ratio("0.01");

/** How an exit would leave, before its size. */
export interface ExitTerms extends SaleTerms {
  readonly type: Extract<OrderType, "market" | "immediate-or-cancel">;
  readonly limitPrice?: Price;
  /** As the protection's own source shows it. */
  readonly observedPrice: Price;
}

/** What the way out of a protection goes by. */
type ExitSight = Pick<GuardView, "protection" | "instrument" | "memory" | "quote">;

/** @returns undefined while no price is known. */
export function exitTerms(view: ExitSight, leg: ProtectionLeg): ExitTerms | undefined {
  const { protection, instrument, memory, quote } = view;
  const observedPrice = memory.seen?.price ?? quote?.bid ?? quote?.last;
  if (observedPrice === undefined) return undefined;
  // The newest print may be a bad one; what is bid beside it says so.
  const reference = quote?.bid === undefined ? observedPrice : maximum(observedPrice, quote.bid);
  const takesMarketOrders = instrument.orderTypes.includes("market");
  const asMarket: ExitTerms = { type: "market", expectedPrice: reference, observedPrice };
  const offset = protection.exit.kind === "limit" ? protection.exit.offset : WITHOUT_MARKET_ORDERS;
  if (protection.exit.kind === "market" && takesMarketOrders) return asMarket;
  if (leg.rule.kind === "take-profit" && protection.exit.kind === "limit") {
    // A gain is not worth taking at any price: never lower than this far below its own level.
    return asLimit(view, lowered(maximum(reference, leg.rule.triggerPrice), offset, 1n), observedPrice);
  }
  const tried = leg.attempts.length;
  if (tried >= MOST_LIMIT_EXITS && takesMarketOrders) return asMarket;
  return asLimit(view, lowered(reference, offset, BigInt(tried + 1)), observedPrice);
}

/**
 * The highest price that one may still believe in. What is left of a position is called too small only when it is so at
 * that price: one bad print must not make dust of it.
 */
export function kindestPrice({ memory, quote }: GuardView, leg?: ProtectionLeg): Price | undefined {
  const target = leg?.rule.kind === "take-profit" ? leg.rule.triggerPrice : undefined;
  const known = [memory.seen?.price, quote?.bid, quote?.last, leg?.attempts.at(-1)?.observedPrice, target];
  return known.reduce((best, one) => (best === undefined || (one !== undefined && one > best) ? one : best), undefined);
}

function asLimit({ instrument }: ExitSight, wanted: Price, observedPrice: Price): ExitTerms {
  const limitPrice = maximum(roundToStep(wanted, instrument.tickSize, "down"), instrument.tickSize);
  return { type: "immediate-or-cancel", limitPrice, expectedPrice: limitPrice, observedPrice };
}

function lowered(price: Price, offset: Ratio, times: bigint): Price {
  const factor = subtract(ONE, (offset * times) as Ratio);
  return factor <= 0n ? (0n as Price) : scale(price, factor, "down");
}
