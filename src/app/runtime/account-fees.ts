import { AppError } from "../../core/domain/errors.ts";
import type { FeeTerms } from "../../core/domain/fee-terms.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import { marketSymbol } from "../../core/domain/identifiers.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { Price } from "../../core/domain/money.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { FeeSchedule } from "../../core/ports/fee-schedule.ts";
import type { MarketData } from "../../core/ports/market-data.ts";

/** Rates change with a month's trading; MX deduct with a click. ms */
const KEPT_MS = 60_000;

export interface AccountFeesParts {
  readonly schedule: FeeSchedule;
  readonly data: Pick<MarketData, "fetchBookTop">;
  readonly clock: Pick<Clock, "monotonic">;
}

/** What this account pays on a market; undefined where the exchange did not tell. */
export type ReadFeeTerms = (instrument: Instrument, signal: AbortSignal) => Promise<FeeTerms | undefined>;

export function createAccountFees({ schedule, data, clock }: AccountFeesParts): ReadFeeTerms {
  const kept = new Map<MarketSymbol, { readonly terms: FeeTerms; readonly at: number }>();

  async function mxPrice({ quote }: Instrument, signal: AbortSignal): Promise<Price | undefined> {
    // Without such a market nobody can tell, and the fee stays an amount of quote that is taken in MX.
    return (await answered(() => data.fetchBookTop(marketSymbol(`MX${quote}`), signal)))?.bid?.price;
  }

  return async (instrument, signal) => {
    const { symbol } = instrument;
    const known = kept.get(symbol);
    if (known !== undefined && clock.monotonic() - known.at < KEPT_MS) return known.terms;
    const fees = await answered(() => schedule.fetchFees(symbol, signal));
    if (fees === undefined) return undefined;
    const { makerRate, takerRate, isInMx } = fees;
    const price = isInMx ? await mxPrice(instrument, signal) : undefined;
    const inMx = isInMx ? { inMx: price === undefined ? {} : { price } } : {};
    const terms: FeeTerms = { makerRate, takerRate, ...inMx };
    kept.set(symbol, { terms, at: clock.monotonic() });
    return terms;
  };
}

async function answered<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return undefined;
  }
}
