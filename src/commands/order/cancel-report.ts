import type { CancelReport } from "../../app/safety.ts";
import type { CommandContext } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { FaultView } from "../output/report-fault.ts";
import { orderJson } from "./order-json.ts";
import { ORDER_COLUMNS } from "./order-view.ts";

export function cancelReportJson({ ended, stillOpen, unproven, unread }: CancelReport) {
  return {
    cancelled: ended.filter((order) => order.state === "cancelled").length,
    ended: ended.map(orderJson),
    stillOpen: stillOpen.map(orderJson),
    unknown: unproven.map(orderJson),
    unread: unread ?? null,
    complete: isComplete({ ended, stillOpen, unproven, unread }),
  };
}

export function cancelReportFields({ ended, stillOpen, unproven, unread }: CancelReport) {
  const cancelled = ended.filter((order) => order.state === "cancelled").length;
  const otherwise = ended.length - cancelled;
  return [
    ["cancelled", String(cancelled)],
    ["ended otherwise", otherwise === 0 ? undefined : `${otherwise}: filled, expired or never taken`],
    // No answer is not the answer that there is nothing.
    ["still open", unread === undefined ? String(stillOpen.length) : atLeast(stillOpen.length)],
    ["unknown", unread === undefined ? String(unproven.length) : atLeast(unproven.length)],
  ] as const;
}

function atLeast(known: number): string | undefined {
  return known === 0 ? undefined : `at least ${known}`;
}

/** What remains, a line an order. */
export function remainingLines({ print }: CommandContext, { stillOpen, unproven }: CancelReport): readonly string[] {
  const remaining = [...stillOpen, ...unproven];
  return remaining.length === 0 ? [] : print.table(ORDER_COLUMNS, remaining);
}

function isComplete({ stillOpen, unproven, unread }: CancelReport): boolean {
  return stillOpen.length + unproven.length === 0 && unread === undefined;
}

/** @returns what to say of orders that remain; undefined when none does. What is known to be open is told first. */
export function remainder(
  report: CancelReport,
  { signal }: CommandContext,
): { readonly fault: FaultView; readonly exitCode: ExitCode } | undefined {
  if (isComplete(report)) return undefined;
  const { stillOpen, unproven, unread } = report;
  const notDone = "Do not take the account for flat.";
  const interrupted = signal.aborted ? EXIT_CODES.interrupted : undefined;
  if (stillOpen.length > 0) {
    const message = `${stillOpen.length} of the orders may still trade: their end is not proven.`;
    const hint = "Run it again: that is safe. `tapedeck order ls --open` lists them.";
    return {
      fault: { code: "ORDERS_REMAIN", message, notDone, hint },
      exitCode: interrupted ?? EXIT_CODES.partial,
    };
  }
  const hint = "Run it again: that is safe. `tapedeck doctor` shows the connection.";
  const message =
    unproven.length > 0
      ? `What became of ${unproven.length} ${unproven.length === 1 ? "order" : "orders"} is not proven yet.`
      : `Whether any order is open is not known: ${unread?.message ?? "the exchange was not heard"}`;
  return {
    fault: { code: "CANCEL_UNPROVEN", message, notDone, hint },
    exitCode: interrupted ?? EXIT_CODES.outcomeUnknown,
  };
}
