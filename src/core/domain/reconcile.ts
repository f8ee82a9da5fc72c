import type { Balance } from "./balance.ts";
import type { Difference } from "./difference.ts";
import type { ClientOrderId, Timestamp } from "./identifiers.ts";
import { formatMoney } from "./money.ts";
import type { Order, OrderReport } from "./order.ts";
import { isWorking } from "./order.ts";
import { executedQuantity, missingFills } from "./order-execution.ts";
import { applyOrderEvent } from "./order-lifecycle.ts";
import type { TradingLedger } from "./trading-ledger.ts";
import { keyFor } from "./trading-ledger.ts";

/** What the exchange says of the account at one moment. */
export interface AccountView {
  readonly balances: readonly Balance[];
  readonly openOrders: readonly OrderReport[];
  /** When the open orders were asked for, by our clock. What we heard since may be news to that list. */
  readonly askedAt: Timestamp;
}

/** A list is this far behind the newest news at most. */
const LIST_LAG_MS = 5_000;
const MINTED_ID = /^td[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Where our record and the exchange's view of it say different things, each with what is to be done about it. Pure; what
 * the store knows of the listed orders has to be in the ledger.
 */
export function diffAccount(ledger: TradingLedger, view: AccountView): readonly Difference[] {
  const listed = new Set(view.openOrders.map((report) => keyFor(ledger, report)));
  return [
    ...diffBalances(ledger, view.balances),
    ...view.openOrders.flatMap((report) => diffListed(ledger, report, view.askedAt)),
    ...[...ledger.orders.values()].flatMap((order) => diffUnlisted(order, listed)),
  ];
}

/** A first snapshot differs from nothing. An asset that a snapshot leaves out is empty. */
function diffBalances(ledger: TradingLedger, balances: readonly Balance[]): readonly Difference[] {
  if (ledger.balances.size === 0) return [];
  const takenAt = balances.reduce((latest, balance) => Math.max(latest, balance.at), 0);
  const theirs = new Map(balances.map((balance) => [balance.asset, balance]));
  return [...new Set([...ledger.balances.keys(), ...theirs.keys()])].flatMap((asset) => {
    const held = ledger.balances.get(asset);
    if (held !== undefined && held.at > takenAt) return [];
    const [ours, told] = [balanceWords(held), balanceWords(theirs.get(asset))];
    return ours === told ? [] : [{ kind: "balance-differs", action: "adopt", subject: asset, ours, theirs: told }];
  });
}

function balanceWords(balance: Balance | undefined): string {
  return `${formatMoney(balance?.free ?? (0n as Balance["free"]))} free, ${formatMoney(balance?.locked ?? (0n as Balance["locked"]))} locked`;
}

function diffListed(ledger: TradingLedger, report: OrderReport, askedAt: Timestamp): readonly Difference[] {
  const key = keyFor(ledger, report);
  const about = { subject: key, symbol: report.symbol, theirs: reportWords(report) };
  const held = ledger.orders.get(key);
  const twin = firstOfTwo(ledger, report);
  if (twin !== undefined && (held === undefined || held.origin === "foreign")) {
    const ours = `${twin.clientOrderId} is order ${twin.orderId ?? "—"}`;
    return [{ ...about, kind: "second-order", action: "cancel", ours }];
  }
  if (held === undefined) {
    const isMinted = report.clientOrderId !== undefined && MINTED_ID.test(report.clientOrderId);
    return [{ ...about, kind: isMinted ? "order-missing-here" : "foreign-seen", action: "adopt" }];
  }

  const isSettled = held.updatedAt < askedAt - LIST_LAG_MS;
  const ours = orderWords(held);
  if (!isWorking(held) && held.orderId !== undefined && held.state !== "rejected" && held.state !== "denied") {
    return [{ ...about, kind: "state-differs", action: isSettled ? "investigate" : "ignore", ours }];
  }
  const differences: Difference[] = [];
  const event = { type: "order-reported", clientOrderId: key, report, source: "reconcile" } as const;
  const next = applyOrderEvent(held, event, askedAt).order;
  if (next.state !== held.state || next.reportedQuantity !== held.reportedQuantity) {
    differences.push({ ...about, kind: "state-differs", action: "adopt", ours });
  }
  if (missingFills(next) > 0n) differences.push(lacksFills(next));
  if (isSettled && held.filledQuantity > report.executedQuantity) {
    differences.push({
      ...about,
      kind: "fill-unknown-there",
      action: "investigate",
      ours: `${formatMoney(held.filledQuantity)} filled`,
    });
  }
  return differences;
}

/** The order of ours whose client id another order bears, too. Whoever adopts the second one has accepted it. */
function firstOfTwo(ledger: TradingLedger, report: OrderReport): Order | undefined {
  const named = report.clientOrderId === undefined ? undefined : ledger.orders.get(report.clientOrderId);
  return named?.origin === "own" && named.orderId !== undefined && named.orderId !== report.orderId ? named : undefined;
}

/** Whatever we hold as working and the exchange does not list has ended, was never taken, or is on its way. */
function diffUnlisted(order: Order, listed: ReadonlySet<ClientOrderId>): readonly Difference[] {
  if (listed.has(order.clientOrderId)) return [];
  const about = { subject: order.clientOrderId, symbol: order.symbol, ours: orderWords(order) };
  if (order.state === "submitted" || order.state === "unknown") {
    const kind = order.orderId === undefined ? "outcome-unknown" : "order-vanished";
    return [{ ...about, kind, action: "investigate" }];
  }
  if (isWorking(order)) return [{ ...about, kind: "order-missing-there", action: "investigate" }];
  return missingFills(order) > 0n ? [lacksFills(order)] : [];
}

function lacksFills(order: Order): Difference {
  return {
    kind: "fill-missing-here",
    action: "adopt",
    subject: order.clientOrderId,
    symbol: order.symbol,
    ours: `fills of ${formatMoney(order.filledQuantity)}`,
    theirs: `${formatMoney(order.reportedQuantity)} executed`,
  };
}

export function orderWords(order: Order): string {
  return `${order.state}, ${formatMoney(executedQuantity(order))} filled`;
}

function reportWords(report: OrderReport): string {
  return `${report.status}, ${formatMoney(report.executedQuantity)} filled`;
}
