import type { App, CancelOrderResult } from "../../app/app.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Order } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import { executedQuantity } from "../../core/domain/order-execution.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { FaultView } from "../output/report-fault.ts";
import { readWord } from "../parse/read-word.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { findOrder, orderNotFound, readMarketOption, storedFills } from "./find-order.ts";
import { printOrder } from "./order-view.ts";
import { waitForEnd, warnOfAnomalies } from "./prove-outcome.ts";

const PROOF_TIMEOUT_MS = 10_000;
const NOT_CANCELLED = "Nothing was cancelled.";

export const orderCancel = defineCommand({
  path: ["order", "cancel"],
  summary: "Cancel an order and wait until its end is proven.",
  details: [
    "The exchange's yes only means that it will try; the order may still fill. What is printed is its proven end.",
    "An order that was placed elsewhere is cancelled only after a question, or with --yes: someone else may count on it.",
  ],
  examples: [
    { line: "tapedeck order cancel td-01JD2Q", what: "by the id that placing it printed" },
    { line: "tapedeck order cancel C02__443776347957968896 --symbol BTCUSDT", what: "by the exchange's id" },
  ],
  arguments: [{ name: "ID", what: "our id or the exchange's" }],
  options: [{ flags: "--symbol SYMBOL", what: "its market, for an order this console has never seen" }],
  next: "tapedeck order ls",
  run: (context) => {
    const { args, options, signal } = context;
    const id = readWord(args[0], "order");
    const symbol = readMarketOption(options);
    return context.withApp(async (app) => {
      warnOfAnomalies(app, context.print);
      await app.reconcile(signal);
      const order = await findOrder(app, id, symbol, signal);
      if (order === undefined) throw orderNotFound(id, NOT_CANCELLED);
      if (!(await isMeant(context, order))) return context.fail(notConfirmed(order), EXIT_CODES.failure);
      const result = await app.cancelOrder({ clientOrderId: order.clientOrderId }, signal);
      if (result.kind === "not-found") throw orderNotFound(id, NOT_CANCELLED);
      return tellEnd(context, app, result);
    });
  },
});

/** Whoever placed a foreign order may count on it, so that cancelling it takes a word of its own. */
async function isMeant({ io, globals, signal }: CommandContext, order: Order): Promise<boolean> {
  if (order.origin !== "foreign" || !isWorking(order) || globals.yes) return true;
  if (!io.stdinIsTty || !io.err.isTty) return false;
  const price = order.limitPrice === undefined ? "" : ` @ ${formatMoney(order.limitPrice)}`;
  const question = `${order.clientOrderId} (${order.side} ${order.symbol}${price}) was placed elsewhere. Cancel it? [y/N] `;
  return /^y(?:es)?$/i.test((await io.ask(question, signal)).trim());
}

function notConfirmed(order: Order): FaultView {
  return {
    code: "NOT_CONFIRMED",
    message: `Order ${order.clientOrderId} was placed elsewhere, and nobody confirmed that it is to go.`,
    notDone: NOT_CANCELLED,
    hint: `Add --yes, or take it into care first: \`tapedeck order adopt ${order.clientOrderId}\`.`,
  };
}

async function tellEnd(
  { io, print, signal, fail }: CommandContext,
  app: App,
  result: Exclude<CancelOrderResult, { kind: "not-found" }>,
): Promise<ExitCode> {
  const waits = result.kind === "requested" || result.kind === "unknown";
  if (waits && isWorking(result.order)) print.progress("Asked; waiting for the proof …");
  const order = waits ? await waitForEnd({ app, io, signal }, result.order, PROOF_TIMEOUT_MS) : result.order;
  printOrder(print, order, storedFills(app, order));
  const id = order.clientOrderId;
  if (order.state === "cancelled" && result.kind !== "already-ended") return EXIT_CODES.ok;
  if (result.kind === "rejected" || result.kind === "not-sent") {
    const { code, message } = result.reason;
    const refused = result.kind === "rejected";
    const said = refused ? `The exchange refused the cancel: ${message}` : `The cancel did not leave: ${message}`;
    const hint = `The order is ${order.state}; look with \`tapedeck order show ${id}\`.`;
    return fail(
      { code, message: said, notDone: NOT_CANCELLED, hint },
      refused ? EXIT_CODES.rejected : EXIT_CODES.unavailable,
    );
  }
  if (isWorking(order)) {
    return fail(
      {
        code: "CANCEL_UNPROVEN",
        message: `Whether order ${id} is cancelled is not proven; it shows as ${order.state}.`,
        notDone: "It may still fill.",
        hint: `Look again with \`tapedeck order show ${id}\`, or cancel once more: that is safe.`,
      },
      signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.outcomeUnknown,
    );
  }
  // Asking twice for the same end is no failure.
  if (order.state === "cancelled") return EXIT_CODES.ok;
  return fail({ code: "ORDER_ENDED", message: endedMessage(order), notDone: NOT_CANCELLED }, EXIT_CODES.failure);
}

function endedMessage(order: Order): string {
  const filled = formatMoney(executedQuantity(order));
  return `Order ${order.clientOrderId} had already ended: it is ${order.state}, with ${filled} filled.`;
}
