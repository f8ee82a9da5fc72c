import type { Price } from "../money.ts";
import { formatMoney } from "../money.ts";
import type { Order } from "../order.ts";
import { isWorking } from "../order.ts";
import { isLegOpen } from "../protection.ts";
import { executedQuantity } from "../order-execution.ts";
import { belowLeast, tooSmall } from "../sale-size.ts";
import { coveredBase, lacksFills, mostLeft, soldByCloses } from "./covered-base.ts";
import { kindestPrice } from "./exit-order.ts";
import type { GuardView } from "./guard-view.ts";

/**
 * Why nothing is left to do for a protection, in words; undefined while something may be. Asked only when no exit of it
 * is open.
 */
export function whyEnded(view: GuardView): string | undefined {
  const { protection, orders } = view;
  const { coverage, linkedOrderId, closes = [] } = protection;
  if (!protection.legs.some(isLegOpen)) return "every part of it has ended";
  const entry = coverage.kind === "entry" ? orders.get(coverage.clientOrderId) : undefined;
  // What an entry still buys, and what it bought and we have no fills of yet, is to be protected.
  if (coverage.kind === "entry" && (entry === undefined || isWorking(entry) || lacksFills(entry))) return undefined;
  const { covered, sold } = coveredBase(view);
  const left = mostLeft(view);
  if (coverage.kind === "entry" && covered === 0n) {
    return `the entry order ${coverage.clientOrderId} ended without a fill`;
  }
  const linked = linkedOrderId === undefined ? undefined : orders.get(linkedOrderId);
  const mayStillSell = (order: Order | undefined) => order !== undefined && isWorking(order);
  const isClosing = closes.some(({ closeOrderId }) => mayStillSell(orders.get(closeOrderId)));
  if (left === undefined || sold === 0n || mayStillSell(linked) || isClosing) return undefined;
  if (left === 0n) {
    const closer = closes.at(-1)?.closeOrderId;
    if (closer !== undefined && soldByCloses(view) === sold) return `the position was closed by order ${closer}`;
    return executedQuantity(linked) === sold ? `order ${linkedOrderId} sold all of it` : "all of it is sold";
  }
  const dust = whyDust(view);
  return dust === undefined ? undefined : `sold; ${dust}`;
}

/** Names what is left when it is too small for the exchange to take at the present price. */
function whyDust(view: GuardView): string | undefined {
  const left = mostLeft(view);
  const price = kindestOfAll(view);
  if (left === undefined) return undefined;
  const why =
    price === undefined
      ? belowLeast(view.instrument, left)
      : tooSmall(view.instrument, left, { type: "market", expectedPrice: price });
  return why === undefined ? undefined : `${formatMoney(left)} ${view.instrument.base} is left, ${why}`;
}

function kindestOfAll(view: GuardView): Price | undefined {
  const prices = view.protection.legs.flatMap((leg) => kindestPrice(view, leg) ?? []);
  return prices.reduce<Price | undefined>((best, one) => (best === undefined || one > best ? one : best), undefined);
}
