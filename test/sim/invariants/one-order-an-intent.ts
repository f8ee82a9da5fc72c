import { accountOf } from "../world/troubles.ts";
import type { World } from "../world/world.ts";

/** No client order id of ours names two orders of the exchange. */
export function oneOrderAnIntent({ exchange }: World): readonly string[] {
  const ids = new Set<string>();
  const found: string[] = [];
  for (const { clientOrderId } of exchange.venue.exchange.orders.orders(accountOf(exchange))) {
    if (clientOrderId === null) continue;
    if (ids.has(clientOrderId)) found.push(`two orders at the exchange bear ${clientOrderId}`);
    ids.add(clientOrderId);
  }
  return found;
}
