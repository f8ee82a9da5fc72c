import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { readWord } from "../parse/read-word.ts";
import { findOrder, orderNotFound, readMarketOption, storedFills } from "./find-order.ts";
import { printOrder } from "./order-view.ts";
import { warnOfAnomalies } from "./prove-outcome.ts";

const NOT_ADOPTED = "Nothing was adopted.";

export const orderAdopt = defineCommand({
  path: ["order", "adopt"],
  summary: "Put an order that was placed elsewhere into this console's care.",
  details: [
    "An order from the web or another tool is shown as foreign. Once adopted it is treated like an order placed here:",
    "it may be protected, and is cancelled without a question. Nothing is sent to the exchange.",
  ],
  examples: [
    { line: "tapedeck order adopt x-C02__443776347957968896", what: "as `order ls` names it" },
    { line: "tapedeck order adopt C02__443776347957968896 --symbol BTCUSDT", what: "by the exchange's id" },
  ],
  arguments: [{ name: "ID", what: "our id or the exchange's" }],
  options: [{ flags: "--symbol SYMBOL", what: "its market, for an order this console has never seen" }],
  next: "tapedeck order ls",
  run: ({ args, options, print, signal, fail, withApp }) => {
    const id = readWord(args[0], "order");
    const symbol = readMarketOption(options);
    return withApp(async (app) => {
      warnOfAnomalies(app, print);
      await app.reconcile(signal);
      const order = await findOrder(app, id, symbol, signal);
      if (order === undefined) throw orderNotFound(id, NOT_ADOPTED);
      const result = app.adoptOrder(order.clientOrderId);
      if (result.kind === "not-found") throw orderNotFound(id, NOT_ADOPTED);
      printOrder(print, result.order, storedFills(app, result.order));
      if (result.kind === "ended") {
        const message = `Order ${result.order.clientOrderId} has ended: it is ${result.order.state}.`;
        return fail({ code: "ORDER_ENDED", message, notDone: NOT_ADOPTED }, EXIT_CODES.failure);
      }
      // Asking twice for the same is no failure.
      if (result.kind === "ours") print.progress("It is in this console's care already.");
      return EXIT_CODES.ok;
    });
  },
});
