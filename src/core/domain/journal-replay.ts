import type { DomainEvent } from "./events.ts";
import type { Fill } from "./fill.ts";
import type { Timestamp } from "./identifiers.ts";
import { formatMoney } from "./money.ts";
import type { Order } from "./order.ts";
import { isWorking } from "./order.ts";
import type { Protection } from "./protection.ts";
import type { TradingLedger } from "./trading-ledger.ts";
import { EMPTY_LEDGER, applyEvent } from "./trading-ledger.ts";
import type { HeldState } from "./trading-state.ts";

/** What is stored of an account beside its journal. */
export interface StoredState {
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly protections: readonly Protection[];
  readonly heldState: HeldState;
}

/** The state that a journal tells, from its first event on. */
export function replayJournal(
  events: Iterable<{ readonly event: DomainEvent; readonly at: Timestamp }>,
): TradingLedger {
  let ledger = EMPTY_LEDGER;
  for (const { event, at } of events) ledger = applyEvent(ledger, event, at).ledger;
  return ledger;
}

/** Where the stored state is another one than the journal tells; nothing when they say the same. */
export function compareReplay(told: TradingLedger, stored: StoredState): readonly string[] {
  const found: string[] = [];
  for (const order of stored.orders) {
    const its = told.orders.get(order.clientOrderId);
    if (its === undefined) found.push(`the journal knows nothing of order ${order.clientOrderId}`);
    else if (isWorking(its) !== isWorking(order) || its.filledQuantity !== order.filledQuantity) {
      found.push(
        `order ${order.clientOrderId} is ${order.state} with ${formatMoney(order.filledQuantity)} filled, ` +
          `and ${its.state} with ${formatMoney(its.filledQuantity)} by the journal`,
      );
    }
  }
  for (const fill of stored.fills)
    if (!told.fills.has(fill.tradeId)) found.push(`the journal knows no fill ${fill.tradeId}`);
  for (const protection of stored.protections) {
    const its = told.protections.get(protection.protectionId);
    if (its?.state !== protection.state || its.version !== protection.version)
      found.push(`protection ${protection.protectionId} is not as the journal tells`);
  }
  if (told.heldState.kind !== stored.heldState.kind)
    found.push(`trading is ${stored.heldState.kind}, and ${told.heldState.kind} by the journal`);
  return [
    ...found,
    ...inNumber("orders", told.orders.size, stored.orders.length),
    ...inNumber("fills", told.fills.size, stored.fills.length),
    ...inNumber("protections", told.protections.size, stored.protections.length),
  ];
}

function inNumber(what: string, told: number, stored: number): readonly string[] {
  return told === stored ? [] : [`the journal makes ${told} ${what}, ${stored} are stored`];
}
