import { totalOf } from "../balance.ts";
import { coveredBase } from "../guarding/covered-base.ts";
import type { ClientOrderId } from "../identifiers.ts";
import type { Quantity } from "../money.ts";
import { add, less, minimum, ZERO_QUANTITY } from "../money.ts";
import { isWorking } from "../order.ts";
import { stillToTrade } from "../order-execution.ts";
import type { ClosingSale, Protection } from "../protection.ts";
import { heldBySales } from "../protection.ts";
import type { BeforeSale } from "./protections-after-sale.ts";

/** What a closing sale takes of the base that one protection stands for. */
export interface Claim {
  readonly protection: Protection;
  readonly takes: Omit<ClosingSale, "closeOrderId">;
}

/**
 * Of which protections a sale takes base, the oldest first. A protection whose whole part is sold is taken over; of
 * another one only what would not be there any more. What no protection stands for counts as sold first, so that a sale
 * that ends half-way leaves as much guarded as there is. One over all that is held shrinks with every part of it.
 */
export function claimsOf(before: BeforeSale, sold: Quantity): readonly Claim[] {
  let unclaimed = sold;
  let room = less(before.base === undefined ? ZERO_QUANTITY : totalOf(before.base), sold);
  const parts = before.protections.map((protection) => {
    const left = reachOf(before, protection);
    if (protection.coverage.kind === "holding") return { protection, quantity: sold, isAll: true };
    const quantity = left <= unclaimed ? left : minimum(unclaimed, less(left, room));
    unclaimed = less(unclaimed, quantity);
    room = less(room, less(left, quantity));
    return { protection, quantity, isAll: false };
  });
  let after = unclaimed;
  return parts.flatMap(({ protection, quantity, isAll }): readonly Claim[] => {
    if (quantity === 0n) return [];
    if (isAll) return [{ protection, takes: { after: ZERO_QUANTITY, quantity } }];
    const takes = { after, quantity };
    after = add(after, quantity);
    return [{ protection, takes }];
  });
}

/** What it still covers and no resting sale of its own holds: that one sells another part. */
function reachOf(before: BeforeSale, protection: Protection): Quantity {
  const left = coveredBase({ ...before, protection }).left ?? ZERO_QUANTITY;
  const held = heldBySales(protection).reduce((sum, id) => add(sum, heldBy(before, id)), ZERO_QUANTITY);
  return less(left, held);
}

function heldBy({ orders, ending }: BeforeSale, id: ClientOrderId): Quantity {
  const order = ending.has(id) ? undefined : orders.get(id);
  return order !== undefined && isWorking(order) ? stillToTrade(order) : ZERO_QUANTITY;
}
