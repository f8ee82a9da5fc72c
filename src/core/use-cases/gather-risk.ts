import { AppError } from "../domain/errors.ts";
import type { PricedMarket } from "../domain/risk-account.ts";
import { riskAccountOf } from "../domain/risk-account.ts";
import type { RiskRequest } from "../domain/risk-request.ts";
import { raisesExposure } from "../domain/risk-request.ts";
import type { TradingContext } from "./trading-context.ts";

/**
 * Everything the rules look at, as it is at this moment. Prices are asked only where a limit of the trader's needs them,
 * so that an exit, and an order without such limits, wait for nothing.
 */
export async function gatherRisk(
  context: TradingContext,
  asked: Pick<RiskRequest, "draft" | "instrument" | "purpose">,
  signal: AbortSignal,
): Promise<RiskRequest> {
  const markets = needsPrices(context, asked) ? await readMarkets(context, signal) : undefined;
  context.adoptState();
  const ledger = context.ledger();
  const now = context.clock.now();
  return {
    ...asked,
    tradingState: ledger.tradingState,
    limits: context.limits,
    now,
    account: riskAccountOf(ledger, now, markets),
  };
}

function needsPrices(
  { limits }: TradingContext,
  asked: Pick<RiskRequest, "draft" | "instrument" | "purpose">,
): boolean {
  if (!raisesExposure(asked)) return false;
  return limits.concentration !== undefined || limits.exposureTotal.has(asked.instrument.quote);
}

/** @returns undefined when nobody could tell: the rules then say that they cannot judge. */
async function readMarkets(context: TradingContext, signal: AbortSignal): Promise<readonly PricedMarket[] | undefined> {
  try {
    return await context.pricedMarkets(signal);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return undefined;
  }
}
