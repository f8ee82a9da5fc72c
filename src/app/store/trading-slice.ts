import type { UnknownAction } from "@reduxjs/toolkit";
import { createAction } from "@reduxjs/toolkit";
import type { Balance } from "../../core/domain/balance.ts";
import type { StampedEvent } from "../../core/domain/events.ts";
import type { Fill } from "../../core/domain/fill.ts";
import { forgetEnded, holdProtections, holdRows } from "../../core/domain/ledger-rows.ts";
import type { Order } from "../../core/domain/order.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { TradingLedger } from "../../core/domain/trading-ledger.ts";
import type { HeldState } from "../../core/domain/trading-state.ts";
import { applyEvent, confirmBalances, EMPTY_LEDGER, holdState } from "../../core/domain/trading-ledger.ts";

/** Journaled events, in order. The only way trading state changes; none is ever dropped or conflated. */
export const tradingAdvanced = createAction<readonly StampedEvent[]>("trading/advanced");
/** The exchange has told the same amounts again. Not journaled: only the time they are known to hold at moves on. */
export const balancesConfirmed = createAction<readonly Balance[]>("trading/balancesConfirmed");
/** Stored rows put back at start. */
export const ledgerRestored = createAction<TradingLedger>("trading/restored");
/** Rows of the store brought back, because something is said of them; another process may have written them. */
export const rowsRecalled = createAction<{ readonly orders: readonly Order[]; readonly fills: readonly Fill[] }>(
  "trading/rowsRecalled",
);
/** The trading state as another process has set and journaled it. */
export const heldStateRead = createAction<HeldState>("trading/heldStateRead");
/** Protections as another process has changed and journaled them. */
export const protectionsRead = createAction<readonly Protection[]>("trading/protectionsRead");
/** Ended orders that no longer need to be in memory. */
export const endedForgotten = createAction("trading/endedForgotten");

export function tradingReducer(ledger: TradingLedger = EMPTY_LEDGER, action: UnknownAction): TradingLedger {
  if (tradingAdvanced.match(action)) {
    return action.payload.reduce((state, stamped) => applyEvent(state, stamped.event, stamped.at).ledger, ledger);
  }
  if (balancesConfirmed.match(action)) return confirmBalances(ledger, action.payload);
  if (ledgerRestored.match(action)) return action.payload;
  if (rowsRecalled.match(action)) return holdRows(ledger, action.payload);
  if (heldStateRead.match(action)) return holdState(ledger, action.payload);
  if (protectionsRead.match(action)) return holdProtections(ledger, action.payload);
  if (endedForgotten.match(action)) return forgetEnded(ledger);
  return ledger;
}
