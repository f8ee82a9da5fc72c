import type { DomainEvent } from "../../core/domain/events.ts";
import { keyFor } from "../../core/domain/trading-ledger.ts";
import type { TradingLedger } from "../../core/domain/trading-ledger.ts";
import type { AccountFeedEvent } from "../../core/ports/account-feed.ts";

/** What a push of the private stream means to the account; connection news mean nothing to it. */
export function domainEventOf(ledger: TradingLedger, push: AccountFeedEvent): DomainEvent | undefined {
  switch (push.type) {
    case "order-report":
      return {
        type: "order-reported",
        clientOrderId: keyFor(ledger, push.report),
        report: push.report,
        source: "stream",
      };
    case "fill":
      return { type: "fill-recorded", clientOrderId: keyFor(ledger, push.fill), fill: push.fill, source: "stream" };
    case "balance":
      return { type: "balance-reported", balance: push.balance, source: "stream" };
    case "connection":
    case "missed":
      return undefined;
  }
}
