import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { fromDrawingNumber, notional, quantity, ratio, stepOfDecimals } from "../../core/domain/money.ts";
import type { PriceBand, SimInstrument } from "../engine/instrument.ts";
import type { Random } from "../random.ts";
import type { CatalogueRow } from "./catalogue-row.ts";

const MINIMUM_NOTIONALS: Readonly<Record<string, string>> = { BTC: "0.000005", ETH: "0.0001", USDC: "5" };
const MAXIMUM_NOTIONALS: Readonly<Record<string, string>> = { BTC: "60", ETH: "1000" };
const LISTED_FOR_DAYS = 700;

/** @param now is where "listed long ago" is counted back from, in ms. */
export function createInstrument(row: CatalogueRow, now: number): SimInstrument {
  const most = notional(MAXIMUM_NOTIONALS[row.quote] ?? (row.base === "BTC" ? "4000000" : "2000000"));
  return {
    symbol: row.base + row.quote,
    baseAsset: row.base,
    quoteAsset: row.quote,
    fullName: row.fullName,
    status: "1",
    priceDecimals: row.priceDecimals,
    quantityDecimals: row.quantityDecimals,
    tickSize: stepOfDecimals(row.priceDecimals) as Price,
    stepSize: stepOfDecimals(row.quantityDecimals) as Quantity,
    minQuantity: quantity(row.minQuantity),
    minNotional: notional(MINIMUM_NOTIONALS[row.quote] ?? "1"),
    maxNotional: most,
    maxNotionalMarket: row.base === "BTC" ? most : ((most / 20n) as Notional),
    makerRate: ratio("0"),
    takerRate: ratio("0.0005"),
    orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER"],
    spotTradingAllowed: row.closedToApi !== true,
    tradeSideType: row.tradeSideType ?? 1,
    specialTreatment: row.specialTreatment === true,
    priceBand: row.priceBand === undefined ? undefined : bandOf(row.priceBand),
    firstOpenTime: Math.floor(now / 86_400_000 - LISTED_FOR_DAYS) * 86_400_000,
  };
}

/** Within a percent of the catalogue's price, on the tick. */
export function openingPriceOf(row: CatalogueRow, random: Random): Price {
  const price = row.price * (1 + (random.next() - 0.5) * 0.02);
  return fromDrawingNumber(price, row.priceDecimals) as Price;
}

function bandOf(text: string): PriceBand {
  return { bidMultiplierUp: ratio(text), askMultiplierDown: ratio(text) };
}
