import { safeText } from "../../core/domain/safe-text.ts";
import { confirmTyped } from "../confirm.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";
import { findStoredOrder, orderNotFound, storedFills } from "./find-order.ts";
import { printOrder, STATE_WORDS } from "./order-view.ts";
import { warnOfAnomalies } from "./prove-outcome.ts";

const NOT_WRITTEN_OFF = "Nothing was written off.";
const LONGEST_REASON = 200;

export const orderWriteOff = defineCommand({
  path: ["order", "write-off"],
  summary: "End an order whose outcome the exchange can prove no more, by your word.",
  details: [
    "For an order that the exchange acknowledged and then shows nowhere. It is asked for once more, by name, among the open",
    "orders, the orders and the executions; only when none of them shows it, and the list of orders (seven days) no longer",
    "reaches back to it, is it written off, with the answers and your reason in the journal. From then on it is shown as",
    "written off, never as filled, cancelled or failed, and is no exposure any more. Nothing is sent. Should the exchange",
    "show it after all, its word counts. Whatever it may have bought or sold shows in the balances: `tapedeck reconcile`.",
  ],
  examples: [
    {
      line: 'tapedeck order write-off td-01JD2Q --reason "support: no record of it" --yes',
      what: "what `tapedeck reconcile` calls vanished, after a week",
    },
  ],
  arguments: [{ name: "ID", what: "our id or the exchange's" }],
  options: [{ flags: "--reason TEXT", what: "why; it stands in the journal and beside the order" }],
  next: "tapedeck reconcile",
  run: (context) => {
    const { args, options, print, signal, fail } = context;
    const id = readWord(args[0], "order");
    const words = safeText((options.text("reason") ?? "").trim(), LONGEST_REASON);
    if (words === "") {
      const hint = 'Say what makes you sure: --reason "support: no record of it".';
      throw usageError("--reason is missing, and the journal has to say why.", hint);
    }
    return context.withApp(async (app) => {
      warnOfAnomalies(app, print);
      await app.reconcile(signal);
      const order = findStoredOrder(app, id);
      if (order === undefined) throw orderNotFound(id, NOT_WRITTEN_OFF);
      await confirmTyped(
        context,
        `Order ${order.clientOrderId} (${order.side} ${order.symbol}) would be ended although its outcome was never proven.`,
        "write off",
      );
      const result = await app.writeOffOrder(order.clientOrderId, words, signal);
      if (result.kind === "not-found") throw orderNotFound(id, NOT_WRITTEN_OFF);
      printOrder(print, result.order, storedFills(app, result.order));
      const shown = `tapedeck order show ${result.order.clientOrderId}`;
      switch (result.kind) {
        case "written-off":
          return EXIT_CODES.ok;
        case "ended": {
          // Asking twice for the same is no failure.
          if (result.order.state === "written-off") return EXIT_CODES.ok;
          const message = `Order ${result.order.clientOrderId} has ended: it is ${result.order.state}.`;
          return fail({ code: "ORDER_ENDED", message, notDone: NOT_WRITTEN_OFF }, EXIT_CODES.failure);
        }
        case "shown": {
          const { state } = result.order;
          const message = `The exchange shows order ${result.order.clientOrderId}: it is ${STATE_WORDS[state]}.`;
          const hint = `Look with \`${shown}\`.`;
          return fail({ code: "ORDER_SHOWN", message, notDone: NOT_WRITTEN_OFF, hint }, EXIT_CODES.failure);
        }
        case "too-early": {
          const message = `The exchange may still tell what became of order ${result.order.clientOrderId}: until ${isoTime(result.until)} its lists reach back to it.`;
          const hint = `Look with \`${shown}\`, ask the exchange's support, and try again then.`;
          return fail({ code: "EVIDENCE_MAY_COME", message, notDone: NOT_WRITTEN_OFF, hint }, EXIT_CODES.failure);
        }
      }
    });
  },
});
