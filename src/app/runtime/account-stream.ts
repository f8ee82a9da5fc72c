import type { DomainEvent } from "../../core/domain/events.ts";
import type { AccountFeedEvent } from "../../core/ports/account-feed.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";

/** What a push of the private stream means to the account; connection news mean nothing to it. */
export function domainEventOf(keyOf: TradingContext["keyOf"], push: AccountFeedEvent): DomainEvent | undefined {
  switch (push.type) {
    case "order-report":
      return {
        type: "order-reported",
        clientOrderId: keyOf(push.report),
        report: push.report,
        source: "stream",
      };
    case "fill":
      return { type: "fill-recorded", clientOrderId: keyOf(push.fill), fill: push.fill, source: "stream" };
    case "balance":
      return { type: "balance-reported", balance: push.balance, source: "stream" };
    case "connection":
    case "missed":
      return undefined;
  }
}
