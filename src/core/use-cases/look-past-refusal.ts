import type { ClientOrderId } from "../domain/identifiers.ts";
import { isUnproven } from "../domain/order.ts";
import type { OrderReason } from "../domain/order.ts";
import { heldOrder } from "./held-order.ts";
import { nameOf } from "./refresh-order.ts";
import type { TradingContext } from "./trading-context.ts";

/** The exchange may take a moment to show what it has just booked. */
const SECOND_LOOK_MS = 400;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 2_000;
/** Where looks go on failing, the proof by absence takes over: it holds from sixteen seconds after the intent on. */
const LOOKS_FOR_MS = 12_000;

/**
 * The refusal we were told may be of a second delivery, and the first one stand: the exchange is asked for the order.
 * Two looks that find none make the refusal good. While none can be had the outcome is unknown, and said to be: a pause
 * that the exchange asked for passes, and what it answers then is as good as before.
 *
 * Nothing here follows from how much time has passed, so our clock may be off by any amount.
 */
export async function lookPastRefusal(
  context: TradingContext,
  clientOrderId: ClientOrderId,
  reason: OrderReason,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context;
  const givesUpAt = clock.monotonic() + LOOKS_FOR_MS;
  let retryMs = FIRST_RETRY_MS;
  let misses = 0;
  // Any other word of it, by the stream or by another who asks, is better than the refusal.
  for (let order = heldOrder(context, clientOrderId); isUnproven(order); order = heldOrder(context, clientOrderId)) {
    try {
      const lookup = await context.accountData.findOrder(nameOf(order), signal, "any");
      if (lookup.kind === "found") {
        context.publish([{ type: "order-reported", clientOrderId, report: lookup.report, source: "query" }]);
        return;
      }
      misses += 1;
      if (misses > 1) {
        if (isUnproven(heldOrder(context, clientOrderId)))
          context.publish([{ type: "order-rejected", clientOrderId, reason }]);
        return;
      }
      await clock.sleep(SECOND_LOOK_MS, signal);
    } catch {
      if (heldOrder(context, clientOrderId).state === "submitted")
        context.publish([{ type: "order-outcome-unknown", clientOrderId, reason }]);
      if (signal.aborted || clock.monotonic() >= givesUpAt) return;
      await clock.sleep(retryMs, signal).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }
}
