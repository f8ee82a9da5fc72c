import type { App } from "../../app/app.ts";
import type { CloseResult } from "../../app/closing.ts";
import type { AskedPrice } from "../../core/domain/asked-order.ts";
import { parseAskedPrice } from "../../core/domain/asked-order.ts";
import { keptWords } from "../../core/domain/base-holders.ts";
import type { ClosePlan, WantedClose } from "../../core/domain/closing/plan-close.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Order } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import { executedQuantity } from "../../core/domain/order-execution.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";

import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { findInstrument } from "../market/find-instrument.ts";
import { storedFills } from "../order/find-order.ts";
import { deniedFault, placeFault } from "../order/order-faults.ts";
import { printOrder } from "../order/order-view.ts";
import { warnOfAnomalies } from "../order/prove-outcome.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";
import { closeOrder, printClosePlan, standingWords } from "./close-view.ts";

const NOT_SOLD = "Nothing was sold.";

export const positionClose = defineCommand({
  path: ["position", "close"],
  summary: "Sell a market's position, and take the protections of what was sold away once that is proven.",
  details: [
    "Sells the quantity that `tapedeck position ls` shows. Base that came in another way, as by a deposit, stays, unless",
    "--all is given; selling more than the position is confirmed by typing the market's name, or with --yes.",
    "Protections of entries that may still buy, of resting sales and of base that is not sold stay armed. They are named,",
    "and the exit code is 9; so is what of the position could not be sold, with the order that holds it.",
    "Sells at the market, or with --at as a limit order that may rest: then its protections stay armed, for what it has",
    "not sold; a stop that fires takes it back first. Nothing is sold while an exit of a protection may still sell, nor",
    "when a protection or the position changed since the sale was planned: PROTECTION_CHANGED, POSITION_CHANGED.",
    "What resting sales sell already is not sold again. With --cancel-orders our resting sales and entries of the market",
    "are ended first, and the proof is waited for; never an exit of a protection.",
    'JSON: {"schema":"tapedeck.order/1","mode":…,…}, the order that sold; with --dry-run "tapedeck.close-plan/1".',
  ],
  examples: [
    { line: "tapedeck position close BTCUSDT", what: "sell the position at the market" },
    { line: "tapedeck position close BTCUSDT --at +1%", what: "offer it 1 % above what a sale gets at present" },
    { line: "tapedeck position close BTCUSDT --cancel-orders", what: "take its resting orders back first" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market" }],
  options: [
    { flags: "--at PRICE", what: "a limit: 65000, or a distance from what a sale gets at present" },
    { flags: "--all", what: "sell all base that is free, also what is not in the position" },
    { flags: "--cancel-orders", what: "cancel our resting sales and entries of the market first" },
    { flags: "--dry-run", what: "say what would be done, step by step; do nothing" },
    { flags: "--explain", what: "the same as --dry-run" },
  ],
  next: "tapedeck position ls",
  run: (context) => {
    const { args, options, print, signal } = context;
    const symbol = symbolOf(readWord(args[0], "market"));
    const at = readAt(options.text("at"));
    const wanted: WantedClose = {
      symbol,
      isAll: options.has("all"),
      cancelsOrders: options.has("cancel-orders"),
      ...(at === undefined ? {} : { at }),
    };
    return context.withApp(async (app) => {
      warnOfAnomalies(app, print);
      await findInstrument(app, symbol, signal);
      await app.reconcile(signal);
      const planned = await app.closing.plan(wanted, signal);
      if (planned.kind === "denied") return tellDenied(context, planned.denials, []);
      const { plan } = planned;
      if (options.has("dry-run") || options.has("explain")) {
        printClosePlan(print, plan);
        return EXIT_CODES.ok;
      }
      if (!(await isMeant(context, app, plan))) {
        const fault = { code: "NOT_CONFIRMED", message: "The sale was not confirmed.", notDone: NOT_SOLD };
        return context.fail(fault, EXIT_CODES.failure);
      }
      const result = await app.closing.close(plan, signal);
      switch (result.kind) {
        case "denied":
          return tellDenied(context, result.denials, result.cancelled);
        case "cancel-unproven":
          return tellUnproven(context, result.open);
        case "placed":
          return tellPlaced(context, app, result);
      }
    });
  },
});

function tellPlaced(
  { print, fail }: CommandContext,
  app: App,
  { order, plan, disarmed, standing }: Extract<CloseResult, { kind: "placed" }>,
): ExitCode {
  const { base, symbol } = plan.instrument;
  printOrder(print, order, storedFills(app, order));
  const told = placeFault(order);
  if (told !== undefined) return fail(told.fault, told.exitCode);
  if (order.state !== "filled") {
    const sold = `${formatMoney(executedQuantity(order))} of ${formatMoney(plan.quantity)} ${base}`;
    const message = `Order ${order.clientOrderId} is ${order.state}, with ${sold} sold.`;
    const armed = standing.length;
    const hint =
      armed === 0 ? "See it with `tapedeck order ls`." : `Its ${armed} protections stay armed until it is sold.`;
    if (order.type !== "limit" || !isWorking(order))
      return fail({ code: "NOT_CLOSED", message, hint }, EXIT_CODES.partial);
    print.warn(`${message} ${hint}`);
    return EXIT_CODES.ok;
  }
  for (const { protectionId } of disarmed) print.progress(`Protection ${protectionId} is taken away.`);
  const kept = keptWords(plan.keeps, base);
  if (plan.isWhole && standing.length === 0) {
    if (kept !== "") print.progress(`What stays: ${kept}.`);
    return EXIT_CODES.ok;
  }
  const stays = kept === "" ? "" : ` What stays: ${kept}.`;
  const armed = standing.length === 0 ? "" : ` Protections stay armed: ${standingWords(standing)}.`;
  const message = `Order ${order.clientOrderId} is filled.${stays}${armed}`;
  const hint = plan.isWhole
    ? `\`tapedeck position unprotect ${symbol}\` takes them away; --cancel-orders ends resting sales and entries first.`
    : `Close again for the rest; --cancel-orders ends resting sales of ours first.`;
  return fail({ code: plan.isWhole ? "PROTECTIONS_STAY" : "POSITION_STAYS", message, hint }, EXIT_CODES.partial);
}

function tellDenied(
  { fail }: CommandContext,
  denials: Parameters<typeof deniedFault>[0],
  cancelled: readonly Order[],
): ExitCode {
  const ids = cancelled.map(({ clientOrderId }) => clientOrderId).join(", ");
  const { fault, exitCode } = deniedFault(denials, {
    code: "CLOSE_DENIED",
    message: "rules deny the sale",
    notDone: ids === "" ? NOT_SOLD : `${NOT_SOLD} ${ids} had been cancelled for it.`,
  });
  return fail(fault, exitCode);
}

function tellUnproven({ fail }: CommandContext, open: readonly Order[]): ExitCode {
  const ids = open.map(({ clientOrderId }) => clientOrderId).join(", ");
  const message = `Whether ${ids} are cancelled is not proven.`;
  const hint = "Look with `tapedeck order ls`, then close again.";
  return fail({ code: "CANCEL_UNPROVEN", message, notDone: NOT_SOLD, hint }, EXIT_CODES.outcomeUnknown);
}

function readAt(text: string | undefined): AskedPrice | undefined {
  if (text === undefined) return undefined;
  const asked = parseAskedPrice(text);
  if (asked === undefined)
    throw usageError(`--at takes a price or a distance like +1%, not "${text}".`, "For example --at 65000.");
  return asked;
}

/** More than the position is typed out; real money at a terminal asks once. */
async function isMeant(context: CommandContext, app: App, plan: ClosePlan): Promise<boolean> {
  const { io, globals, signal } = context;
  const { base, symbol } = plan.instrument;
  if (plan.beyondPosition > 0n) {
    const what = `This sells ${formatMoney(plan.quantity)} ${base}, and the position is ${formatMoney(plan.position)}: the rest was not bought here.`;
    await confirmTyped(context, what, symbol);
    return true;
  }
  if (app.mode !== "live" || globals.yes || !io.stdinIsTty || !io.err.isTty) return true;
  return /^y(?:es)?$/i.test((await io.ask(`LIVE order: ${closeOrder(plan)}. Send it? [y/N] `, signal)).trim());
}
