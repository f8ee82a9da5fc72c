import { totalOf } from "../balance.ts";
import type { CoverageView } from "../guarding/covered-base.ts";
import { coveredBase } from "../guarding/covered-base.ts";
import type { ClientOrderId } from "../identifiers.ts";
import type { Quantity } from "../money.ts";
import { formatMoney, less, ZERO_QUANTITY } from "../money.ts";
import { isWorking } from "../order.ts";
import type { Protection } from "../protection.ts";
import { heldBySales } from "../protection.ts";
import { belowLeast } from "../sale-size.ts";

/** A protection that still stands for something, and for what, in words. */
export interface StandingProtection {
  readonly protection: Protection;
  readonly why: string;
}

export interface ProtectionsAfterSale {
  readonly over: readonly Protection[];
  readonly standing: readonly StandingProtection[];
}

/** The account as it was right before the sale. */
export interface BeforeSale extends Omit<CoverageView, "protection"> {
  readonly protections: readonly Protection[];
  /** Orders that are to be counted as ended. */
  readonly ending: ReadonlySet<ClientOrderId>;
}

/** Which protections have nothing left to stand for once so much was sold, the oldest first; the others stay. */
export function protectionsAfterSale(before: BeforeSale, sold: Quantity): ProtectionsAfterSale {
  const held = before.base === undefined ? ZERO_QUANTITY : totalOf(before.base);
  const remains = less(held, sold);
  const isDust = belowLeast(before.instrument, remains) !== undefined;
  const over: Protection[] = [];
  const standing: StandingProtection[] = [];
  let unclaimed = sold;
  for (const protection of before.protections) {
    const works = workingOrder(before, protection);
    const left = coveredBase({ ...before, protection }).left;
    const isSold = protection.coverage.kind !== "holding" && left !== undefined && left <= unclaimed;
    if (works !== undefined) standing.push({ protection, why: works });
    else if (isDust || isSold) {
      over.push(protection);
      unclaimed = less(unclaimed, left ?? ZERO_QUANTITY);
    } else {
      const why = `${formatMoney(remains)} ${before.instrument.base} is still held`;
      standing.push({ protection, why });
    }
  }
  return { over, standing };
}

/** What may still buy what it is to protect, or holds it in a sale. */
function workingOrder({ orders, ending }: BeforeSale, protection: Protection): string | undefined {
  const { coverage } = protection;
  const isAtWork = (id: ClientOrderId): boolean => {
    const order = ending.has(id) ? undefined : orders.get(id);
    return order !== undefined && isWorking(order);
  };
  if (coverage.kind === "entry" && isAtWork(coverage.clientOrderId)) {
    return `its entry ${coverage.clientOrderId} may still buy`;
  }
  const sale = heldBySales(protection).find(isAtWork);
  return sale === undefined ? undefined : `its sale ${sale} still rests`;
}
