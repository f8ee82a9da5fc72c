import type { DomainEvent } from "../../core/domain/events.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Price, Quantity } from "../../core/domain/money.ts";
import type { OrderDraft } from "../../core/domain/order.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { PublicTrade } from "../../core/domain/public-trade.ts";
import { minimum } from "../../core/domain/money.ts";
import type { MarketFeed, Subscription } from "../../core/ports/market-feed.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";

export interface WantedStop {
  readonly symbol: MarketSymbol;
  readonly quantity: Quantity;
  readonly triggerPrice: Price;
}

export interface StopWatch {
  /** Stores the stop, then watches the prints of its market. @throws AppError STORAGE_FAILED; then nothing is armed. */
  arm(stop: WantedStop): Protection;
  close(): void;
}

export interface StopWatchParts {
  readonly context: Pick<TradingContext, "publish" | "ledger" | "ids" | "clock">;
  readonly feed: MarketFeed;
  /** Sends the exit through the same door as every order. */
  readonly exit: (draft: OrderDraft, attempted: DomainEvent) => void;
  readonly warn: (text: string) => void;
}

const RETRY_MS = 30_000;
const STOP_LEG = "sl";

/**
 * Watches armed stops in this process: a print at or below the trigger fires once, with the exit's id on disk before
 * the exit leaves. It dies with the process; a stop left armed by an earlier one is not taken up, because whatever
 * happened while nobody watched must not sell silently.
 */
export function createStopWatch({ context, feed, exit, warn }: StopWatchParts): StopWatch {
  const subscriptions = new Map<MarketSymbol, Subscription>();
  const watched = new Set<string>();
  const lifetime = new AbortController();

  function onTrades(symbol: MarketSymbol, trades: readonly PublicTrade[]): void {
    const lowest = trades.reduce<Price | undefined>(
      (low, trade) => (low === undefined ? trade.price : minimum(low, trade.price)),
      undefined,
    );
    if (lowest === undefined) return;
    for (const protection of context.ledger().protections.values()) {
      const { coverage, legs, protectionId } = protection;
      const rule = legs[0]?.rule;
      if (protection.symbol !== symbol || !watched.has(protectionId)) continue;
      if (coverage.kind !== "quantity" || rule?.kind !== "stop-loss" || lowest > rule.triggerPrice) continue;
      fire(protection, coverage.quantity, lowest);
    }
  }

  function watch(symbol: MarketSymbol): void {
    if (subscriptions.has(symbol)) return;
    const subscription = feed.subscribe({ kind: "trades", symbol }, (event) => {
      if (event.type === "trades") onTrades(event.symbol, event.trades);
      else if (event.type === "refused") onRefused(symbol, event.reason);
    });
    subscriptions.set(symbol, subscription);
  }

  /** A stop that nobody watches must not look armed to the trader, and not stay so for longer than needed. */
  function onRefused(symbol: MarketSymbol, reason: string): void {
    subscriptions.get(symbol)?.close();
    subscriptions.delete(symbol);
    warn(
      `The stops of ${symbol} are not watched: the exchange refused its trades (${reason}). ` +
        `They are asked for again in ${RETRY_MS / 1000} s; if that is too late, sell by hand.`,
    );
    void context.clock.sleep(RETRY_MS, lifetime.signal).then(
      () => {
        watch(symbol);
      },
      () => undefined,
    );
  }

  function fire({ protectionId, symbol }: Protection, quantity: Quantity, printedPrice: Price): void {
    const exitOrderId = context.ids.clientOrderId();
    watched.delete(protectionId);
    const draft: OrderDraft = {
      symbol,
      side: "sell",
      type: "market",
      size: { kind: "base", quantity },
      clientOrderId: exitOrderId,
      seen: { price: printedPrice, at: context.clock.now() },
    };
    exit(draft, {
      type: "exit-attempted",
      protectionId,
      legId: STOP_LEG,
      exitOrderId,
      quantity,
      target: quantity,
      observedPrice: printedPrice,
    });
  }

  return {
    arm(wanted) {
      const { symbol, quantity, triggerPrice } = wanted;
      const protection: Protection = {
        protectionId: context.ids.recordId(),
        symbol,
        coverage: { kind: "quantity", quantity },
        legs: [{ legId: STOP_LEG, rule: { kind: "stop-loss", triggerPrice }, state: "live", attempts: [] }],
        exit: { kind: "market" },
        trigger: "last",
        confirmation: { prints: 1, holdMs: 0 },
        state: "armed",
        version: 1,
        createdAt: context.clock.now(),
      };
      context.publish([{ type: "protection-armed", protection }]);
      watched.add(protection.protectionId);
      watch(symbol);
      return protection;
    },
    close() {
      lifetime.abort();
      for (const subscription of subscriptions.values()) subscription.close();
      subscriptions.clear();
    },
  };
}
