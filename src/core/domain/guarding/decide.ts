import type { ClientOrderId } from "../identifiers.ts";
import { quantizeQuantity } from "../instrument.ts";
import type { Quantity } from "../money.ts";
import { maximum, minimum, subtract, ZERO_QUANTITY } from "../money.ts";
import type { Order } from "../order.ts";
import { isWorking } from "../order.ts";
import type { ProtectionLeg } from "../protection.ts";
import type { GuardAction, GuardView } from "./guard-view.ts";
import { confirmedBeyond } from "./trigger-memory.ts";

/**
 * What one protection asks to be done now; nothing while it waits. To be asked after each observation, after each word
 * of its orders, and at least every second.
 */
export function decide(view: GuardView): readonly GuardAction[] {
  const { protection, orders } = view;
  if (protection.state === "ended" || view.tradingState.kind === "locked") return [];
  const unproven = attemptsOf(view).filter((id) => {
    const order = orders.get(id);
    return order === undefined || isWorking(order);
  });
  if (unproven.length > 0) return unproven.map((clientOrderId) => ({ kind: "prove", clientOrderId }));
  const leg = protection.legs.find(
    (one) =>
      one.state === "exiting" ||
      (one.state === "live" && confirmedBeyond(view.memory, protection, one.legId) !== undefined),
  );
  return leg === undefined ? [] : sellFor(view, leg);
}

function sellFor(view: GuardView, leg: ProtectionLeg): readonly GuardAction[] {
  const { protection, instrument, memory, now } = view;
  const { protectionId } = protection;
  const sold = attemptsOf(view).reduce((sum, id) => (sum + executedOf(view.orders.get(id))) as Quantity, ZERO_QUANTITY);
  const covered =
    protection.coverage.kind === "quantity" ? protection.coverage.quantity : (view.base?.free ?? ZERO_QUANTITY);
  const left = subtract(covered, sold);
  const quantity = quantizeQuantity(instrument, minimum(left, view.base?.free ?? left));
  if (quantity <= 0n) {
    return [{ kind: "publish", events: [{ type: "protection-ended", protectionId, why: "all of it is sold" }] }];
  }
  const price = memory.seen?.price ?? view.quote?.bid ?? view.quote?.last;
  if (price === undefined) return [];
  return [
    {
      kind: "exit",
      legId: leg.legId,
      draft: {
        symbol: protection.symbol,
        side: "sell",
        type: "market",
        size: { kind: "base", quantity },
        seen: { price, at: memory.seen?.at ?? now },
      },
      attempted: { type: "exit-attempted", protectionId, legId: leg.legId, quantity, observedPrice: price },
    },
  ];
}

function attemptsOf({ protection }: GuardView): readonly ClientOrderId[] {
  return protection.legs.flatMap((leg) => leg.attempts.map((attempt) => attempt.exitOrderId));
}

function executedOf(order: Order | undefined): Quantity {
  return order === undefined ? ZERO_QUANTITY : maximum(order.reportedQuantity, order.filledQuantity);
}
