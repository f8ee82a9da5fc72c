import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { FillStore } from "../../core/ports/stores.ts";
import type { ArmingSight } from "../../core/use-cases/arm-protection.ts";
import { armProtection, planArming } from "../../core/use-cases/arm-protection.ts";
import { disarmProtection } from "../../core/use-cases/disarm-protection.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { Protecting } from "../protecting.ts";

export interface ProtectingParts {
  /** @throws AppError KEYS_MISSING without an account. */
  readonly need: () => { readonly context: TradingContext; readonly fills: FillStore };
  readonly data: MarketData;
  /** Counts as work under way, and ends with the app. */
  readonly track: <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/** Levels that a plan looks through. */
const LEVELS = 1_000;

export function createProtecting({ need, data, track }: ProtectingParts): Protecting {
  async function look(symbol: MarketSymbol, signal: AbortSignal): Promise<ArmingSight> {
    const top = await data.fetchBookTop(symbol, signal);
    return { fills: need().fills.list({ symbol }), bid: top.bid?.price };
  }
  async function lookThrough(symbol: MarketSymbol, signal: AbortSignal): Promise<ArmingSight> {
    const book = await data.fetchBook(symbol, LEVELS, signal);
    return { fills: need().fills.list({ symbol }), bid: book.bids[0]?.price, book };
  }
  return {
    plan: (wanted, signal) =>
      track(async (during) => {
        const { context } = need();
        return planArming(context, wanted, await lookThrough(wanted.symbol, during), during);
      }, signal),
    arm: (wanted, signal) =>
      track(async (during) => {
        const { context } = need();
        return armProtection(context, wanted, await look(wanted.symbol, during), during);
      }, signal),
    disarm: (protectionId, why) => disarmProtection(need().context, protectionId, why),
    list: (symbol) =>
      [...need().context.ledger().protections.values()]
        .filter((one) => one.state === "armed" && (symbol === undefined || one.symbol === symbol))
        .sort((left, right) => left.createdAt - right.createdAt),
  };
}
