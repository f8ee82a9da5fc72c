import { z } from "zod";
import { asset, marketSymbol } from "../../../core/domain/identifiers.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import type { Price, Quantity, Ratio } from "../../../core/domain/money.ts";
import { stepOfDecimals } from "../../../core/domain/money.ts";
import type { Side } from "../../../core/domain/order.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { TradabilityFacts } from "../../../core/domain/tradability.ts";
import { assessTradability } from "../../../core/domain/tradability.ts";
import { ORDER_TYPES } from "./order-types.ts";
import type { TradingLists } from "./trading-lists.ts";
import { factsOf } from "./trading-lists.ts";
import { readName, readNotional, readQuantity, readRatio } from "./unreadable.ts";

const decimals = z.int().min(0).max(18);

export const instrumentSchema = z.object({
  symbol: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  fullName: z.string().nullish(),
  status: z.union([z.string(), z.number()]),
  baseAssetPrecision: decimals,
  quotePrecision: decimals,
  baseSizePrecision: z.string(),
  quoteAmountPrecision: z.string(),
  quoteAmountPrecisionMarket: z.string().nullish(),
  maxQuoteAmount: z.string(),
  maxQuoteAmountMarket: z.string().nullish(),
  orderTypes: z.array(z.string()),
  isSpotTradingAllowed: z.boolean(),
  makerCommission: z.string().nullish(),
  takerCommission: z.string().nullish(),
  tradeSideType: z.union([z.string(), z.number()]).nullish(),
  st: z.boolean().nullish(),
  filters: z
    .array(
      z.object({
        filterType: z.string(),
        bidMultiplierUp: z.string().optional(),
        askMultiplierDown: z.string().optional(),
      }),
    )
    .nullish(),
});

// Maps, because a word of the exchange such as "constructor" must find nothing.
const SIDES: ReadonlyMap<string, readonly Side[]> = new Map([
  ["1", ["buy", "sell"]],
  ["2", ["buy"]],
  ["3", ["sell"]],
  ["4", []],
]);
const STATUSES: ReadonlyMap<string, TradabilityFacts["status"]> = new Map([
  ["1", "online"],
  // Its spelling before August 2024.
  ["ENABLED", "online"],
  ["2", "paused"],
  ["3", "offline"],
]);

/** The exchange's "precisions" of size and amount are least amounts; the steps come from the asset precisions. */
export function toInstrument(row: z.infer<typeof instrumentSchema>, lists: TradingLists): Instrument {
  const symbol = readName(row.symbol, "a market's name", 40);
  const minNotional = readNotional(row.quoteAmountPrecision);
  const maxNotional = readNotional(row.maxQuoteAmount);
  const orderTypes = row.orderTypes.flatMap((name) => ORDER_TYPES.get(name) ?? []);
  const sides = SIDES.get(String(row.tradeSideType ?? 1)) ?? [];
  const riskMarked = row.st ?? false;
  const band = row.filters?.find((filter) => filter.filterType === "PERCENT_PRICE_BY_SIDE");
  return {
    symbol: marketSymbol(symbol),
    base: asset(readName(row.baseAsset, "an asset", 30)),
    quote: asset(readName(row.quoteAsset, "an asset", 30)),
    fullName: safeText(row.fullName ?? row.baseAsset, 60),
    tickSize: stepOfDecimals(row.quotePrecision) as Price,
    stepSize: stepOfDecimals(row.baseAssetPrecision) as Quantity,
    minQuantity: readQuantity(row.baseSizePrecision),
    minNotional,
    maxNotional,
    minNotionalMarket:
      row.quoteAmountPrecisionMarket == null ? minNotional : readNotional(row.quoteAmountPrecisionMarket),
    maxNotionalMarket: row.maxQuoteAmountMarket == null ? maxNotional : readNotional(row.maxQuoteAmountMarket),
    orderTypes,
    ...(band?.bidMultiplierUp === undefined || band.askMultiplierDown === undefined
      ? {}
      : { priceLimit: { buyUp: readRatio(band.bidMultiplierUp), sellDown: readRatio(band.askMultiplierDown) } }),
    makerFee: row.makerCommission == null ? (0n as Ratio) : readRatio(row.makerCommission),
    takerFee: row.takerCommission == null ? (0n as Ratio) : readRatio(row.takerCommission),
    tradability: assessTradability({
      status: STATUSES.get(String(row.status)) ?? "unknown",
      openToApi: row.isSpotTradingAllowed,
      sides,
      orderTypes,
      riskMarked,
      ...factsOf(lists, symbol),
    }),
    sides,
    riskMarked,
  };
}
