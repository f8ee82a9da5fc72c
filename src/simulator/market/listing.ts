import type { Price } from "../../core/domain/money.ts";
import { decimalsOf, fromDrawingNumber, toDrawingNumber } from "../../core/domain/money.ts";
import { Market } from "../engine/market.ts";
import type { LevelListener } from "../engine/order-book.ts";
import { Refusal } from "../engine/refusal.ts";
import type { CatalogueRow } from "./catalogue-row.ts";
import { createInstrument } from "./instruments.ts";

/** A new market as a test scripts it. */
export interface ListingScript {
  readonly symbol: string;
  readonly quote: string;
  /** What the makers think it is worth when it opens. */
  readonly price: Price;
  /** From now until it takes orders, in ms. */
  readonly openInMs: number;
}

/** @throws Refusal when the symbol does not end in its quote asset */
export function rowOfListing({ symbol, quote, price }: ListingScript): CatalogueRow {
  const base = symbol.slice(0, -quote.length);
  if (!symbol.endsWith(quote) || base === "") throw new Refusal(400, `${symbol} does not end in ${quote}`);
  return {
    base,
    quote,
    fullName: base,
    price: toDrawingNumber(price),
    priceDecimals: Math.max(4, decimalsOf(price)),
    quantityDecimals: 2,
    minQuantity: "0",
    activity: 4,
    // A first day is wild.
    volatility: 0.5,
  };
}

/** Listed and visible, but paused, closed to the API, and with nobody in its book. */
export function marketBeforeOpening(
  row: CatalogueRow,
  opensAt: number,
  firstBookVersion: number,
  onLevel: LevelListener,
): Market {
  const instrument = createInstrument(row, opensAt);
  return new Market({
    instrument: { ...instrument, status: "2", spotTradingAllowed: false, firstOpenTime: opensAt },
    openingPrice: fromDrawingNumber(row.price, row.priceDecimals) as Price,
    firstBookVersion,
    history: undefined,
    tapeIsRecorded: false,
    onLevel,
  });
}
