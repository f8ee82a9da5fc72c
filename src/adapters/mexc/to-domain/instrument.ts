import { z } from "zod";
import { asset, marketSymbol } from "../../../core/domain/identifiers.ts";
import type { Instrument, Tradability } from "../../../core/domain/instrument.ts";
import type { Price, Quantity, Ratio } from "../../../core/domain/money.ts";
import { stepOfDecimals } from "../../../core/domain/money.ts";
import type { OrderType, Side } from "../../../core/domain/order.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import { readKey, readNotional, readQuantity, readRatio, unreadable } from "./unreadable.ts";

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

const ORDER_TYPES: Readonly<Record<string, OrderType>> = {
  LIMIT: "limit",
  MARKET: "market",
  LIMIT_MAKER: "post-only",
  IMMEDIATE_OR_CANCEL: "immediate-or-cancel",
  FILL_OR_KILL: "fill-or-kill",
};

const SIDES: Readonly<Record<string, readonly Side[]>> = { "1": ["buy", "sell"], "2": ["buy"], "3": ["sell"], "4": [] };

/** The exchange's "precisions" of size and amount are least amounts; the steps come from the asset precisions. */
export function toInstrument(row: z.infer<typeof instrumentSchema>): Instrument {
  const symbol = readKey(row.symbol, "a market's name", 40);
  // A name that had to be made safe no longer names the market to the exchange.
  if (symbol !== row.symbol) throw unreadable(`"${symbol}" is no market's name`);
  const minNotional = readNotional(row.quoteAmountPrecision);
  const maxNotional = readNotional(row.maxQuoteAmount);
  const band = row.filters?.find((filter) => filter.filterType === "PERCENT_PRICE_BY_SIDE");
  return {
    symbol: marketSymbol(symbol),
    base: asset(safeText(row.baseAsset, 30)),
    quote: asset(safeText(row.quoteAsset, 30)),
    fullName: safeText(row.fullName ?? row.baseAsset, 60),
    tickSize: stepOfDecimals(row.quotePrecision) as Price,
    stepSize: stepOfDecimals(row.baseAssetPrecision) as Quantity,
    minQuantity: readQuantity(row.baseSizePrecision),
    minNotional,
    maxNotional,
    minNotionalMarket:
      row.quoteAmountPrecisionMarket == null ? minNotional : readNotional(row.quoteAmountPrecisionMarket),
    maxNotionalMarket: row.maxQuoteAmountMarket == null ? maxNotional : readNotional(row.maxQuoteAmountMarket),
    orderTypes: row.orderTypes.flatMap((name) => ORDER_TYPES[name] ?? []),
    ...(band?.bidMultiplierUp === undefined || band.askMultiplierDown === undefined
      ? {}
      : { priceLimit: { buyUp: readRatio(band.bidMultiplierUp), sellDown: readRatio(band.askMultiplierDown) } }),
    makerFee: row.makerCommission == null ? (0n as Ratio) : readRatio(row.makerCommission),
    takerFee: row.takerCommission == null ? (0n as Ratio) : readRatio(row.takerCommission),
    tradability: tradabilityOf(row),
    sides: SIDES[String(row.tradeSideType ?? 1)] ?? [],
    riskMarked: row.st ?? false,
  };
}

/** Status 1 alone says nothing about the API; `isSpotTradingAllowed` is the flag that does. */
function tradabilityOf(row: z.infer<typeof instrumentSchema>): Tradability {
  const status = String(row.status);
  if (status === "2") return { kind: "restricted", reason: "the exchange has paused it" };
  if (status === "3") return { kind: "restricted", reason: "the exchange has taken it offline" };
  if (!row.isSpotTradingAllowed) return { kind: "restricted", reason: "the exchange does not open it to the API" };
  return { kind: "tradable" };
}
