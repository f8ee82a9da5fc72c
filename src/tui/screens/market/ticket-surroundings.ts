import type { App } from "../../../app/app.ts";
import { selectInstrument, selectRiskAccount, selectSeenQuote } from "../../../app/store/selectors.ts";
import type { Side } from "../../../core/domain/order.ts";
import type { TicketSurroundings } from "./ticket.ts";

/** What a ticket is judged by, as it stands now. A book that no longer follows the market is none. */
export function readSurroundings(app: App, side: Side): TicketSurroundings {
  const state = app.store.getState();
  const instrument = selectInstrument(state);
  const { book } = state.market;
  return {
    instrument,
    seen: selectSeenQuote(state, side),
    // Before the first reconcile an asset that is not named may still be held.
    balances: state.session.reconciledAt === undefined ? undefined : state.trading.balances,
    book: book?.state === "live" && book.symbol === instrument?.symbol ? book : undefined,
    account: selectRiskAccount(state, app.now()),
    limits: app.limits,
    tradingState: state.trading.tradingState,
    now: app.now(),
  };
}
