import { hasEntered } from "../../../core/domain/guarding/covered-base.ts";
import { armedAmong } from "../../../core/domain/protection.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import type { TradingLedger } from "../../../core/domain/trading-ledger.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";
import type { GuardNews } from "./guard-news.ts";
import { entryNews } from "./guard-news.ts";

/**
 * Until its entry fills, a bracket stands for nothing: that it does from now on is told once, by the process that saw it
 * happen. @returns what to call whenever the ledger has changed
 */
export function createEntryWatch(context: Pick<TradingContext, "ledger" | "recall">): () => readonly GuardNews[] {
  /** Told, or begun before anybody looked. */
  const entered = new Set<string>();
  /** Entries that the store does not know either: asking it with each change would cost more than it tells. */
  const unknown = new Set<string>();
  let looked: Pick<TradingLedger, "orders" | "protections"> | undefined;

  function isLive(protection: Protection): boolean {
    const { coverage } = protection;
    if (coverage.kind !== "entry") return false;
    const { clientOrderId } = coverage;
    if (!context.ledger().orders.has(clientOrderId)) {
      if (unknown.has(clientOrderId)) return false;
      if (context.recall(clientOrderId) === undefined) unknown.add(clientOrderId);
    }
    return hasEntered({ protection, orders: context.ledger().orders });
  }

  function newlyLive(): readonly Protection[] {
    const { orders, protections } = context.ledger();
    if (looked?.orders === orders && looked.protections === protections) return [];
    looked = { orders, protections };
    const live = armedAmong(protections.values()).filter((one) => !entered.has(one.protectionId) && isLive(one));
    for (const { protectionId } of live) entered.add(protectionId);
    return live;
  }

  newlyLive();
  return () =>
    newlyLive().flatMap((protection) => {
      const { coverage } = protection;
      const order = coverage.kind === "entry" ? context.ledger().orders.get(coverage.clientOrderId) : undefined;
      return order === undefined ? [] : [entryNews(protection, order)];
    });
}
