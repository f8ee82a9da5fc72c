import type { BalanceChange } from "./ledger.ts";
import type { AccountFill, ExchangeOrder } from "./order.ts";

/** Why a balance moved, in the venue's words. */
export const BALANCE_REASONS = [
  "DEPOSIT",
  "ENTRUST",
  "ENTRUST_PLACE",
  "ENTRUST_CANCEL",
  "ENTRUST_UNFROZEN",
  "TRADE_FEE",
  "CONTRACT_TRANSFER",
  "WITHDRAW",
] as const;
export type BalanceReason = (typeof BALANCE_REASONS)[number];

/** What the owner of an account is told, and what is stored of it. Orders are copies of the moment. */
export type AccountEvent =
  | {
      readonly kind: "order";
      readonly order: Readonly<ExchangeOrder>;
      readonly lastFill: AccountFill | undefined;
      readonly time: number;
    }
  | { readonly kind: "fill"; readonly fill: AccountFill }
  | { readonly kind: "balance"; readonly change: BalanceChange; readonly reason: BalanceReason; readonly time: number };

export function ownerOf(event: AccountEvent): string {
  if (event.kind === "order") return event.order.apiKey;
  return event.kind === "fill" ? event.fill.apiKey : event.change.apiKey;
}
