import type { App } from "../../app/app.ts";
import { formatDraft } from "../../core/domain/order-grammar.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Order, OrderDraft } from "../../core/domain/order.ts";
import { isUnproven, isWorking } from "../../core/domain/order.ts";
import { executedQuantity } from "../../core/domain/order-execution.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { amountOrNull } from "../output/amounts.ts";
import { UNKNOWN_VALUE } from "../output/table.ts";
import { warningWords } from "../market/tradability-words.ts";
import { usageError } from "../usage-error.ts";
import { protectionPart, storedFills } from "./find-order.ts";
import { explain } from "./explain.ts";
import { ORDER_ARGUMENTS, ORDER_FLAGS, readOrderWords } from "./order-arguments.ts";
import { beforeAnyOrder, bracketFault, deniedFault, placeFault, unknownFault } from "./order-faults.ts";
import { printOrder } from "./order-view.ts";
import type { PlannedOrder } from "./plan-asked.ts";
import { draftToSend, planAsked } from "./plan-asked.ts";
import { lookAt, seekOutcome, waitForEnd, warnOfAnomalies } from "./prove-outcome.ts";

const DEFAULT_WAIT_S = 60;

export const orderPlace = defineCommand({
  path: ["order", "place"],
  summary: "Place an order and wait until its outcome is proven.",
  details: [
    "The order is checked by the risk rules, written to disk, sent once and never again. It ends accepted (0),",
    "denied by a rule (5), rejected by the exchange (6), not sent (7) or unknown (8).",
    "A price like -0.2% is counted from the ask for a buy and from the bid for a sale. What is worked out is",
    "rounded down in size and to the kinder price; numbers you give are taken exactly, unless you say --round.",
    "tp LEVEL[:SHARE] and sl LEVEL sell again what a buy fills, counted from its limit, else from the ask. They are",
    "armed together with the order, and act while some process guards: `tapedeck guard run`, or the screen. One that is",
    "too small to be sold at its level is said at once: a warning, and hindrances in JSON.",
    'JSON: {"schema":"tapedeck.order/1","mode":…,"clientOrderId":…,"state":…,"protection":{"legs":[…],…},"fills":[…]}.',
  ],
  examples: [
    { line: "tapedeck order place buy BTCUSDT 0.001 @ 65000", what: "a limit order of 0.001 BTC" },
    { line: "tapedeck order place buy BTCUSDT 50 usdt", what: "buy for 50 USDT at the market" },
    { line: "tapedeck order place sell ETHUSDT 1 @ 3000 --post-only", what: "only if it rests in the book" },
    { line: "tapedeck order place sell ETHUSDT 1 --wait filled --timeout 30", what: "wait for the end" },
    {
      line: "tapedeck order place buy BTCUSDT 25% @ -0.2%",
      what: "for a quarter of the free USDT, 0.2% below the ask",
    },
    { line: "tapedeck order place buy BTCUSDT 50 usdt @ -0.2% tp +3% sl -1.5%", what: "with exits, once it fills" },
    { line: "tapedeck order place buy BTCUSDT 50 usdt --explain", what: "what would be sent, and why; send nothing" },
  ],
  arguments: ORDER_ARGUMENTS,
  options: [
    ...ORDER_FLAGS,
    {
      flags: "--wait STATE",
      what: "accepted (the outcome is known) or filled (the order has ended)",
      default: "accepted",
    },
    { flags: "--timeout SECONDS", what: "how long --wait filled waits", default: String(DEFAULT_WAIT_S) },
    { flags: "--dry-run", what: "the same as --explain" },
  ],
  next: "tapedeck order ls",
  run: (context) => {
    const { options, signal } = context;
    const words = readOrderWords(context);
    const wait = options.choice("wait", ["accepted", "filled"]) ?? "accepted";
    const seconds = options.seconds("timeout", { min: 0.1, max: 86_400 });
    if (seconds !== undefined && wait !== "filled")
      throw usageError("--timeout bounds --wait filled, and that is not given.", "Add --wait filled.");
    if (options.has("explain") || options.has("dry-run")) return explain(context, words);
    return context.withApp(async (app) => {
      warnOfAnomalies(app, context.print);
      const planned = await beforeAnyOrder(() => planAsked(app, words, "top", signal));
      const { instrument } = planned;
      const offTick = bracketFault(planned, options.has("round"));
      if (offTick !== undefined) return context.fail(offTick.fault, offTick.exitCode);
      const draft = draftToSend(planned, options.has("round"));
      const mind = warningWords(instrument.tradability.warnings);
      if (mind !== undefined) context.print.warn(`${instrument.symbol}: ${mind}`);
      if (!(await confirmed(context, app, formatDraft(draft, instrument, planned.exits), draft))) {
        const fault = { code: "NOT_CONFIRMED", message: "The order was not confirmed.", notDone: "No order was sent." };
        return context.fail(fault, EXIT_CODES.failure);
      }
      return place(
        context,
        app,
        { draft, bracket: planned.bracket },
        wait === "filled" ? (seconds ?? DEFAULT_WAIT_S) * 1_000 : undefined,
      );
    });
  },
});

