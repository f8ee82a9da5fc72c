import { AppError } from "../domain/errors.ts";
import type { PricedMarket } from "../domain/risk-account.ts";
import { riskAccountOf } from "../domain/risk-account.ts";
import type { RiskRequest } from "../domain/risk-request.ts";
import { raisesExposure } from "../domain/risk-request.ts";
import type { StoreMark } from "../ports/journal.ts";
import type { TradingContext } from "./trading-context.ts";

export type RiskSubject = Pick<RiskRequest, "draft" | "instrument" | "purpose">;

/** Everything the rules look at, for whoever only wants to know. */
export async function gatherRisk(
  context: TradingContext,
  asked: RiskSubject,
  signal: AbortSignal,
): Promise<RiskRequest> {
  return weighNow(context, asked, await readPrices(context, asked, signal)).request;
}

/**
 * Everything the rules look at, as it is at this moment, and the mark it holds for. What other processes have left counts
 * like our own: their unproven order may be standing at the exchange.
 *
 * Not asynchronous, so that an intent can follow without anybody else of this process deciding in between.
 */
export function weighNow(
  context: TradingContext,
  asked: RiskSubject,
  markets: readonly PricedMarket[] | undefined,
): { readonly request: RiskRequest; readonly basis: StoreMark } {
  const basis = context.adoptOrders();
  context.adoptState();
  const ledger = context.ledger();
  const now = context.clock.now();
  const account = riskAccountOf(ledger, now, markets);
  return {
    request: { ...asked, tradingState: ledger.tradingState, limits: context.limits, now, account },
    basis,
  };
}

/**
 * Prices are asked only where a limit of the trader's needs them, so that an exit, and an order without such limits, wait
 * for nothing.
 * @returns undefined when nobody could tell: the rules then say that they cannot judge.
 */
export async function readPrices(
  context: TradingContext,
  asked: RiskSubject,
  signal: AbortSignal,
): Promise<readonly PricedMarket[] | undefined> {
  if (!needsPrices(context, asked)) return undefined;
  try {
    return await context.pricedMarkets(signal);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return undefined;
  }
}

function needsPrices({ limits }: TradingContext, asked: RiskSubject): boolean {
  if (!raisesExposure(asked)) return false;
  return limits.concentration !== undefined || limits.exposureTotal.has(asked.instrument.quote);
}
