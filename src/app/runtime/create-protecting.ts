import type { WantedProtection } from "../../core/domain/arming/wanted-protection.ts";
import { PLANNED_LEVELS } from "../../core/domain/plan-execution.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { FillStore, OrderStore } from "../../core/ports/stores.ts";
import type { ArmingSight } from "../../core/use-cases/arm-protection.ts";
import { armProtection, planArming } from "../../core/use-cases/arm-protection.ts";
import { disarmProtection } from "../../core/use-cases/disarm-protection.ts";
import { storedFills } from "./stored-fills.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { ReadFeeTerms } from "./account-fees.ts";
import type { Protecting } from "../protecting.ts";
import { armedAmong } from "../../core/domain/protection.ts";

export interface ProtectingParts {
  /** @throws AppError KEYS_MISSING without an account. */
  readonly need: () => { readonly context: TradingContext; readonly fills: FillStore; readonly orders: OrderStore };
  readonly data: MarketData;
  readonly feeTerms: ReadFeeTerms;
  /** Counts as work under way, and ends with the app. */
  readonly track: <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

export function createProtecting({ need, data, feeTerms, track }: ProtectingParts): Protecting {
  async function look({ symbol, breakEven }: WantedProtection, signal: AbortSignal): Promise<ArmingSight> {
    // What an account is charged decides one level only: nothing else waits for it.
    const terms = breakEven === undefined ? {} : await readTerms(symbol, signal);
    const top = await data.fetchBookTop(symbol, signal);
    return { ...storedFills(need(), symbol), bid: top.bid?.price, ...terms };
  }
  async function readTerms(symbol: MarketSymbol, signal: AbortSignal): Promise<Pick<ArmingSight, "terms">> {
    const terms = await feeTerms(await need().context.instrument(symbol, signal), signal);
    return terms === undefined ? {} : { terms };
  }
  async function lookThrough({ symbol }: WantedProtection, signal: AbortSignal): Promise<ArmingSight> {
    const terms = await readTerms(symbol, signal);
    const book = await data.fetchBook(symbol, PLANNED_LEVELS, signal);
    return { ...storedFills(need(), symbol), bid: book.bids[0]?.price, book, ...terms };
  }
  return {
    plan: (wanted, signal) =>
      track(async (during) => {
        const { context } = need();
        return planArming(context, wanted, await lookThrough(wanted, during), during);
      }, signal),
    arm: (wanted, signal) =>
      track(async (during) => {
        const { context } = need();
        return armProtection(context, wanted, await look(wanted, during), during);
      }, signal),
    disarm: (protectionId, why) => disarmProtection(need().context, protectionId, why),
    list: (symbol) =>
      armedAmong(need().context.ledger().protections.values(), symbol).sort(
        (left, right) => left.createdAt - right.createdAt,
      ),
  };
}