async function place(
  context: CommandContext,
  app: App,
  wanted: { readonly draft: OrderDraft; readonly bracket: PlannedOrder["bracket"] },
  waitMs: number | undefined,
): Promise<ExitCode> {
  const { io, print, signal, fail } = context;
  const result = await app.placeOrder(wanted.draft, signal, wanted.bracket?.rules);
  if (result.kind === "denied") {
    const { fault, exitCode } = deniedFault(result.denials);
    return fail(fault, exitCode);
  }
  let order = result.order;
  if (isUnproven(order)) {
    print.progress(`The answer proves nothing; looking for order ${order.clientOrderId} at the exchange …`);
    order = await seekOutcome(app, order, signal);
  }
  if (placeFault(order) === undefined) {
    if (waitMs === undefined) order = await lookAt(app, order, signal);
    else {
      print.progress(`Order ${order.clientOrderId} is ${order.state}; waiting for its end …`);
      order = await waitForEnd({ app, io, signal }, order, waitMs);
    }
  }
  const hindrances = wanted.bracket?.hindrances ?? [];
  printOrder(print, order, storedFills(app, order), { part: protectionPart(app, order), hindrances });
  if (isWorthGuarding(order)) for (const { message, hint } of hindrances) print.warn(`${message} ${hint}`);
  if (wanted.bracket !== undefined && isWorthGuarding(order) && !app.guarding.status().isAlive)
    print.warn("Nobody guards, so tp and sl will not sell: start `tapedeck guard run --detach`, or open the screen.");
  return exitOf(context, order, waitMs);
}

/** Has filled, or may. */
function isWorthGuarding(order: Order): boolean {
  return isWorking(order) || executedQuantity(order) > 0n;
}

function exitOf({ signal, fail }: CommandContext, order: Order, waitMs: number | undefined): ExitCode {
  if (signal.aborted) {
    if (isUnproven(order)) return fail(unknownFault(order), EXIT_CODES.interrupted);
    if (placeFault(order) === undefined && isWorking(order)) {
      const id = order.clientOrderId;
      const message = `Interrupted; order ${id} stands at the exchange and is ${order.state}.`;
      const hint = `\`tapedeck order cancel ${id}\` takes it back, \`tapedeck order show ${id}\` looks again.`;
      return fail({ code: "INTERRUPTED", message, hint }, EXIT_CODES.interrupted);
    }
  }
  const told = placeFault(order);
  if (told !== undefined) return fail(told.fault, told.exitCode);
  if (waitMs === undefined || order.state === "filled") return EXIT_CODES.ok;
  const id = order.clientOrderId;
  const message = isWorking(order)
    ? `Order ${id} is still ${order.state} after ${waitMs / 1_000} s, with ${formatMoney(executedQuantity(order))} filled.`
    : `Order ${id} ended ${order.state}, with ${formatMoney(executedQuantity(order))} filled.`;
  const hint = isWorking(order)
    ? `It goes on: \`tapedeck order show ${id}\` looks again, \`tapedeck order cancel ${id}\` takes the rest back.`
    : `See its fills with \`tapedeck order show ${id}\`.`;
  return fail({ code: "NOT_FILLED", message, hint }, EXIT_CODES.partial);
}

/** Real money at a terminal asks once; scripts and invented money do not. */
async function confirmed(
  { io, globals, signal }: CommandContext,
  app: App,
  order: string,
  draft: OrderDraft,
): Promise<boolean> {
  if (app.mode !== "live" || globals.yes || !io.stdinIsTty || !io.err.isTty) return true;
  const seen = amountOrNull(draft.seen?.price) ?? UNKNOWN_VALUE;
  const question = `LIVE order: ${order} (${draft.type}); the other side stands at ${seen}. Send it? [y/N] `;
  return /^y(?:es)?$/i.test((await io.ask(question, signal)).trim());
}
