import type { App } from "../../../app/app.ts";
import { selectSeenQuote } from "../../../app/store/selectors.ts";
import { marketFrameArrived } from "../../../app/store/market-slice.ts";
import type { Side } from "../../../core/domain/order.ts";

/** The least time between two questions. */
const ASK_EVERY_MS = 1_000;

export interface QuoteRefresh {
  /** Asks for the selected market's top when its price for `side` has grown half as old as a market order bears. */
  look(side: Side): void;
}

/**
 * In a quiet market no push proves the price again, and an old price locks market orders. While a ticket is open the
 * price is therefore asked for: one question at a time, at most one a second.
 */
export function createQuoteRefresh(app: App, signal: AbortSignal): QuoteRefresh {
  let isAsking = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    const { selected } = app.store.getState().market;
    if (selected === undefined) return;
    // What is true somewhere between asking and hearing is dated by the asking: a price is never taken for newer.
    const at = app.now();
    askedAt = at;
    isAsking = true;
    try {
      const top = await app.marketData.fetchBookTop(selected, signal);
      app.store.dispatch(marketFrameArrived({ at, top }));
    } catch {
      // The price stays as old as it is, and the ticket says so.
    } finally {
      isAsking = false;
    }
  }

  return {
    look(side) {
      const now = app.now();
      if (isAsking || now - askedAt < ASK_EVERY_MS) return;
      const seen = selectSeenQuote(app.store.getState(), side);
      if (seen === undefined || now - seen.at > app.limits.staleQuoteMs / 2) void ask();
    },
  };
}
