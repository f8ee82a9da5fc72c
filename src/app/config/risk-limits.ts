import type { Mode } from "../../core/domain/mode.ts";
import type { Notional } from "../../core/domain/money.ts";
import { notional, ratio } from "../../core/domain/money.ts";
import type { RiskLimits } from "../../core/domain/risk-request.ts";
import type { ProfileSettings } from "./config-file.ts";
import { MOST_OPEN_ORDERS } from "./config-file.ts";

/** Far above what a hand does, and below what a loop does. */
const LIVE_ORDERS_PER_MINUTE = 60;

/**
 * The limits of a profile. The demo's money is invented, so its ceiling only catches slips; live starts small until the
 * trader raises it. What a trader has to choose for themselves (exposure, concentration, reserve) has no default.
 */
export function riskLimits(mode: Mode, chosen: ProfileSettings["limits"]): RiskLimits {
  const ceiling = mode === "live" ? "1000" : "1000000";
  const ordersPerMinute = chosen?.orders_per_minute ?? (mode === "live" ? LIVE_ORDERS_PER_MINUTE : undefined);
  return {
    largestOrder: amounts(chosen?.largest_order ?? { USDT: ceiling, USDC: ceiling }),
    priceCollar: ratio(chosen?.price_collar ?? "0.1"),
    staleQuoteMs: chosen?.stale_quote_ms ?? 5_000,
    exposurePerSymbol: amounts(chosen?.exposure_per_symbol ?? {}),
    exposureTotal: amounts(chosen?.exposure_total ?? {}),
    concentration: chosen?.concentration === undefined ? undefined : ratio(chosen.concentration),
    ordersPerMinute,
    maxOpenOrders: chosen?.max_open_orders ?? MOST_OPEN_ORDERS,
    allowedSymbols: chosen?.allow_symbols === undefined ? undefined : new Set(chosen.allow_symbols),
    blockedSymbols: new Set(chosen?.block_symbols ?? []),
    allowsRiskMarked: chosen?.allow_st ?? false,
    quoteReserve: amounts(chosen?.quote_reserve ?? {}),
  };
}

function amounts(byQuote: Readonly<Record<string, string>>): ReadonlyMap<string, Notional> {
  return new Map(Object.entries(byQuote).map(([quote, text]) => [quote, notional(text)]));
}
