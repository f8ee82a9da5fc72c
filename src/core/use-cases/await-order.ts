import type { ClientOrderId } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { isUnproven, isWorking } from "../domain/order.ts";
import { heldOrder } from "./place-order.ts";
import { seekProof } from "./resolve-unknown-order.ts";
import type { TradingContext } from "./trading-context.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;

/** What has to be known of an order: that the exchange took it or never will, or that it can no longer trade. */
export type Awaited = "outcome" | "end";

/**
 * Asks the exchange, with growing pauses, until that is proven, the time is over or the signal aborts. A question that
 * fails proves nothing and is asked again.
 * @returns the order as it then stands.
 */
export async function awaitOrder(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  awaited: Awaited,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Order> {
  const { clock } = context;
  const deadline = clock.monotonic() + timeoutMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    if (isKnown(heldOrder(context, clientOrderId), awaited) || signal.aborted) break;
    try {
      await seekProof(context, clientOrderId, signal);
    } catch {
      // The exchange did not answer: nothing is proven, and the order stays as it is.
    }
    const leftMs = deadline - clock.monotonic();
    if (isKnown(heldOrder(context, clientOrderId), awaited) || leftMs <= 0) break;
    try {
      await clock.sleep(Math.min(waitMs, leftMs), signal);
    } catch {
      break;
    }
  }
  return heldOrder(context, clientOrderId);
}

function isKnown(order: Order, awaited: Awaited): boolean {
  return awaited === "end" ? !isWorking(order) : !isUnproven(order);
}
