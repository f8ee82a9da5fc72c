import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { minimum, notionalOf, quantityFor, roundToStep } from "../../core/domain/money.ts";
import type { OrderBook, RestingOrder } from "./order-book.ts";
import type { Side, StpMode } from "./order.ts";
import { oppositeOf } from "./order.ts";

/** What a taker is ready for. Exactly one of `quantity` (base) and `budget` (quote) says how much. */
export interface TakerTerms {
  readonly side: Side;
  /** The worst price taken; undefined takes any. */
  readonly limit: Price | undefined;
  readonly quantity: Quantity | undefined;
  readonly budget: Notional | undefined;
  readonly stepSize: Quantity;
}

export interface Execution {
  readonly maker: RestingOrder;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly notional: Notional;
}

/** What happens where a taker meets an order it must not trade with. */
export interface Prevention {
  readonly mode: Exclude<StpMode, "">;
  readonly isBarred: (maker: RestingOrder) => boolean;
}

export interface MatchPlan {
  readonly executions: readonly Execution[];
  /** Orders that give way to the taker. */
  readonly cancelled: readonly RestingOrder[];
  /** The taker gives way: what is left of it ends here. */
  readonly isStopped: boolean;
}

/** The executions a taker would get now, best price first and oldest order first. Changes nothing. */
export function planExecutions(book: OrderBook, terms: TakerTerms): readonly Execution[] {
  return planMatch(book, terms, undefined).executions;
}

/** The same where self-trades are prevented. Changes nothing. */
export function planMatch(book: OrderBook, terms: TakerTerms, prevention: Prevention | undefined): MatchPlan {
  const executions: Execution[] = [];
  const cancelled: RestingOrder[] = [];
  let quantityLeft = terms.quantity;
  let budgetLeft = terms.budget;
  for (const level of book.levels(oppositeOf(terms.side))) {
    if (!isAcceptable(terms, level.price)) break;
    for (const maker of level.queue) {
      const wanted =
        budgetLeft === undefined
          ? (quantityLeft ?? (0n as Quantity))
          : roundToStep(quantityFor(budgetLeft, level.price, "down"), terms.stepSize, "down");
      const quantity = minimum(wanted, maker.remaining);
      if (quantity <= 0n) return { executions, cancelled, isStopped: false };
      if (prevention?.isBarred(maker) === true) {
        if (prevention.mode !== "cancel_taker") cancelled.push(maker);
        if (prevention.mode !== "cancel_maker") return { executions, cancelled, isStopped: true };
        continue;
      }
      const notional = notionalOf(level.price, quantity, "half-even");
      executions.push({ maker, price: level.price, quantity, notional });
      if (budgetLeft !== undefined) budgetLeft = (budgetLeft - notional) as Notional;
      if (quantityLeft !== undefined) quantityLeft = (quantityLeft - quantity) as Quantity;
    }
  }
  return { executions, cancelled, isStopped: false };
}

/** Would an order at this price trade at once? */
export function crosses(book: OrderBook, side: Side, limit: Price): boolean {
  const best = book.best(oppositeOf(side));
  return best !== undefined && (side === "BUY" ? best.price <= limit : best.price >= limit);
}

function isAcceptable(terms: TakerTerms, price: Price): boolean {
  if (terms.limit === undefined) return true;
  return terms.side === "BUY" ? price <= terms.limit : price >= terms.limit;
}
