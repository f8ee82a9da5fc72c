import type { Ledger } from "../e2e/program.ts";

/** An order as the console tells it, as far as it is held against the exchange's ledger. */
export interface HeldOrder {
  readonly clientOrderId: string;
  readonly orderId: string | null;
  readonly state: string;
  readonly filledQuantity: string;
}

const PROVEN: Readonly<Record<string, string>> = {
  NEW: "open",
  PARTIALLY_FILLED: "partially-filled",
  FILLED: "filled",
  CANCELED: "cancelled",
  PARTIALLY_CANCELED: "cancelled",
};
/** What nobody has proven yet may be anything. */
const UNPROVEN: ReadonlySet<string> = new Set(["submitted", "unknown", "cancelling"]);
export function isUnproven({ state }: Pick<HeldOrder, "state">): boolean {
  return UNPROVEN.has(state);
}

/** How an order ends that never was on the exchange. */
const NEVER_THERE: ReadonlySet<string> = new Set(["expired", "denied", "rejected"]);

/**
 * Where a console's orders and the exchange's are not the same: an order doubled, lost, invented, or shown as what it is
 * not. In words; empty when nothing is wrong.
 */
export function orderDifferences({ orders: theirs }: Ledger, ours: readonly HeldOrder[]): readonly string[] {
  const found: string[] = [];
  const byOrderId = new Map(ours.flatMap((order) => (order.orderId === null ? [] : [[order.orderId, order]])));
  const byClientId = new Map(ours.map((order) => [order.clientOrderId, order]));
  const seen = new Set<string>();
  const met = new Set<HeldOrder>();
  for (const their of theirs) {
    if (seen.has(their.clientOrderId)) found.push(`doubled: ${their.clientOrderId}`);
    seen.add(their.clientOrderId);
    const our = byOrderId.get(their.orderId) ?? byClientId.get(their.clientOrderId);
    if (our !== undefined) met.add(our);
    if (our === undefined) found.push(`lost: ${their.clientOrderId}, which is ${their.status} there`);
    else if (isUnproven(our)) continue;
    else if (our.state !== PROVEN[their.status])
      found.push(`guessed: ${our.clientOrderId} is ${our.state} here and ${their.status} there`);
    else if (our.filledQuantity !== their.executedQuantity)
      found.push(`lost fills: ${our.clientOrderId} has ${our.filledQuantity} here and ${their.executedQuantity} there`);
  }
  for (const our of ours)
    if (!met.has(our) && !isUnproven(our) && !NEVER_THERE.has(our.state))
      found.push(`invented: ${our.clientOrderId} is ${our.state} here and unknown there`);
  return found;
}
