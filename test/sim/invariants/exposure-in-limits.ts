import { notional, notionalOf, formatMoney, quantity } from "../../../src/core/domain/money.ts";
import type { Price } from "../../../src/core/domain/money.ts";
import { isOpen } from "../../../src/simulator/engine/order.ts";
import { SYMBOL } from "../world/trader.ts";
import { accountOf } from "../world/troubles.ts";
import type { World } from "../world/world.ts";

/**
 * No purchase of ours leaves that puts more at stake than the limit: what is held by the exchange's books, what our open
 * purchases may still buy, and what is under way. Priced at the least the market has been worth, so that no move breaks it.
 * @returns to be called after each event
 */
export function watchExposure(world: World): () => void {
  const limit = world.limits.exposurePerSymbol.get("USDT");
  if (limit === undefined) return () => undefined;
  const { exchange } = world.exchange.venue;
  const account = accountOf(world.exchange);
  const market = exchange.market(SYMBOL);
  const sent = new Map<string, bigint>();
  let least: Price = market.lastPrice;

  world.onRequest(({ process, request }) => {
    const { pathname, searchParams: asked } = new URL(request.url);
    if (request.method !== "POST" || pathname !== "/api/v3/order" || asked.get("side") !== "BUY") return;
    const id = asked.get("newClientOrderId") ?? "";
    const quote = asked.get("quoteOrderQty");
    const own =
      quote === null
        ? notionalOf(
            (asked.has("price") ? exactPrice(asked.get("price")) : least) as Price,
            quantity(asked.get("quantity") ?? "0"),
            "down",
          )
        : notional(quote);
    let atStake: bigint = own;
    const { free, locked } = exchange.ledger.balance(account, "BTC");
    atStake += notionalOf(least, (free + locked) as never, "down");
    for (const [other, most] of sent) {
      const theirs = exchange.orders.find(account, SYMBOL, undefined, other);
      // What never came and what has ended are told apart by nobody here; both cost nothing any more.
      if (theirs !== undefined && isOpen(theirs.status))
        atStake += most > theirs.executedNotional ? most - theirs.executedNotional : 0n;
    }
    sent.set(id, own);
    if (atStake <= limit) return;
    const what = `${formatMoney(atStake as never)} USDT is at stake, and the limit is ${formatMoney(limit)}`;
    world.violate("exposure-in-limits", `${process} buys under ${id}: ${what}`);
  });
  return () => {
    if (market.lastPrice < least) least = market.lastPrice;
  };
}

function exactPrice(text: string | null): bigint {
  return quantity(text ?? "0");
}
