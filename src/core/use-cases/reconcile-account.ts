import { isUnproven } from "../domain/order.ts";
import type { Balance } from "../domain/balance.ts";
import type { Difference, SettledDifference } from "../domain/difference.ts";
import { differenceKey } from "../domain/difference.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { ClientOrderId } from "../domain/identifiers.ts";
import { clientOrderId } from "../domain/identifiers.ts";
import type { AccountView } from "../domain/reconcile.ts";
import { diffAccount } from "../domain/reconcile.ts";
import { endLapsedCancel } from "./lapsed-cancel.ts";
import { seekManyProofs } from "./seek-many-proofs.ts";
import { settleDifference } from "./settle-difference.ts";
import type { TradingContext } from "./trading-context.ts";

export interface ReconcileSummary {
  /** As they were before anything else was asked: whatever is filled up to then is listed by now. */
  readonly takenBalances: readonly Balance[];
  readonly ordersChecked: number;
  readonly fillsAdded: number;
  /** Orders placed elsewhere that came to light. */
  readonly foreignFound: number;
  /** Orders whose outcome is still not proven, with how they stand. */
  readonly unresolved: readonly ClientOrderId[];
  /** What was found to differ, and how each ended; what an earlier round had left open and is there no more, too. */
  readonly differences: readonly SettledDifference[];
}

/** Asks and compares; changes nothing. @throws AppError when the exchange gives no usable answer. */
export async function compareAccount(context: TradingContext, signal: AbortSignal): Promise<readonly Difference[]> {
  return diffAccount(context.ledger(), await viewAccount(context, signal));
}

/**
 * Makes our record agree with the exchange's: finds where the two differ, takes over what the exchange lists, settles the
 * rest one by one, and journals each step. Unlocks trading when it ends well. Unproven orders stay unproven and visible;
 * they do not block the rest.
 * @throws AppError when the exchange gives no usable answer; trading stays as locked as it was.
 */
export async function reconcileAccount(context: TradingContext, signal: AbortSignal): Promise<ReconcileSummary> {
  const view = await viewAccount(context, signal);
  const held = new Set(context.ledger().fills.keys());
  const found = diffAccount(context.ledger(), view);
  context.publish([
    ...found.map((difference): DomainEvent => ({ type: "difference-found", difference })),
    { type: "balances-replaced", balances: view.balances },
    ...view.openOrders.map((report): DomainEvent => {
      return { type: "order-reported", clientOrderId: context.keyOf(report), report, source: "reconcile" };
    }),
  ]);
  for (const report of view.openOrders) endLapsedCancel(context, context.keyOf(report), report, view.askedAt);

  const differences: SettledDifference[] = [];
  const listed = await seekManyProofs(context, signal);
  for (const difference of found) {
    const settled = await settleDifference(context, difference, listed, signal);
    context.publish([{ type: "difference-settled", difference: settled }]);
    differences.push(settled);
  }
  const gone = noLongerThere(context, found);
  context.publish(gone.map((difference): DomainEvent => ({ type: "difference-settled", difference })));

  const unresolved = [...context.ledger().orders.values()].filter(isUnproven).map((order) => order.clientOrderId);
  const fillsAdded = [...context.ledger().fills.keys()].filter((id) => !held.has(id)).length;
  const ordersChecked = view.openOrders.length;
  context.publish([{ type: "reconcile-finished", ordersChecked, fillsAdded, unresolved: unresolved.length }]);
  const foreignFound = found.filter(({ kind }) => kind === "foreign-seen" || kind === "order-missing-here").length;
  const takenBalances = view.balances;
  return { takenBalances, ordersChecked, fillsAdded, foreignFound, unresolved, differences: [...differences, ...gone] };
}

async function viewAccount(context: TradingContext, signal: AbortSignal): Promise<AccountView> {
  const balances = await context.accountData.fetchBalances(signal);
  const askedAt = context.clock.now();
  const openOrders = await context.accountData.fetchOpenOrders(undefined, signal);
  // What the store knows of the listed orders has to be in the ledger before the two are compared.
  for (const report of openOrders) {
    context.keyOf(report);
    if (report.clientOrderId !== undefined) context.recall(report.clientOrderId);
  }
  return { balances, openOrders, askedAt };
}

/** A single fill, which only the lists of its market can settle, or an amount that only the proof of the balances can. */
function isOfLists(context: TradingContext, { kind, subject }: Difference): boolean {
  if (kind === "balance-unexplained") return true;
  return kind === "fill-unknown-there" && context.recall(clientOrderId(subject)) === undefined;
}

/** Differences that an earlier round left open and this one did not meet again. */
function noLongerThere(context: TradingContext, found: readonly Difference[]): readonly SettledDifference[] {
  const met = new Set(found.map(differenceKey));
  return [...context.ledger().differences.values()]
    .filter((open) => !isOfLists(context, open) && !met.has(differenceKey(open)))
    .map((open) => ({ ...open, outcome: "settled", result: "the two agree by now" }));
}
