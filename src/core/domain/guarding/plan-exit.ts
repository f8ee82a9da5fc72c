import type { Balance } from "../balance.ts";
import type { FeeTerms } from "../fee-terms.ts";
import type { Instrument } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { ZERO_QUANTITY } from "../money.ts";
import type { SeenQuote } from "../order.ts";
import type { OrderPlan } from "../order-plan.ts";
import { planOrder } from "../order-plan.ts";
import type { KnownBook } from "../plan-execution.ts";
import type { Protection } from "../protection.ts";
import { saleQuantity } from "../sale-size.ts";
import type { ExitTerms } from "./exit-order.ts";
import { exitTerms } from "./exit-order.ts";
import { NO_MEMORY } from "./trigger-memory.ts";

export interface ExitSale {
  readonly instrument: Instrument;
  readonly terms: ExitTerms;
  /** What is to be sold, and is there to be sold. */
  readonly quantity: Quantity;
  readonly seen: SeenQuote;
  /** Of the base. */
  readonly balance?: Balance;
  readonly book?: KnownBook;
  /** The account's own. */
  readonly fees?: FeeTerms;
}

/**
 * One exit, worked out by the planner of every other order: on the market's grid, never more than was asked, no more
 * than one order may be, with its fee, its way through the book and the dust that it leaves.
 */
export function planExit({ instrument, terms, quantity, seen, balance, book, fees }: ExitSale): OrderPlan {
  const { type, limitPrice } = terms;
  const result = planOrder(
    {
      ...{ side: "sell", type, seen },
      size: { kind: "base", quantity: saleQuantity(instrument, quantity, terms) },
      ...(limitPrice === undefined ? {} : { price: { kind: "fixed", price: limitPrice } }),
    },
    instrument,
    balance === undefined ? undefined : new Map([[instrument.base, balance]]),
    book,
    fees,
  );
  // Only shares and relative prices can be impossible, and an exit has neither.
  if (result.kind === "impossible") throw new Error(`an exit could not be planned: ${result.why}`);
  return result.plan;
}

/**
 * What a protection would sell, and how, if its stop fired at the present price. Undefined where nothing of it is held
 * yet, or how much is not known.
 */
export function planExitNow(
  protection: Protection,
  instrument: Instrument,
  {
    quantity,
    bid,
    at,
    ...known
  }: Omit<ExitSale, "instrument" | "terms" | "seen"> & {
    readonly bid: Price;
    readonly at: number;
  },
): OrderPlan | undefined {
  const [leg] = protection.legs;
  if (leg === undefined || quantity === ZERO_QUANTITY) return undefined;
  const terms = exitTerms({ protection, instrument, memory: NO_MEMORY, quote: { bid, at } }, leg);
  if (terms === undefined) return undefined;
  return planExit({ instrument, terms, quantity, seen: { price: bid, at }, ...known });
}
