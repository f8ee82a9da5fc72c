import type { Fill } from "./fill.ts";
import type { MarketSymbol } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { LotMethod } from "./lots.ts";
import { applyFillToLots, averageCost, heldCost, heldQuantity, NO_LOTS, unrealised } from "./lots.ts";
import type { Notional, Price, Quantity } from "./money.ts";

/** What is held in one market, from our fills there. */
export interface Position {
  readonly symbol: MarketSymbol;
  readonly quantity: Quantity;
  readonly cost: Notional;
  /** Undefined when nothing is held. */
  readonly averageCost: Price | undefined;
  readonly realised: Notional;
  /** Undefined without a price: unknown, never zero. */
  readonly unrealised: Notional | undefined;
  /** Base sold that our fills do not show as bought; its cost is not known. */
  readonly uncovered: Quantity;
  /** Fees in other assets than base and quote, which the figures above leave out. */
  readonly feesElsewhere: readonly Fill["fee"][];
}

/** Derives a position. Fills of other markets are ignored; order of execution is by time, then trade id. */
export function positionFromFills(
  instrument: Pick<Instrument, "symbol" | "base" | "quote">,
  fills: Iterable<Fill>,
  method: LotMethod,
  lastPrice: Price | undefined,
): Position {
  const own = [...fills].filter((fill) => fill.symbol === instrument.symbol);
  own.sort((left, right) => left.at - right.at || (left.tradeId < right.tradeId ? -1 : 1));
  const book = own.reduce((lots, fill) => applyFillToLots(lots, fill, instrument, method), NO_LOTS);
  return {
    symbol: instrument.symbol,
    quantity: heldQuantity(book),
    cost: heldCost(book),
    averageCost: averageCost(book),
    realised: book.realised,
    unrealised: lastPrice === undefined ? undefined : unrealised(book, lastPrice),
    uncovered: book.uncovered,
    feesElsewhere: book.feesElsewhere,
  };
}
