import type { Price } from "../../core/domain/money.ts";
import { decimalsOf, fromDrawingNumber, toDrawingNumber } from "../../core/domain/money.ts";
import { Market } from "../engine/market.ts";
import type { LevelListener } from "../engine/order-book.ts";
import { Refusal } from "../engine/refusal.ts";
import type { CatalogueRow } from "./catalogue-row.ts";
import { createInstrument } from "./instruments.ts";

/**
 * A new market as a test scripts it. Times count from the call, in ms, and follow one another in this order; without
 * them the phases begin at a quarter, a half and three quarters of the time to its opening.
 */
export interface ListingScript {
  readonly symbol: string;
  readonly quote: string;
  readonly fullName?: string | undefined;
  /** What the makers think it is worth when it opens. */
  readonly price: Price;
  /** The web's symbol list has a row; until then only the calendar knows. */
  readonly webRowInMs?: number | undefined;
  /** The row says that all is ready: with decimals, contract and opening time. */
  readonly readyInMs?: number | undefined;
  /** exchangeInfo has a row, paused and closed to the API. */
  readonly rowInMs?: number | undefined;
  /** It trades. */
  readonly openInMs: number;
  /** How long after that the API is still refused with 10007. */
  readonly apiClosedForMs?: number | undefined;
}

/** The same with points in time instead of spans. */
export interface Listing {
  readonly symbol: string;
  readonly row: CatalogueRow;
  readonly announcedAt: number;
  readonly webRowAt: number;
  readonly readyAt: number;
  readonly rowAt: number;
  readonly opensAt: number;
  readonly apiOpensAt: number;
}

/** @throws Refusal when the phases are out of order, and when the symbol does not end in its quote asset */
export function listingOf(script: ListingScript, now: number): Listing {
  const { openInMs } = script;
  const rowInMs =
    script.rowInMs ?? Math.max(Math.round(openInMs * 0.75), script.readyInMs ?? 0, script.webRowInMs ?? 0);
  const readyInMs = script.readyInMs ?? Math.max(Math.min(Math.round(openInMs / 2), rowInMs), script.webRowInMs ?? 0);
  const webRowInMs = script.webRowInMs ?? Math.min(Math.round(openInMs / 4), readyInMs);
  const phases = [webRowInMs, readyInMs, rowInMs, openInMs];
  if (phases.some((phase, at) => phase < (phases[at - 1] ?? 0))) {
    throw new Refusal(400, "the phases webRowInMs, readyInMs, rowInMs and openInMs must follow one another");
  }
  return {
    symbol: script.symbol,
    row: rowOfListing(script),
    announcedAt: now,
    webRowAt: now + webRowInMs,
    readyAt: now + readyInMs,
    rowAt: now + rowInMs,
    opensAt: now + openInMs,
    apiOpensAt: now + openInMs + (script.apiClosedForMs ?? 0),
  };
}

function rowOfListing({ symbol, quote, price, fullName }: ListingScript): CatalogueRow {
  const base = symbol.slice(0, -quote.length);
  if (!symbol.endsWith(quote) || base === "") throw new Refusal(400, `${symbol} does not end in ${quote}`);
  return {
    base,
    quote,
    fullName: fullName ?? base,
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
  { row, opensAt }: Listing,
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
