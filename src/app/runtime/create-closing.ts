import { PLANNED_LEVELS } from "../../core/domain/plan-execution.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { FillStore, OrderStore } from "../../core/ports/stores.ts";
import type { CloseSight, CloseTools } from "../../core/use-cases/close-position.ts";
import { closePosition, planClosing } from "../../core/use-cases/close-position.ts";
import { storedFills } from "./stored-fills.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { ReadFeeTerms } from "./account-fees.ts";
import type { Closing } from "../closing.ts";

export interface ClosingParts {
  /** @throws AppError KEYS_MISSING without an account. */
  readonly need: () => { readonly context: TradingContext; readonly fills: FillStore; readonly orders: OrderStore };
  readonly data: MarketData;
  readonly place: CloseTools["place"];
  readonly feeTerms: ReadFeeTerms;
  /** Counts as work under way, and ends with the app. */
  readonly track: <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

export function createClosing({ need, data, place, feeTerms, track }: ClosingParts): Closing {
  async function look(symbol: MarketSymbol, signal: AbortSignal): Promise<CloseSight> {
    // A price is dated by the asking: it is never taken for newer than it is.
    const own = need();
    const { context } = own;
    const terms = await feeTerms(await context.instrument(symbol, signal), signal);
    const seenAt = context.clock.now();
    const book = await data.fetchBook(symbol, PLANNED_LEVELS, signal);
    return { ...storedFills(own, symbol), book, seenAt, ...(terms === undefined ? {} : { terms }) };
  }
  return {
    plan: (wanted, signal) =>
      track(async (during) => {
        const { context } = need();
        return planClosing(context, wanted, await look(wanted.symbol, during), during);
      }, signal),
    close: (plan, signal) =>
      track(async (during) => {
        const { context } = need();
        const tools = { place, look: (limit: AbortSignal) => look(plan.wanted.symbol, limit) };
        return closePosition(context, plan, tools, during);
      }, signal),
  };
}
