import type { PricedMarket } from "../../core/domain/risk-account.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { AppStore } from "../store/create-store.ts";
import { selectPricedMarkets } from "../store/selectors.ts";
import { marketFrameArrived } from "../store/market-slice.ts";
import type { InstrumentRules } from "./instrument-rules.ts";

/** Prices older than this are asked for again, ms; the stream brings new ones every few seconds. */
const OLDEST_PRICES_MS = 30_000;

export interface PricedMarketsParts {
  readonly store: AppStore;
  readonly rules: Pick<InstrumentRules, "readAll">;
  readonly data: Pick<MarketData, "fetchTickers">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Every market with its newest price: from the store while a screen keeps it fresh, else from the exchange.
 * @returns a reader, which throws AppError when the exchange gives no usable answer.
 */
export function createPricedMarkets({ store, rules, data, clock }: PricedMarketsParts) {
  return async (signal: AbortSignal): Promise<readonly PricedMarket[]> => {
    if (store.getState().instruments.at === undefined) await rules.readAll(signal);
    const { tickersAt } = store.getState().market;
    if (tickersAt === undefined || clock.now() - tickersAt > OLDEST_PRICES_MS) {
      const tickers = await data.fetchTickers(undefined, signal);
      store.dispatch(marketFrameArrived({ at: clock.now(), tickers }));
    }
    return selectPricedMarkets(store.getState());
  };
}
