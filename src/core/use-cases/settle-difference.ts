import type { Difference, DifferenceOutcome, SettledDifference } from "../domain/difference.ts";
import type { ClientOrderId } from "../domain/identifiers.ts";
import { clientOrderId } from "../domain/identifiers.ts";
import type { Order } from "../domain/order.ts";
import { isUnproven, isWorking } from "../domain/order.ts";
import { missingFills } from "../domain/order-execution.ts";
import { orderWords } from "../domain/reconcile.ts";
import { fetchMissingFills, refreshOrder } from "./refresh-order.ts";
import { seekProof } from "./resolve-unknown-order.ts";
import type { TradingContext } from "./trading-context.ts";

export const ORDER_VANISHED = {
  code: "ORDER_VANISHED",
  message: "The exchange acknowledged this order and now shows no trace of it.",
} as const;

/** Fills trail their order by about a second; after this long something else is wrong. */
const FILLS_OVERDUE_MS = 60_000;

/**
 * Does what a difference calls for, after the exchange's list has been taken over, and says how it ended.
 * @param listed markets whose orders have just been listed for the unproven ones among them
 * @throws AppError when the exchange gives no usable answer.
 */
export async function settleDifference(
  context: TradingContext,
  difference: Difference,
  listed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<SettledDifference> {
  const ended = (outcome: DifferenceOutcome, result: string): SettledDifference => ({ ...difference, outcome, result });
  const key = clientOrderId(difference.subject);
  switch (difference.kind) {
    case "balance-differs":
      return ended("settled", "theirs was taken over");
    // Only the proof of the balances finds these, and says itself how they end.
    case "transfer-seen":
    case "balance-unexplained":
      return ended("ignored", "told by the proof of the balances");
    case "foreign-seen":
    case "order-missing-here":
      await fetchMissingFills(context, key, signal);
      return ended("settled", `held as ${context.recall(key)?.origin ?? "foreign"} from now on`);
    case "second-order": {
      const second = context.recall(key);
      if (second !== undefined && !isWorking(second))
        return ended("settled", `it ended by itself: ${orderWords(second)}`);
      return ended("needs-person", "it stands; whoever did not want it has to cancel it");
    }
    case "state-differs":
      return settleState(context, difference, key, signal);
    case "fill-missing-here":
      await fetchMissingFills(context, key, signal);
      return afterFills(context, difference, key);
    case "fill-unknown-there":
      return ended("needs-person", "the exchange lists less than our fills show; nothing of ours was dropped");
    case "order-missing-there": {
      if ((await refreshOrder(context, key, signal)) === "found") return ended("settled", stateNow(context, key));
      context.publish([{ type: "order-vanished", clientOrderId: key, reason: ORDER_VANISHED }]);
      return ended("needs-person", "the exchange shows no trace of it; it counts as unknown");
    }
    case "order-vanished":
    case "outcome-unknown": {
      const isListed = difference.kind === "outcome-unknown" && listed.has(difference.symbol ?? "");
      if (!isListed) await seekProof(context, key, signal);
      const order = context.recall(key);
      if (order === undefined || !isUnproven(order)) return ended("settled", stateNow(context, key));
      return order.reason?.code === ORDER_VANISHED.code
        ? ended("needs-person", "the exchange shows no trace of it; it counts as unknown")
        : ended("waiting", "the exchange may still take it; it is asked again");
    }
  }
}

async function settleState(
  context: TradingContext,
  difference: Difference,
  key: ClientOrderId,
  signal: AbortSignal,
): Promise<SettledDifference> {
  if (difference.action === "ignore") {
    return { ...difference, outcome: "ignored", result: "the list is older than what we have heard since" };
  }
  if (difference.action === "adopt") return { ...difference, outcome: "settled", result: stateNow(context, key) };
  const before = context.recall(key);
  if (before === undefined) return { ...difference, outcome: "settled", result: "it is not held any more" };
  const lookup = await context.accountData.findOrder(
    { symbol: before.symbol, ...(before.orderId === undefined ? {} : { orderId: before.orderId }) },
    signal,
  );
  const isOpenThere =
    lookup.kind === "found" && (lookup.report.status === "open" || lookup.report.status === "partially-filled");
  return isOpenThere
    ? { ...difference, outcome: "needs-person", result: `we hold it as ${before.state}, and the exchange has it open` }
    : { ...difference, outcome: "settled", result: `asked by name, the exchange agrees that it is ${before.state}` };
}

function afterFills(context: TradingContext, difference: Difference, key: ClientOrderId): SettledDifference {
  const order = context.recall(key);
  if (order === undefined || missingFills(order) === 0n) {
    return { ...difference, outcome: "settled", result: "its fills were brought" };
  }
  return context.clock.now() - order.updatedAt < FILLS_OVERDUE_MS
    ? { ...difference, outcome: "waiting", result: "its fills are not listed yet" }
    : { ...difference, outcome: "needs-person", result: "the exchange lists no fills for what it executed" };
}

function stateNow(context: TradingContext, key: ClientOrderId): string {
  const order: Order | undefined = context.recall(key);
  return order === undefined ? "not held" : `now ${orderWords(order)}`;
}
